using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>/leads/{id}/link</c>, <c>/unlink</c> and <c>/links</c>.</summary>
internal static class Links
{
    private sealed record Wanted(long LeadId, Kind Kind, long Id, bool IsMain);

    public static Answer Add(Account account, Call call, long? leadId)
    {
        var (wanted, refusal) = Read(account, call, leadId);
        if (wanted is null)
            return refusal!;
        foreach (var link in wanted)
        {
            var lead = account.Leads.Find(link.LeadId)!;
            if (link.Kind == Kind.Contact)
                Store.LinkContact(account, lead, link.Id, link.IsMain);
            else
                Store.LinkCompany(account, lead, link.Id);
            account.Record("lead_linked", Kind.Lead, lead.Id, 0, $$"""[{"link":{"entity":{"type":"{{link.Kind.ToString().ToLowerInvariant()}}","id":{{link.Id}} } } }]""");
        }
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_total_items", wanted.Count);
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            w.WriteStartArray("links");
            foreach (var link in wanted)
                Write(w, link.LeadId, link.Kind, link.Id, link.IsMain);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public static Answer Remove(Account account, Call call, long leadId)
    {
        var (wanted, refusal) = Read(account, call, leadId);
        if (wanted is null)
            return refusal!;
        foreach (var link in wanted)
        {
            var lead = account.Leads.Find(link.LeadId)!;
            if (link.Kind == Kind.Contact)
                lead.ContactIds = [.. lead.ContactIds.Where(id => id != link.Id)];
            else
                lead.CompanyIds = [.. lead.CompanyIds.Where(id => id != link.Id)];
            account.Persons(link.Kind).Find(link.Id)?.LeadIds.Remove(lead.Id);
        }
        return Answer.Empty(204);
    }

    public static Answer List(Account account, Call call, long leadId)
    {
        if (account.Leads.Find(leadId) is not { } lead)
            return Answer.Empty(204);
        var links = lead.ContactIds.Select((id, i) => (Kind.Contact, Id: id, IsMain: i == 0)).Concat(lead.CompanyIds.Select(id => (Kind.Company, Id: id, IsMain: false)));
        return Lists.Page(call, "links", links, (w, link) => Write(w, leadId, link.Item1, link.Id, link.IsMain));
    }

    private static (List<Wanted>? Wanted, Answer? Refusal) Read(Account account, Call call, long? leadId)
    {
        if (leadId is { } known && account.Leads.Find(known) is null)
            return (null, Problem.Plain(404, "Entity not found"));
        var (batch, refusal) = Batch<Wanted>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item =>
        {
            var lead = leadId ?? item.Int("entity_id", required: true) ?? 0;
            var id = item.Int("to_entity_id", required: true) ?? 0;
            var type = item.Text("to_entity_type", required: true);
            var kind = type == "companies" ? Kind.Company : Kind.Contact;
            if (account.Leads.Find(lead) is null)
                item.Refuse(Violation.NotSupported("entity_id"));
            if (type is not (null or "contacts" or "companies"))
                item.Refuse(Violation.NotSupported("to_entity_type"));
            else if (id != 0 && account.Persons(kind).Find(id) is null)
                item.Refuse(Violation.NotSupported("to_entity_id"));
            return new Wanted(lead, kind, id, Json.Is((item.Item["metadata"] as JsonObject)?["is_main"], JsonValueKind.True));
        });
        return (batch?.Items.ConvertAll(i => i.Value), refusal);
    }

    private static void Write(Utf8JsonWriter w, long leadId, Kind kind, long id, bool isMain)
    {
        w.WriteStartObject();
        w.WriteNumber("entity_id", leadId);
        w.WriteString("entity_type", "leads");
        w.WriteNumber("to_entity_id", id);
        w.WriteString("to_entity_type", Shapes.Collection(kind));
        w.WriteStartObject("metadata");
        if (kind == Kind.Contact)
            w.WriteBoolean("main_contact", isMain);
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
