using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What Bitrix24 shows at the doors for people and tests: the classic read shape, with nothing left out.</summary>
internal sealed partial class Bitrix24Crm
{
    public Lock Gate => Portal.Gate;

    public IReadOnlyList<string> Nouns { get; } = ["leads", "deals", "contacts", "companies", "notes", "tasks", "calls", "stagehistory"];

    public IReadOnlyList<object>? Holdings(string noun)
    {
        lock (Gate)
        {
            return noun switch
            {
                "leads" => [.. Portal.Items(Schema.Lead).Rows],
                "deals" => [.. Portal.Items(Schema.Deal).Rows],
                "contacts" => [.. Portal.Items(Schema.Contact).Rows],
                "companies" => [.. Portal.Items(Schema.Company).Rows],
                "notes" or "comments" => [.. Portal.Comments.Rows],
                "tasks" or "activities" => [.. Portal.Activities.Rows],
                "calls" => [.. Portal.Calls.Rows],
                "stagehistory" => [.. Portal.History],
                _ => null,
            };
        }
    }

    public void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding)
    {
        switch (holding)
        {
            case Item item:
                var schema = Portal.SchemaOf(item.Type);
                Classic.Write(w, Portal, item, withContactIds: true, schema.All, onlyPresent: false, schema.HasMulti ? Multis.Types : []);
                break;
            case Comment comment:
                Comments.Write(w, comment);
                break;
            case Activity activity:
                Activities.Write(w, activity);
                break;
            case PhoneCall call:
                Telephony.Write(w, call);
                break;
            case HistoryRow row:
                StageHistory.Write(w, row);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(holding));
        }
    }

    public IReadOnlyList<LeadLine> Latest(int count)
    {
        lock (Gate)
        {
            var newest = Portal.Items(Schema.Lead).Rows.Concat(Portal.Items(Schema.Deal).Rows).OrderByDescending(i => i.Created).Take(count);
            return [.. newest.Select(item =>
            {
                var schema = Portal.SchemaOf(item.Type);
                var owner = item.Fm.Count > 0 ? item : Portal.Items(Schema.Contact).Find(item.Int(schema["contactId"]));
                return new LeadLine(item.Id, item.Text(schema["title"]) ?? "", item.Text(schema["utmSource"]), item.Text(schema["utmCampaign"]),
                    item.Text(schema["utmTerm"]), owner?.Fm.Find(m => m.TypeId == "PHONE")?.Value);
            })];
        }
    }

    public Answer Act(JsonObject act)
    {
        try
        {
            lock (Gate)
                return ActInside(act);
        }
        catch (RestException e)
        {
            return e.ToAnswer();
        }
    }

    private Answer ActInside(JsonObject act)
    {
        var entity = Json.Text(act["entity"]) ?? "";
        if (entity == "webhook")
            return Subscribe(act);
        if (entity is "note" or "comment" && act["create"] is JsonObject note)
            return Done(Json.Integer(JsonNode.Parse(Comments.Add(Portal, new JsonObject { ["fields"] = note.DeepClone() }).Result.Span)) ?? 0);
        if (Comments.TypeOf(entity) is not { } type)
            return Malformed("entity is one of lead, deal, contact, company, note, webhook");
        if (Json.Integer(act["delete"]) is { } gone)
        {
            ItemStore.Delete(Portal, Find(type, gone));
            return Done(gone);
        }
        if (act["create"] is JsonObject created)
            return Done(ItemStore.Add(Portal, type, Read(type, created, null), isStrict: true).Id);
        if (act["set"] is not JsonObject set || Json.Integer(act["id"]) is not { } id)
            return Malformed("one of create, set (with id), delete is needed");
        var item = Find(type, id);
        ItemStore.Change(Portal, item, Read(type, set, item), isStrict: true);
        return Done(id);
    }

    private Item Find(int type, long id) => Portal.Items(type).Find(id) ?? throw RestException.NotFound();

    /// <summary>A person may use either spelling of a field's name; a name that is neither is a slip of the test and is refused.</summary>
    private ItemChange Read(int type, JsonObject given, Item? item)
    {
        var schema = Portal.SchemaOf(type);
        var values = new Dictionary<ItemField, object?>();
        foreach (var (name, node) in given)
        {
            if (Multis.Types.Contains(name) || name == "fm")
                continue;
            var field = schema.ByUpper(name) ?? schema.ByName(name) ?? throw RestException.Argument($"unknown field '{name}'");
            values[field] = Values.Parse(field, node);
        }
        var fm = Multis.ApplyClassic(Portal, item?.Fm ?? [], given);
        return new ItemChange(values, given["fm"] is { } universal ? Multis.ApplyUniversal(Portal, fm, universal) : fm);
    }

    /// <summary><c>{"entity":"webhook","create":{"handler":"http://…","events":["ONCRMDEALUPDATE"],"token":"…"}}</c>: the portal's page of outgoing webhooks.</summary>
    private Answer Subscribe(JsonObject act)
    {
        if (Json.Text(act["delete"]) is { } gone)
        {
            Portal.Events.Unsubscribe(gone);
            return Done(0);
        }
        if (act["create"] is not JsonObject create || Json.Text(create["handler"]) is not { } handler || !Uri.TryCreate(handler, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return Malformed("handler is needed");
        var hook = Portal.Events.Subscribe(handler, Json.Items(create["events"]).Select(Json.Text).OfType<string>(), Json.Text(create["token"]));
        return Answer.Json(200, Envelope.ContentType, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("id", hook.Id);
            w.WriteString("application_token", hook.Token);
            w.WriteEndObject();
        });
    }

    private static Answer Done(long id) => Answer.Json(200, Envelope.ContentType, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", id);
        w.WriteEndObject();
    });
}
