using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>What amoCRM shows at the doors for people and tests.</summary>
internal sealed partial class AmocrmCrm
{
    public Lock Gate => Account.Gate;

    public IReadOnlyList<string> Nouns { get; } = ["leads", "deals", "contacts", "companies", "notes", "calls", "tasks", "unsorted", "events"];

    public IReadOnlyList<object>? Holdings(string noun)
    {
        lock (Gate)
        {
            return noun switch
            {
                "leads" or "deals" => [.. Account.Leads.Rows],
                "contacts" => [.. Account.Contacts.Rows],
                "companies" => [.. Account.Companies.Rows],
                "notes" => [.. Account.Notes.Rows],
                "calls" => [.. Account.Notes.Rows.Where(n => n.Type is "call_in" or "call_out")],
                "tasks" => [.. Account.Tasks.Rows],
                "unsorted" => [.. Account.Incoming.All],
                "events" => [.. Account.Events],
                _ => null,
            };
        }
    }

    public void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding)
    {
        switch (holding)
        {
            case Entity entity:
                Shapes.Write(w, baseUrl + "/amocrm", entity, With.All);
                break;
            case Note note:
                Notes.Write(w, note);
                break;
            case TodoTask task:
                Tasks.Write(w, task);
                break;
            case IncomingLead incoming:
                Unsorted.Write(w, incoming, null, withMetadata: true);
                break;
            case EventRow row:
                Events.Write(w, row);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(holding));
        }
    }

    public IReadOnlyList<LeadLine> Latest(int count)
    {
        lock (Gate)
        {
            return [.. Account.Leads.Rows.Reverse().Take(count).Select(lead => new LeadLine(lead.Id, lead.Name, First(lead, "UTM_SOURCE"), First(lead, "UTM_CAMPAIGN"),
                First(lead, "UTM_TERM"), lead.ContactIds.Length > 0 && Account.Contacts.Find(lead.ContactIds[0]) is { } contact ? First(contact, "PHONE") : null))];
        }
    }

    public Answer Act(JsonObject act)
    {
        lock (Gate)
        {
            return Json.Text(act["entity"]) switch
            {
                "lead" or "deal" => ActOn(act, Kind.Lead),
                "contact" => ActOn(act, Kind.Contact),
                "company" => ActOn(act, Kind.Company),
                "note" when act["create"] is JsonObject note && Json.Integer(note["entity_id"]) is { } id && Account.Leads.Find(id) is not null =>
                    Done(Notes.AddText(Account, Kind.Lead, id, Json.Text(note["text"]) ?? "", Directory.Users[1].Id).Id),
                "unsorted" => ActOnIncoming(act),
                "account" => Unblock(act),
                _ => Problem.Plain(400, "entity is one of lead, deal, contact, company, note, unsorted, account"),
            };
        }
    }

    private static string? First(Entity entity, string code) => entity.Values(code)?.Items.FirstOrDefault().Value;

    private Answer ActOn(JsonObject act, Kind kind)
    {
        if (Json.Integer(act["delete"]) is { } gone)
        {
            if (Account.Find(kind, gone) is not { } entity)
                return Problem.Plain(404, "Entity not found");
            Store.Delete(Account, entity);
            return Done(gone);
        }
        var isNew = act["create"] is JsonObject;
        if ((act["create"] ?? act["set"]) is not JsonObject given || (!isNew && Json.Integer(act["id"]) is null))
            return Problem.Plain(400, "one of create, set (with id), delete is needed");
        var existing = isNew ? null : Account.Find(kind, Json.Integer(act["id"])!.Value);
        if (!isNew && existing is null)
            return Problem.Plain(404, "Entity not found");
        var item = (JsonObject)given.DeepClone();
        if (existing is not null)
            item["id"] = existing.Id;
        // A person did it, not a robot.
        if (item["updated_by"] is null)
            item["updated_by"] = Directory.Users[1].Id;
        if (isNew && item["created_by"] is null)
            item["created_by"] = Directory.Users[1].Id;
        var violations = new List<Violation>();
        var draft = DraftReader.Read(Account, new ItemReader(item, violations), kind, isPatch: !isNew);
        if (violations.Count > 0)
            return Problem.Invalid([("0", violations)]);
        if (existing is not null)
            Store.Change(Account, existing, draft);
        else
            existing = kind == Kind.Lead ? Store.AddLead(Account, draft) : Store.AddPerson(Account, draft);
        return Done(existing.Id);
    }

    private Answer ActOnIncoming(JsonObject act)
    {
        var uid = Json.Text(act["accept"]) ?? Json.Text(act["decline"]) ?? "";
        if (Account.Incoming.Find(uid) is not { } row)
            return Problem.Plain(404, "Unsorted not found");
        if (act["accept"] is not null)
            Account.Incoming.Accept(Account, row, null);
        else
            Account.Incoming.Decline(Account, row);
        return Done(row.LeadId);
    }

    private Answer Unblock(JsonObject act)
    {
        if (act["set"] is JsonObject set && set["blocked"] is { } blocked)
            _limit.IsBlocked = Json.Text(blocked) == "true";
        return Done(Directory.AccountId);
    }

    private static Answer Done(long id) => Answer.Json(200, "application/json", w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", id);
        w.WriteEndObject();
    });
}
