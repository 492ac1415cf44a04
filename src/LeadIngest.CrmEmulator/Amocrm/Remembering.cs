using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Gives the account a past: cards as they stand now, and all that happened to them in the events, without webhooks.</summary>
internal sealed partial class Account
{
    private static readonly string[] TouchKinds = ["call_in", "call_out", "chat_in", "chat_out"];

    public string? Remember(JsonObject given)
    {
        Past past;
        try
        {
            past = given.Deserialize<Past>(Past.Wire)!;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
        lock (Gate)
        {
            if (Fault(past) is { } why)
                return why;
            SetUp(past);
            var events = new List<EventRow>();
            foreach (var product in past.Products)
            {
                Goods.Take(product.Id);
                Goods.PutBack(new CatalogElement(product.Id, product.Name, product.Price));
            }
            foreach (var contact in past.Contacts)
                Remember(contact, events);
            foreach (var deal in past.Deals)
                Remember(deal, events);
            foreach (var task in past.Tasks)
                Remember(task);
            // The log is told newest first, by its order: the past goes before what happened since.
            foreach (var row in events.OrderBy(e => e.CreatedAt))
                Record(row.Type, row.Kind, row.EntityId, row.CreatedBy, row.AfterJson, row.BeforeJson, row.CreatedAt);
            var all = Events.OrderBy(e => e.CreatedAt).ToList();
            Events.Clear();
            Events.AddRange(all);
            return null;
        }
    }

    private void SetUp(Past past)
    {
        Directory = Directory with
        {
            Users = [.. Directory.Users, .. past.Users.Where(u => !Directory.HasUser(u.Id)).Select(u => new User(u.Id, u.Name, $"user{u.Id}@emulator.local", false))],
            LossReasons = [.. Directory.LossReasons, .. past.LossReasons.Where(r => !Array.Exists(Directory.LossReasons, k => k.Id == r.Id)).Select(r => (r.Id, r.Name))],
        };
        foreach (var field in past.Fields.Where(f => FieldsOf(Kind.Lead).Find(f.Code) is null))
            OwnFieldsOf(Kind.Lead).Add(field.Name, field.Code, "text", isApiOnly: true, []);
    }

    private void Remember(PastContact given, List<EventRow> events)
    {
        Contacts.Take(given.Id);
        var person = new Person { Id = given.Id, Kind = Kind.Contact, Born = DateTimeOffset.FromUnixTimeSeconds(given.CreatedAt), Name = given.Name, FirstName = given.Name };
        (person.CreatedAt, person.UpdatedAt, person.ResponsibleUserId) = (given.CreatedAt, given.CreatedAt, given.ResponsibleUserId ?? Directory.Users[0].Id);
        person.Fields = [.. new[] { Reach("PHONE", given.Phone), Reach("EMAIL", given.Email) }.OfType<FieldValues>()];
        Contacts.PutBack(person);
        Search.Index(this, person);
        events.Add(new EventRow(0, "contact_added", Kind.Contact, given.Id, 0, given.CreatedAt, null, null));

        FieldValues? Reach(string code, string? value) => value is not null && FieldsOf(Kind.Contact).Find(code) is { } field ? new FieldValues(field, [new FieldItem(value, field.Enums[0])]) : null;
    }

    private void Remember(PastDeal given, List<EventRow> events)
    {
        Leads.Take(given.Id);
        var lead = new Lead { Id = given.Id, Kind = Kind.Lead, Born = DateTimeOffset.FromUnixTimeSeconds(given.CreatedAt), Name = given.Name, PipelineId = given.PipelineId, StatusId = given.StatusId, Price = given.Price };
        (lead.CreatedAt, lead.UpdatedAt, lead.CreatedBy, lead.UpdatedBy, lead.ResponsibleUserId) = (given.CreatedAt, given.CreatedAt, given.CreatedBy, given.CreatedBy, given.ResponsibleUserId);
        lead.Fields = [.. given.Fields.Select(f => (Field: FieldsOf(Kind.Lead).Find(f.Key), f.Value)).Where(f => f.Field is not null).Select(f => new FieldValues(f.Field!, [new FieldItem(f.Value, null)]))];
        lead.Products = [.. given.Products.Select(p => (p.Id, p.Quantity))];
        Happened("lead_added", given.CreatedAt, given.CreatedBy);
        foreach (var move in given.Moves.OrderBy(m => m.At))
        {
            var pipeline = move.PipelineId ?? lead.PipelineId;
            Happened("lead_status_changed", move.At, move.By, Store.StatusJson(move.StatusId, pipeline), Store.StatusJson(lead.StatusId, lead.PipelineId));
            (lead.StatusId, lead.PipelineId) = (move.StatusId, pipeline);
            lead.ClosedAt = move.StatusId is Amocrm.Directory.Won or Amocrm.Directory.Lost ? move.At : null;
            Changed(move.At, move.By);
        }
        foreach (var price in given.Prices.OrderBy(p => p.At))
        {
            Happened("sale_field_changed", price.At, price.By, Store.SaleJson(price.Price), Store.SaleJson(lead.Price));
            lead.Price = price.Price;
            Changed(price.At, price.By);
        }
        lead.LossReasonId = lead.StatusId == Amocrm.Directory.Lost ? given.LossReasonId : null;
        Leads.PutBack(lead);
        Search.Index(this, lead);
        foreach (var (contact, index) in given.ContactIds.Select((c, i) => (c, i)))
            Store.LinkContact(this, lead, contact, isMain: index == 0);
        foreach (var touch in given.Touches)
            Touched(touch);

        void Happened(string type, long at, long by, string? after = null, string? before = null) => events.Add(new EventRow(0, type, Kind.Lead, lead.Id, by, at, after, before));

        void Changed(long at, long by)
        {
            if (at >= lead.UpdatedAt)
                (lead.UpdatedAt, lead.UpdatedBy) = (at, by);
        }

        void Touched(PastTouch touch)
        {
            if (touch.Kind is "chat_in" or "chat_out")
            {
                Happened(touch.Kind == "chat_in" ? "incoming_chat_message" : "outgoing_chat_message", touch.At, touch.By, $$"""[{"message":{"id":"{{lead.Id}}-{{touch.At}}"} }]""");
                return;
            }
            var parameters = new JsonObject { ["uniq"] = $"{lead.Id}-{touch.At}", ["duration"] = touch.Seconds, ["source"] = "pbx", ["phone"] = touch.Phone ?? "" };
            var note = new Note(Notes.NextId(), Kind.Lead, lead.Id, touch.Kind, parameters.ToJsonString(), touch.By, touch.By, touch.At);
            Notes.Add(note);
            if (!NotesOf.TryGetValue((Kind.Lead, lead.Id), out var list))
                NotesOf[(Kind.Lead, lead.Id)] = list = [];
            list.Add(note);
            Happened(touch.Kind == "call_in" ? "incoming_call" : "outgoing_call", touch.At, touch.By, $$"""[{"note":{"id":{{note.Id}} } }]""");
        }
    }

    private void Remember(PastTask given)
    {
        Tasks.Take(given.Id);
        Tasks.PutBack(new TodoTask
        {
            Id = given.Id,
            Text = given.Text,
            CompleteTill = given.CompleteTill,
            EntityId = given.DealId,
            EntityType = "leads",
            TaskTypeId = given.TaskTypeId,
            ResponsibleUserId = given.ResponsibleUserId,
            CreatedAt = given.CreatedAt,
            UpdatedAt = given.DoneAt ?? given.CreatedAt,
            CreatedBy = given.ResponsibleUserId,
            IsCompleted = given.DoneAt is not null,
        });
    }

    /// <summary>Looked for before anything is written: a past is taken whole or not at all.</summary>
    private string? Fault(Past past)
    {
        var contacts = past.Contacts.Select(c => c.Id).ToHashSet();
        var products = past.Products.Select(p => p.Id).ToHashSet();
        var deals = past.Deals.Select(d => d.Id).ToHashSet();
        if (contacts.Count < past.Contacts.Count || products.Count < past.Products.Count || deals.Count < past.Deals.Count || past.Tasks.DistinctBy(t => t.Id).Count() < past.Tasks.Count)
            return "an id is given twice";
        if (past.Contacts.FirstOrDefault(c => c.Id < 1 || Contacts.Find(c.Id) is not null) is { } contact)
            return $"contacts: {contact.Id} is taken";
        if (past.Products.FirstOrDefault(p => p.Id < 1 || Goods.Find(p.Id) is not null) is { } product)
            return $"products: {product.Id} is taken";
        if (past.Tasks.FirstOrDefault(t => t.Id < 1 || Tasks.Find(t.Id) is not null || !deals.Contains(t.DealId)) is { } task)
            return $"tasks: {task.Id} is taken, or its deal is not among these";
        foreach (var deal in past.Deals)
        {
            if (deal.Id < 1 || Leads.Find(deal.Id) is not null)
                return $"deals: {deal.Id} is taken";
            if (deal.ContactIds.Any(c => !contacts.Contains(c)) || deal.Products.Any(p => !products.Contains(p.Id)))
                return $"deals: {deal.Id} names a contact or a product that is not among these";
            if (deal.Moves.Select(m => (m.PipelineId ?? deal.PipelineId, m.StatusId)).Prepend((deal.PipelineId, deal.StatusId)).Any(p => Directory.Pipeline(p.Item1) is not { } pipeline || !Array.Exists(pipeline.Statuses, s => s.Id == p.StatusId)))
                return $"deals: {deal.Id} goes to a stage that there is not";
            if (deal.Touches.Any(t => !TouchKinds.Contains(t.Kind)))
                return $"deals: a touch of {deal.Id} is none of {string.Join(", ", TouchKinds)}";
        }
        return null;
    }
}
