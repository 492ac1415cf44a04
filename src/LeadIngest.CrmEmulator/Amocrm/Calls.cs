using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>POST /api/v4/calls</c>: the account finds the card by the last ten digits; a number that nobody has adds nothing.</summary>
internal static class Calls
{
    private const int NationalDigits = 10;

    private sealed record Wanted(bool IsInbound, string Phone, JsonObject Params, long? CreatedAt);

    public static Answer Add(Account account, Call call)
    {
        var (batch, refusal) = Batch<Wanted>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, Read);
        if (batch is null)
            return refusal!;
        var done = batch.Items.ConvertAll(i => (i.RequestId, Note: Store(account, i.Value)));
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_total_items", done.Count(d => d.Note is not null));
            w.WriteStartArray("errors");
            foreach (var (requestId, _) in done.Where(d => d.Note is null))
            {
                w.WriteStartObject();
                w.WriteString("title", "Entity not found");
                w.WriteNumber("status", 263);
                w.WriteString("detail", "No entity with this phone number");
                w.WriteString("request_id", requestId);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteStartObject("_embedded");
            w.WriteStartArray("calls");
            foreach (var (requestId, note) in done)
            {
                if (note is null)
                    continue;
                w.WriteStartObject();
                w.WriteNumber("id", note.Id);
                w.WriteNumber("entity_id", note.EntityId);
                w.WriteString("entity_type", note.Kind switch { Kind.Lead => "lead", Kind.Contact => "contact", _ => "company" });
                w.WriteNumber("account_id", account.Id);
                w.WriteString("request_id", requestId);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    private static Wanted Read(ItemReader item)
    {
        var direction = item.Text("direction", required: true);
        if (direction is not (null or "inbound" or "outbound"))
            item.Refuse(Violation.NotSupported("direction"));
        var (duration, source, phone) = (item.Int("duration", required: true), item.Text("source", required: true), item.Text("phone", required: true) ?? "");
        Notes.CheckCall(item);
        var parameters = new JsonObject { ["duration"] = duration ?? 0, ["source"] = source, ["phone"] = phone };
        foreach (var name in new[] { "uniq", "link", "call_result", "call_status", "call_responsible" })
        {
            if (item.Item[name] is { } value)
                parameters[name] = value.DeepClone();
        }
        return new Wanted(direction == "inbound", phone, parameters, item.Int("created_at"));
    }

    /// <summary>Exactly one open deal of the person: the call goes there; else to the person.</summary>
    private static Note? Store(Account account, Wanted wanted)
    {
        var digits = Digits.Of(wanted.Phone);
        var national = digits.Length > NationalDigits ? digits[^NationalDigits..] : digits;
        var person = new[] { Kind.Contact, Kind.Company }.SelectMany(k => national.Length == 0 ? [] : Search.Find(account, k, national)).OfType<Person>().FirstOrDefault(p => !p.IsHidden);
        if (person is null)
            return null;
        var open = person.LeadIds.Select(account.Leads.Find).OfType<Lead>().Where(l => l.StatusId is not (Directory.Won or Directory.Lost)).ToList();
        var (kind, id) = open.Count == 1 ? (Kind.Lead, open[0].Id) : (person.Kind, person.Id);
        return Notes.AddCall(account, kind, id, wanted.IsInbound, wanted.Params, wanted.CreatedAt);
    }
}
