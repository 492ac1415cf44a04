using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What Bitrix24 shows at the doors for people and tests: the classic read shape, with nothing left out.</summary>
internal sealed partial class Portal : ICrmAccount
{
    public static IReadOnlyList<string> Nouns { get; } = ["leads", "deals", "contacts", "companies", "notes", "tasks", "calls", "stagehistory"];

    public IReadOnlyList<object>? Holdings(string noun)
    {
        lock (Gate)
        {
            return noun switch
            {
                "leads" => [.. Items(Schema.Lead).Rows],
                "deals" => [.. Items(Schema.Deal).Rows],
                "contacts" => [.. Items(Schema.Contact).Rows],
                "companies" => [.. Items(Schema.Company).Rows],
                "notes" or "comments" => [.. Comments.Rows],
                "tasks" or "activities" => [.. Activities.Rows],
                "calls" => [.. Calls.Rows],
                "stagehistory" => [.. History],
                _ => null,
            };
        }
    }

    public void WriteHolding(Utf8JsonWriter w, string baseUrl, object holding)
    {
        switch (holding)
        {
            case Item item:
                var schema = SchemaOf(item.Type);
                Classic.Write(w, this, item, withContactIds: true, schema.All, onlyPresent: false, schema.HasMulti ? Multis.Types : []);
                break;
            case Comment comment:
                Bitrix24.Comments.Write(w, comment);
                break;
            case Activity activity:
                Bitrix24.Activities.Write(w, activity);
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
            var newest = Items(Schema.Lead).Rows.Concat(Items(Schema.Deal).Rows).OrderByDescending(i => i.Created).Take(count);
            return [.. newest.Select(item =>
            {
                var schema = SchemaOf(item.Type);
                var owner = item.Fm.Count > 0 ? item : Items(Schema.Contact).Find(item.Int(schema["contactId"]));
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
        // A person with every right, whoever called last.
        Caller = new Caller(OwnerId, "", null, []);
        if (entity == "webhook")
            return Subscribe(act);
        if (entity is "note" or "comment" && act["create"] is JsonObject note)
            return Done(Json.Integer(JsonNode.Parse(Bitrix24.Comments.Add(this, new JsonObject { ["fields"] = note.DeepClone() }).Result.Span)) ?? 0);
        if (entity == "activity")
            return ActOnActivity(act);
        if (Bitrix24.Comments.TypeOf(entity) is not { } type)
            return Home.Malformed("entity is one of lead, deal, contact, company, note, activity, webhook");
        if (act["merge"] is JsonArray ids)
        {
            if (ids.Count != 2 || Json.Integer(ids[0]) is not { } keep || Json.Integer(ids[1]) is not { } other || keep == other)
                return Home.Malformed("merge is [id that stays, id that goes]");
            Merging.Merge(this, type, Find(type, keep).Id, Find(type, other).Id);
            return Done(keep);
        }
        if (Json.Integer(act["delete"]) is { } gone)
        {
            ItemStore.Delete(this, Find(type, gone));
            return Done(gone);
        }
        if (act["create"] is JsonObject created)
            return Done(ItemStore.Add(this, type, Read(type, created, null), isStrict: true).Id);
        if (act["set"] is not JsonObject set || Json.Integer(act["id"]) is not { } id)
            return Home.Malformed("one of create, set (with id), delete, merge is needed");
        var item = Find(type, id);
        ItemStore.Change(this, item, Read(type, set, item), isStrict: true);
        return Done(id);
    }

    /// <summary>A person calls, plans, finishes or removes something.</summary>
    private Answer ActOnActivity(JsonObject act)
    {
        if (act["create"] is JsonObject create)
        {
            // Without a type it is a to-do.
            var made = create.ContainsKey("TYPE_ID") ? Bitrix24.Activities.Add(this, new JsonObject { ["fields"] = create.DeepClone() }) : Bitrix24.Activities.AddTodo(this, (JsonObject)create.DeepClone());
            var node = JsonNode.Parse(made.Result.Span);
            return Done(Json.Integer(node is JsonObject map ? map["id"] : node) ?? 0);
        }
        var id = Json.Integer(act["delete"]) ?? Json.Integer(act["id"]) ?? 0;
        if (act["delete"] is not null)
            Bitrix24.Activities.Delete(this, new JsonObject { ["id"] = id });
        else
            Bitrix24.Activities.Update(this, new JsonObject { ["id"] = id, ["fields"] = act["set"]?.DeepClone() });
        return Done(id);
    }

    private Item Find(int type, long id) => Items(type).Find(id) ?? throw RestException.NotFound();

    /// <summary>A person may use either spelling of a field's name; a name that is neither is a slip of the test and is refused.</summary>
    private ItemChange Read(int type, JsonObject given, Item? item)
    {
        var schema = SchemaOf(type);
        var values = new Dictionary<ItemField, object?>();
        foreach (var (name, node) in given)
        {
            if (Multis.Types.Contains(name) || name == "fm")
                continue;
            var field = schema.ByUpper(name) ?? schema.ByName(name) ?? throw RestException.Argument($"unknown field '{name}'");
            values[field] = Values.Parse(field, node);
        }
        var fm = Multis.ApplyClassic(this, item?.Fm ?? [], given);
        return new ItemChange(values, given["fm"] is { } universal ? Multis.ApplyUniversal(this, fm, universal) : fm);
    }

    /// <summary><c>{"entity":"webhook","create":{"handler":"http://…","events":["ONCRMDEALUPDATE"],"token":"…"}}</c>: the portal's page of outgoing webhooks.</summary>
    private Answer Subscribe(JsonObject act)
    {
        if (Json.Text(act["delete"]) is { } gone)
        {
            Events.Unsubscribe(gone);
            return Done(0);
        }
        if (act["create"] is not JsonObject create || Json.Text(create["handler"]) is not { } handler || !Uri.TryCreate(handler, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return Home.Malformed("handler is needed");
        var hook = Events.Subscribe(handler, Json.Items(create["events"]).Select(Json.Text).OfType<string>(), Json.Text(create["token"]));
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
