using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>POST /leads/complex</c>: lead, contact and company in one item; the only call that duplicate control looks at.</summary>
internal static class ComplexLeads
{
    private const int BatchLimit = 50;

    private sealed record Result(long Id, long? ContactId, long? CompanyId, List<string> RequestIds, bool Merged);

    public static Answer Add(Account account, Call call)
    {
        var (batch, refusal) = Batch<Draft>.Read(account, call.ReadJson(), BatchLimit, 400, item => DraftReader.Read(account, item, Kind.Lead, isPatch: false, isComplex: true));
        if (batch is null)
            return refusal!;
        // Duplicates are looked up among what is stored before the request, never among its own items.
        var known = batch.Items.ConvertAll(i => account.Options.DuplicateControl ? FindDuplicate(account, i.Value) : null);
        var results = new List<Result>(batch.Items.Count);
        for (var i = 0; i < batch.Items.Count; i++)
        {
            var (requestId, draft) = batch.Items[i];
            if (known[i] is not { } existing)
                results.Add(AddOne(account, draft, requestId));
            else if (results.Find(r => r.Id == existing.Id) is { } same)
                same.RequestIds.Add(requestId);
            else
                results.Add(Merge(account, existing, draft, requestId));
        }
        return Answer.Json(200, "application/json", w =>
        {
            var isHal = account.Options.ComplexAnswer == "hal";
            if (isHal)
            {
                w.WriteStartObject();
                w.WriteStartObject("_embedded");
                w.WritePropertyName("leads");
            }
            w.WriteStartArray();
            foreach (var result in results)
            {
                w.WriteStartObject();
                w.WriteNumber("id", result.Id);
                w.WriteNumberOrNull("contact_id", result.ContactId);
                w.WriteNumberOrNull("company_id", result.CompanyId);
                w.WriteStartArray("request_id");
                result.RequestIds.ForEach(w.WriteStringValue);
                w.WriteEndArray();
                w.WriteBoolean("merged", result.Merged);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            if (isHal)
            {
                w.WriteEndObject();
                w.WriteEndObject();
            }
        });
    }

    private static Result AddOne(Account account, Draft draft, string requestId)
    {
        var isIncoming = draft.Metadata is not null;
        var company = draft.NewCompany is null ? null : Store.AddPerson(account, draft.NewCompany, isIncoming);
        var contact = draft.NewContact is null ? null : Store.AddPerson(account, draft.NewContact, isIncoming);
        if (contact is not null)
            draft.ContactIds.Insert(0, (contact.Id, true));
        if (company is not null)
            draft.CompanyIds.Insert(0, company.Id);
        if (isIncoming)
            draft.StatusId = null;
        if (contact is not null && company is not null)
            contact.CompanyIds = [company.Id];
        var lead = Store.AddLead(account, draft, isIncoming);
        if (isIncoming)
            account.Incoming.Add(account, lead, Json.Text(draft.Metadata!["category"]) ?? "forms", draft.Metadata!, contact, company);
        return new Result(lead.Id, lead.ContactIds.FirstOrDefault() is var c and not 0 ? c : null,
            lead.CompanyIds.FirstOrDefault() is var k and not 0 ? k : null, [requestId], false);
    }

    private static Result Merge(Account account, Lead existing, Draft draft, string requestId)
    {
        if (existing.ContactIds.FirstOrDefault() is var main and not 0 && account.Contacts.Find(main) is { } contact && draft.NewContact is { } sent)
        {
            Append(contact, sent);
            Store.Change(account, contact, sent);
        }
        // "Overwrite with incoming", but a lead that is being worked on keeps its stage.
        (draft.StatusId, draft.PipelineId) = (null, null);
        Store.Change(account, existing, draft);
        return new Result(existing.Id, existing.ContactIds.FirstOrDefault() is var c and not 0 ? c : null, null, [requestId], true);
    }

    /// <summary>Phones and e-mails are appended, not replaced.</summary>
    private static void Append(Person contact, Draft sent)
    {
        for (var i = 0; i < sent.Fields.Count; i++)
        {
            var values = sent.Fields[i];
            if (!values.Field.IsMultiText || Array.Find(contact.Fields, f => f.Field == values.Field) is not { } old)
                continue;
            var added = values.Items.Where(n => !Array.Exists(old.Items, o => o.Value == n.Value));
            sent.Fields[i] = values with { Items = [.. old.Items, .. added] };
        }
    }

    private static Lead? FindDuplicate(Account account, Draft draft)
    {
        var byId = draft.Fields.Where(f => f.Field.IsApiOnly).SelectMany(f => f.Items)
            .SelectMany(i => Search.Find(account, Kind.Lead, i.Value)).OfType<Lead>();
        var contacts = (draft.NewContact?.Fields ?? []).Where(f => f.Field.IsMultiText).SelectMany(f => f.Items)
            .SelectMany(i => Search.Find(account, Kind.Contact, i.Value)).OfType<Person>();
        var byContact = contacts.SelectMany(c => c.LeadIds.Select(account.Leads.Find).Where(l => l is not null && l.ContactIds[0] == c.Id));
        var found = byId.Concat(byContact).OfType<Lead>().Where(l => l.StatusId is not (Directory.Won or Directory.Lost)).DistinctBy(l => l.Id).ToList();
        // More than three: the vendor merges nothing.
        return found.Count is 0 or > 3 ? null : found.MaxBy(l => l.CreatedAt);
    }
}
