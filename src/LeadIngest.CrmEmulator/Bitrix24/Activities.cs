using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Activities, to-dos, traces, product rows: what hangs on a card.</summary>
internal static class Activities
{
    private const int Call = 2;

    private static readonly Dictionary<string, int> Owners = new(StringComparer.Ordinal) { ["L"] = Schema.Lead, ["D"] = Schema.Deal };

    public static Reply Add(Portal portal, JsonObject parameters)
    {
        if (parameters["fields"] is not JsonObject fields)
            throw RestException.Classic("Parameter 'fields' must be array.");
        var type = Json.Integer(fields["TYPE_ID"]) is 1 or Call ? (int)Json.Integer(fields["TYPE_ID"])!.Value : throw NotDefined("TYPE_ID");
        var (ownerType, ownerId) = Owner(portal, fields["OWNER_TYPE_ID"], fields["OWNER_ID"]);
        if (string.IsNullOrWhiteSpace(Json.Text(fields["SUBJECT"])))
            throw NotDefined("SUBJECT");
        if (type == Call)
            CheckCall(portal, fields);
        return Reply.Number(Store(portal, ownerType, ownerId, type, type == Call ? "CALL" : "MEETING", Json.Text(fields["SUBJECT"])!, fields));
    }

    /// <summary><c>crm.activity.list</c>: by external id, owner, type or id; the newest last unless asked otherwise.</summary>
    public static Reply List(Portal portal, JsonObject parameters)
    {
        var filter = (parameters["filter"] ?? parameters["FILTER"]) as JsonObject;
        JsonNode? Wanted(string name) => filter?[name] ?? filter?["=" + name];
        bool Is(string name, string? held) => Wanted(name) is not { } wanted || Json.Items(wanted).Any(w => Json.Text(w) == held);
        var (above, upTo) = (Json.Integer(filter?[">ID"]), Json.Integer(filter?["<=ID"]));
        var since = Json.Text(filter?[">=LAST_UPDATED"]) is { } text ? Values.ParseMoment(text) : null;
        var select = Json.Items(parameters["select"] ?? parameters["SELECT"]).Select(Json.Text).OfType<string>().ToHashSet();
        var lag = portal.SearchLag();
        IEnumerable<Activity> rows = Json.Text(Wanted("ORIGIN_ID")) is { } origin ? portal.ActivitiesByOrigin.GetValueOrDefault(origin) ?? [] : portal.Activities.Rows;
        var found = rows.Where(a => Is("ID", Json.Of(a.Id)) && Is("OWNER_ID", Json.Of(a.OwnerId)) && Is("OWNER_TYPE_ID", Json.Of(a.OwnerType)) && Is("TYPE_ID", Json.Of(a.Type))
            && Is("ORIGINATOR_ID", Text(a, "ORIGINATOR_ID")) && Is("COMPLETED", Text(a, "COMPLETED") ?? "N") && a.Created + lag <= portal.Now
            && (above is null || a.Id > above) && (upTo is null || a.Id <= upTo) && (since is null || a.Updated >= since)).ToList();
        if (string.Equals(Json.Text(((parameters["order"] ?? parameters["ORDER"]) as JsonObject)?["ID"]), "DESC", StringComparison.OrdinalIgnoreCase))
            found.Reverse();
        var given = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, -1, int.MaxValue);
        var start = Math.Max(0, given);
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var activity in found.Skip(start).Take(ItemLists.PageSize))
                WriteRow(w, activity, select);
            w.WriteEndArray();
        }), given < 0 ? 0 : found.Count, given >= 0 && start + ItemLists.PageSize < found.Count ? start + ItemLists.PageSize : null);
    }

    /// <summary>The activity that a finished call of an external PBX leaves in the card.</summary>
    public static long StoreCall(Portal portal, int ownerType, PhoneCall call, int user) =>
        Store(portal, ownerType, call.EntityId, Call, "VOXIMPLANT_CALL", call.Key.Type == 1 ? $"Исходящий на {call.Key.Phone}" : $"Входящий от {call.Key.Phone}", new JsonObject
        {
            ["TYPE_ID"] = Call,
            ["DIRECTION"] = call.Key.Type == 1 ? 2 : 1,
            ["START_TIME"] = Envelope.Moment(call.StartedAt),
            ["END_TIME"] = Envelope.Moment(call.StartedAt.AddSeconds(call.Duration)),
            ["COMPLETED"] = call.Duration > 0 ? "Y" : "N",
            ["RESPONSIBLE_ID"] = user,
            ["ORIGIN_ID"] = "VI_" + call.CallId,
        });

    public static Reply AddTodo(Portal portal, JsonObject parameters)
    {
        if (Json.Text(parameters["deadline"]) is not { } deadline || Values.ParseMoment(deadline) is null)
            throw RestException.Missing("deadline");
        var (ownerType, ownerId) = Owner(portal, parameters["ownerTypeId"], parameters["ownerId"]);
        if (portal.Options.CheckUsers && Json.Integer(parameters["responsibleId"]) is { } user && !portal.IsActive(user))
            throw RestException.Missing("responsibleId");
        var title = Json.Text(parameters["title"]) ?? Json.Text(parameters["description"]) ?? "";
        var id = Store(portal, ownerType, ownerId, 6, "CRM_TODO", title, parameters);
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteNumber("id", id);
            w.WriteEndObject();
        });
    }

    public static void Write(Utf8JsonWriter w, Activity activity)
    {
        w.WriteStartObject();
        w.WriteString("ID", Json.Of(activity.Id));
        w.WriteString("OWNER_TYPE_ID", Json.Of(activity.OwnerType));
        w.WriteString("OWNER_ID", Json.Of(activity.OwnerId));
        w.WriteString("PROVIDER_ID", activity.Provider);
        w.WriteString("SUBJECT", activity.Subject);
        w.WriteString("CREATED", Envelope.Moment(activity.Created));
        w.WritePropertyName("FIELDS");
        w.WriteRawValue(activity.FieldsJson);
        w.WriteEndObject();
    }

    public static Reply AddTrace(Portal portal, JsonObject parameters)
    {
        if (Json.Text(parameters["TRACE"]) is not { Length: > 0 } trace)
            throw new RestException(400, "ERROR_CORE", "Parameter `TRACE` required.");
        try
        {
            JsonNode.Parse(trace);
        }
        catch (JsonException)
        {
            throw new RestException(400, "ERROR_CORE", "Can not parse JSON in parameter `TRACE`.");
        }
        foreach (var entity in Json.Items(parameters["ENTITIES"]).OfType<JsonObject>())
        {
            var name = Json.Text(entity["TYPE"]) ?? "";
            var type = Comments.TypeOf(name.ToLowerInvariant()) ?? throw new RestException(400, "ERROR_CORE", $"Wrong TYPE `{name}`.");
            if (Json.Integer(entity["ID"]) is not { } id)
                throw new RestException(400, "ERROR_CORE", "Wrong ID.");
            if (portal.Items(type).Find(id) is null)
                throw new RestException(400, "ERROR_CORE", $"You have no access to entity `{name}` with ID `{id}`.");
        }
        portal.Traces.Add(trace);
        return Reply.Number(portal.Traces.Count);
    }

    public static Reply SetProductRows(Portal portal, JsonObject parameters)
    {
        var key = ProductOwner(portal, Json.Text(parameters["ownerType"]), parameters["ownerId"]);
        var rows = Json.Items(parameters["productRows"]).OfType<JsonObject>().Select(row =>
        {
            var stored = (JsonObject)row.DeepClone();
            stored["id"] = portal.NextOther();
            stored["ownerType"] = key.Type;
            stored["ownerId"] = key.Id;
            return stored.ToJsonString();
        }).ToList();
        portal.ProductRows[key] = rows;
        return Rows(rows);
    }

    public static Reply ListProductRows(Portal portal, JsonObject parameters)
    {
        var filter = parameters["filter"] as JsonObject;
        var key = ProductOwner(portal, Json.Text(filter?["=ownerType"]), filter?["=ownerId"]);
        var rows = portal.ProductRows.GetValueOrDefault(key) ?? [];
        return Rows(rows) with { Total = rows.Count };
    }

    private static void CheckCall(Portal portal, JsonObject fields)
    {
        if (!Json.Items(fields["COMMUNICATIONS"]).Any(c => c is JsonObject way && !string.IsNullOrWhiteSpace(Json.Text(way["VALUE"]))))
            throw NotDefined("COMMUNICATIONS");
        if (Json.Text(fields["DIRECTION"]) is not (null or "1" or "2"))
            throw NotDefined("DIRECTION");
        foreach (var name in new[] { "START_TIME", "END_TIME" })
        {
            if (Json.Text(fields[name]) is { } moment && Values.ParseMoment(moment) is null)
                throw NotDefined(name);
        }
        if (fields["RESPONSIBLE_ID"] is { } user && !Array.Exists(portal.Users, u => u.Id == Json.Integer(user)))
            throw NotDefined("RESPONSIBLE_ID");
    }

    private static RestException NotDefined(string field) => RestException.Classic($"The field {field} is not defined or invalid.");

    private static string? Text(Activity activity, string name) => Json.Text((JsonNode.Parse(activity.FieldsJson) as JsonObject)?[name]);

    private static void WriteRow(Utf8JsonWriter w, Activity activity, HashSet<string> select)
    {
        var row = new Dictionary<string, string?>();
        void Add(string name, string? value) => row[name] = value;
        var fields = (JsonObject)JsonNode.Parse(activity.FieldsJson)!;
        Add("ID", Json.Of(activity.Id));
        Add("OWNER_TYPE_ID", Json.Of(activity.OwnerType));
        Add("OWNER_ID", Json.Of(activity.OwnerId));
        Add("TYPE_ID", Json.Of(activity.Type));
        Add("PROVIDER_ID", activity.Provider);
        Add("SUBJECT", activity.Subject);
        foreach (var name in new[] { "DIRECTION", "START_TIME", "END_TIME", "DESCRIPTION", "ORIGINATOR_ID", "ORIGIN_ID" })
            Add(name, Json.Text(fields[name]));
        Add("COMPLETED", Json.Text(fields["COMPLETED"]) ?? "N");
        // A to-do has the names of its own method.
        Add("DEADLINE", Json.Text(fields["DEADLINE"]) ?? Json.Text(fields["deadline"]));
        Add("RESPONSIBLE_ID", Json.Text(fields["RESPONSIBLE_ID"]) ?? Json.Text(fields["responsibleId"]));
        Add("AUTHOR_ID", Json.Text(fields["AUTHOR_ID"]));
        Add("CREATED", Envelope.Moment(activity.Created));
        Add("LAST_UPDATED", Envelope.Moment(activity.Updated));
        w.WriteStartObject();
        foreach (var (name, value) in row)
        {
            if (select.Count == 0 || name == "ID" || select.Contains("*") || select.Contains(name))
                w.WriteString(name, value);
        }
        w.WriteEndObject();
    }

    /// <summary><c>crm.activity.update</c>: what is given replaces what was there.</summary>
    public static Reply Update(Portal portal, JsonObject parameters)
    {
        if (Json.Integer(parameters["id"]) is not { } id || portal.Activities.Find(id) is not { } activity)
            throw RestException.Classic("Activity is not found");
        var fields = (JsonObject)JsonNode.Parse(activity.FieldsJson)!;
        foreach (var (name, value) in parameters["fields"] as JsonObject ?? [])
            fields[name] = value?.DeepClone();
        portal.Activities.Replace(activity with { FieldsJson = fields.ToJsonString(), Updated = portal.Now });
        portal.Events.Raise("ONCRMACTIVITYUPDATE", id);
        return Reply.True();
    }

    public static Reply Delete(Portal portal, JsonObject parameters)
    {
        if (Json.Integer(parameters["id"]) is not { } id || !portal.Activities.Remove(id))
            throw RestException.Classic("Activity is not found");
        portal.Events.Raise("ONCRMACTIVITYDELETE", id);
        return Reply.True();
    }

    private static long Store(Portal portal, int ownerType, long ownerId, int type, string provider, string subject, JsonObject fields)
    {
        var activity = new Activity(portal.Activities.NextId(), ownerType, ownerId, type, provider, subject, portal.Now, fields.ToJsonString());
        portal.Activities.Add(activity);
        if (Json.Text(fields["ORIGIN_ID"]) is { Length: > 0 } origin)
        {
            if (!portal.ActivitiesByOrigin.TryGetValue(origin, out var list))
                portal.ActivitiesByOrigin[origin] = list = [];
            list.Add(activity);
        }
        portal.Events.Raise("ONCRMACTIVITYADD", activity.Id);
        return activity.Id;
    }

    private static (int Type, long Id) Owner(Portal portal, JsonNode? type, JsonNode? id) =>
        Json.Integer(type) is >= Schema.Lead and <= Schema.Company and var ownerType && Json.Integer(id) is { } ownerId && portal.Items((int)ownerType).Find(ownerId) is not null
            ? ((int)ownerType, ownerId)
            : throw new RestException(400, "OWNER_NOT_FOUND", "Владелец не найден");

    private static (string Type, long Id) ProductOwner(Portal portal, string? type, JsonNode? id)
    {
        if (type is null)
            throw RestException.Missing("ownerType");
        if (!Owners.TryGetValue(type, out var entityType) || Json.Integer(id) is not { } ownerId || portal.Items(entityType).Find(ownerId) is null)
            throw new RestException(400, "OWNER_NOT_FOUND", "Владелец не найден");
        return (type, ownerId);
    }

    private static Reply Rows(List<string> rows) => Reply.Of(w =>
    {
        w.WriteStartObject();
        w.WriteStartArray("productRows");
        foreach (var row in rows)
            w.WriteRawValue(row);
        w.WriteEndArray();
        w.WriteEndObject();
    });
}
