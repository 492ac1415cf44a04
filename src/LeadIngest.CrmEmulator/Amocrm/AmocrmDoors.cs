using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>What amoCRM shows at the doors for people and tests.</summary>
internal sealed partial class Account : ICrmAccount
{
    public static IReadOnlyList<string> Nouns { get; } = ["leads", "deals", "contacts", "companies", "notes", "calls", "tasks", "unsorted", "events"];

    public IReadOnlyList<object>? Holdings(string noun)
    {
        lock (Gate)
        {
            return noun switch
            {
                "leads" or "deals" => [.. Leads.Rows],
                "contacts" => [.. Contacts.Rows],
                "companies" => [.. Companies.Rows],
                "notes" => [.. Notes.Rows],
                "calls" => [.. Notes.Rows.Where(n => n.Type is "call_in" or "call_out")],
                "tasks" => [.. Tasks.Rows],
                "unsorted" => [.. Incoming.All],
                "events" => [.. Events],
                _ => null,
            };
        }
    }

    public void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding)
    {
        switch (holding)
        {
            case Entity entity:
                Shapes.Write(w, Id, baseUrl + "/amocrm", entity, With.All);
                break;
            case Note note:
                Amocrm.Notes.Write(w, Id, note);
                break;
            case TodoTask task:
                Amocrm.Tasks.Write(w, Id, task);
                break;
            case IncomingLead incoming:
                Unsorted.Write(w, Id, incoming, null, withMetadata: true);
                break;
            case EventRow row:
                Amocrm.Events.Write(w, Id, row);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(holding));
        }
    }

    public IReadOnlyList<LeadLine> Latest(int count)
    {
        lock (Gate)
        {
            return [.. Leads.Rows.Reverse().Take(count).Select(lead => new LeadLine(lead.Id, lead.Name, First(lead, "UTM_SOURCE"), First(lead, "UTM_CAMPAIGN"),
                First(lead, "UTM_TERM"), lead.ContactIds.Length > 0 && Contacts.Find(lead.ContactIds[0]) is { } contact ? First(contact, "PHONE") : null))];
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
                "note" when act["create"] is JsonObject note && note["note_type"] is null && Json.Integer(note["entity_id"]) is { } id && Leads.Find(id) is not null =>
                    Done(Amocrm.Notes.AddText(this, Kind.Lead, id, Json.Text(note["text"]) ?? "", Directory.Users[1].Id).Id),
                "note" when act["create"] is JsonObject call && Json.Text(call["note_type"]) is "call_in" or "call_out" && Json.Integer(call["entity_id"]) is { } id && Leads.Find(id) is not null =>
                    Done(Amocrm.Notes.AddCall(this, Kind.Lead, id, Json.Text(call["note_type"]) == "call_in", call["params"] as JsonObject ?? [], null, Json.Integer(call["created_by"]) ?? Directory.Users[1].Id).Id),
                "chat" when act["create"] is JsonObject message && Json.Integer(message["entity_id"]) is { } id && Leads.Find(id) is not null => ActMessage(id, Json.Text(message["direction"]) == "out"),
                "task" => ActOnTask(act),
                "product" when act["create"] is JsonObject product => Done(Catalogs.Add(this, product).Id),
                "unsorted" => ActOnIncoming(act),
                "account" => Unblock(act),
                _ => Problem.Plain(400, "entity is one of lead, deal, contact, company, note, chat, task, product, unsorted, account"),
            };
        }
    }

    private Answer ActOnTask(JsonObject act)
    {
        var violations = new List<Violation>();
        return Amocrm.Tasks.Act(this, act, violations) is { } id ? Done(id)
            : violations.Count > 0 ? Problem.Invalid([("0", violations)]) : Problem.Plain(404, "Task not found");
    }

    /// <summary>Somebody wrote in a messenger; only that it happened is told of.</summary>
    private Answer ActMessage(long lead, bool isOut)
    {
        Record(isOut ? "outgoing_chat_message" : "incoming_chat_message", Kind.Lead, lead, isOut ? Directory.Users[1].Id : 0, $$"""[{"message":{"id":"{{Events.Count + 1}}"} }]""");
        return Done(lead);
    }

    private static string? First(Entity entity, string code) => entity.Values(code)?.Items.FirstOrDefault().Value;

    private Answer ActOn(JsonObject act, Kind kind)
    {
        if (Json.Integer(act["delete"]) is { } gone)
        {
            if (Find(kind, gone) is not { } entity)
                return Problem.Plain(404, "Entity not found");
            Store.Delete(this, entity);
            return Done(gone);
        }
        if (act["merge"] is JsonArray ids)
            return ActMerge(ids, kind);
        if (Json.Integer(act["restore"]) is { } back)
            return Store.Restore(this, kind, back) ? Done(back) : Problem.Plain(404, "Not in the trash");
        if (kind == Kind.Lead && act["products"] is JsonArray products && Leads.Find(Json.Integer(act["id"]) ?? 0) is { } filled)
        {
            if (!Catalogs.Link(this, filled, products))
                return Problem.Plain(404, "Element not found");
            Store.Change(this, filled, new Draft { Kind = Kind.Lead, UpdatedBy = Directory.Users[1].Id });
            return Done(filled.Id);
        }
        var isNew = act["create"] is JsonObject;
        if ((act["create"] ?? act["set"]) is not JsonObject given || (!isNew && Json.Integer(act["id"]) is null))
            return Problem.Plain(400, "one of create, set (with id), delete, restore, merge is needed");
        var existing = isNew ? null : Find(kind, Json.Integer(act["id"])!.Value);
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
        var draft = DraftReader.Read(this, new ItemReader(item, violations), kind, isPatch: !isNew);
        if (violations.Count > 0)
            return Problem.Invalid([("0", violations)]);
        if (existing is not null)
            Store.Change(this, existing, draft);
        else
            existing = kind == Kind.Lead ? Store.AddLead(this, draft) : Store.AddPerson(this, draft);
        return Done(existing.Id);
    }

    private Answer ActOnIncoming(JsonObject act)
    {
        var uid = Json.Text(act["accept"]) ?? Json.Text(act["decline"]) ?? "";
        if (Incoming.Find(uid) is not { } row)
            return Problem.Plain(404, "Unsorted not found");
        if (act["accept"] is not null)
            Incoming.Accept(this, row, null);
        else
            Incoming.Decline(this, row);
        return Done(row.LeadId);
    }

    private Answer Unblock(JsonObject act)
    {
        if (act["set"] is JsonObject set && set["blocked"] is { } blocked)
            Limit.IsBlocked = Json.Text(blocked) == "true";
        return Done(Id);
    }

    /// <summary><c>{"entity":"deal","merge":[keep,gone]}</c>.</summary>
    private Answer ActMerge(JsonArray ids, Kind kind)
    {
        if (ids.Count != 2 || Json.Integer(ids[0]) is not { } keepId || Json.Integer(ids[1]) is not { } goneId || keepId == goneId)
            return Problem.Plain(400, "merge is [id that stays, id that goes]");
        if (Find(kind, keepId) is not { } keep || Find(kind, goneId) is not { } gone)
            return Problem.Plain(404, "Entity not found");
        Merging.Merge(this, keep, gone, Directory.Users[^1].Id);
        return Done(keep.Id);
    }

    private static Answer Done(long id) => Answer.Json(200, "application/json", w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", id);
        w.WriteEndObject();
    });
}
