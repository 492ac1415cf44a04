using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>A call of an external PBX: registered, then finished once, then given its record.</summary>
internal sealed class PhoneCall(long id, string callId, PhoneCallKey key, DateTimeOffset registered) : IRecord
{
    public long Id => id;

    public string CallId => callId;

    public PhoneCallKey Key => key;

    public DateTimeOffset Registered => registered;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>CONTACT, COMPANY or LEAD; null for a number that the CRM does not know.</summary>
    public string? EntityType { get; set; }

    public long EntityId { get; set; }

    public bool IsFinished { get; set; }

    /// <summary>Why no lead could be made for it; null when none was wanted or it was made.</summary>
    public string? CreationError { get; set; }

    public int Duration { get; set; }

    public string StatusCode { get; set; } = "";

    public long ActivityId { get; set; }

    public string? RecordUrl { get; set; }
}

/// <summary>What makes two registrations within 30 minutes one call.</summary>
internal sealed record PhoneCallKey(string Phone, int Type, int User, string Line, string ExternalId);

/// <summary><c>telephony.externalCall.*</c> and the call history.</summary>
internal static class Telephony
{
    private static readonly TimeSpan SameCall = TimeSpan.FromMinutes(30);

    private static readonly (string Name, int Type)[] Owners = [("CONTACT", Schema.Contact), ("COMPANY", Schema.Company), ("LEAD", Schema.Lead)];

    public static Reply Register(Portal portal, JsonObject parameters)
    {
        var user = User(portal, parameters);
        var phone = Json.Text(parameters["PHONE_NUMBER"]) ?? throw RestException.Missing("PHONE_NUMBER");
        if (!Digits.LooksLikePhone(phone) || Digits.Of(phone).Length is < 3 or > 20)
            throw new RestException(400, "ERROR_CORE", "Unsupported phone number format");
        if (Json.Integer(parameters["TYPE"]) is not (>= 1 and <= 5 and var type))
            throw new RestException(400, "ERROR_CORE", "Unknown TYPE");
        var started = Json.Text(parameters["CALL_START_DATE"]) is { } text
            ? Values.ParseMoment(text) ?? throw new RestException(400, "ERROR_CORE", "CALL_START_DATE should be in the ISO-8601 format")
            : portal.Now;
        var key = new PhoneCallKey(Digits.Of(phone), (int)type, user, Json.Text(parameters["LINE_NUMBER"]) ?? "", Json.Text(parameters["EXTERNAL_CALL_ID"]) ?? "");
        if (portal.LastCall.TryGetValue(key, out var same) && portal.Now - same.Registered < SameCall)
            return Registered(same, []);

        var id = portal.Calls.NextId();
        var call = new PhoneCall(id, $"externalCall.{id:x8}.{portal.Now.ToUnixTimeSeconds()}", key, portal.Now) { StartedAt = started };
        var made = Bind(portal, call, parameters, phone);
        portal.Calls.Add(call);
        portal.LastCall[key] = call;
        portal.CallById[call.CallId] = call;
        return Registered(call, made);
    }

    public static Reply Finish(Portal portal, JsonObject parameters)
    {
        var user = User(portal, parameters);
        var call = portal.CallById.GetValueOrDefault(Json.Text(parameters["CALL_ID"]) ?? "");
        if (call is null or { IsFinished: true })
            throw RestException.Classic("Call is not found (call should be registered prior to finishing)");
        call.IsFinished = true;
        call.Duration = (int)Math.Clamp(Json.Integer(parameters["DURATION"]) ?? 0, 0, int.MaxValue);
        call.StatusCode = Json.Text(parameters["STATUS_CODE"]) ?? (call.Duration > 0 ? "200" : "304");
        if (call.EntityType is { } owner)
            call.ActivityId = Activities.StoreCall(portal, Array.Find(Owners, o => o.Name == owner).Type, call, user);
        return Reply.Of(w => Write(w, call));
    }

    public static Reply AttachRecord(Portal portal, JsonObject parameters)
    {
        if (!portal.CallById.TryGetValue(Json.Text(parameters["CALL_ID"]) ?? "", out var call) || !call.IsFinished)
            throw new RestException(400, "ERROR_CORE", "Call is not found in the statistic table. Looks like it is not finished yet.");
        if (Json.Text(parameters["RECORD_URL"]) is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new RestException(400, "ERROR_CORE", "RECORD_URL or FILENAME should be set");
        call.RecordUrl = url;
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteNumber("FILE_ID", portal.NextOther());
            w.WriteEndObject();
        });
    }

    public static Reply SearchCrmEntities(Portal portal, JsonObject parameters)
    {
        var phone = Json.Text(parameters["PHONE_NUMBER"]) ?? throw RestException.Missing("PHONE_NUMBER");
        var found = Owners.SelectMany(o => portal.Phones(o.Type).Find(ItemStore.PhoneKey(phone)).Select(portal.Items(o.Type).Find).OfType<Item>().Select(i => (o.Name, Item: i))).ToList();
        return Reply.Of(w =>
        {
            w.WriteStartArray();
            foreach (var (name, item) in found)
            {
                var schema = portal.SchemaOf(item.Type);
                w.WriteStartObject();
                w.WriteString("CRM_ENTITY_TYPE", name);
                w.WriteNumber("CRM_ENTITY_ID", item.Id);
                w.WriteNumber("ASSIGNED_BY_ID", item.Int(schema["assignedById"]));
                w.WriteString("NAME", item.Text(schema[name == "COMPANY" ? "title" : "name"]));
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    /// <summary><c>voximplant.statistic.get</c>: only finished calls are in the history.</summary>
    public static Reply Statistic(Portal portal, JsonObject parameters)
    {
        var filter = (parameters["FILTER"] ?? parameters["filter"]) as JsonObject;
        string? Wanted(string name) => Json.Text(filter?[name] ?? filter?["=" + name]);
        IEnumerable<PhoneCall> rows = Wanted("CALL_ID") is { } one ? portal.CallById.TryGetValue(one, out var known) ? [known] : [] : portal.Calls.Rows;
        var found = rows.Where(c => c.IsFinished
            && (Wanted("EXTERNAL_CALL_ID") is not { } external || c.Key.ExternalId == external)
            && (Wanted("PHONE_NUMBER") is not { } phone || c.Key.Phone == Digits.Of(phone))).ToList();
        var start = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, 0, int.MaxValue);
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var call in found.Skip(start).Take(ItemLists.PageSize))
                Write(w, call);
            w.WriteEndArray();
        }), found.Count, start + ItemLists.PageSize < found.Count ? start + ItemLists.PageSize : null);
    }

    public static void Write(Utf8JsonWriter w, PhoneCall call)
    {
        w.WriteStartObject();
        w.WriteString("ID", Json.Of(call.Id));
        w.WriteString("CALL_ID", call.CallId);
        w.WriteString("EXTERNAL_CALL_ID", call.Key.ExternalId);
        w.WriteString("CALL_TYPE", Json.Of(call.Key.Type));
        w.WriteString("INCOMING", Json.Of(call.Key.Type));
        w.WriteString("PORTAL_USER_ID", Json.Of(call.Key.User));
        w.WriteString("PORTAL_NUMBER", call.Key.Line);
        w.WriteString("PHONE_NUMBER", call.Key.Phone);
        w.WriteString("CALL_DURATION", Json.Of(call.Duration));
        w.WriteString("CALL_START_DATE", Envelope.Moment(call.StartedAt));
        w.WriteBoolean("FINISHED", call.IsFinished);
        w.WriteString("CALL_STATUS", call.StatusCode == "200" ? "1" : "0");
        w.WriteString("CALL_FAILED_CODE", call.StatusCode);
        w.WriteString("CRM_ACTIVITY_ID", call.ActivityId == 0 ? null : Json.Of(call.ActivityId));
        w.WriteString("CRM_ENTITY_TYPE", call.EntityType);
        w.WriteString("CRM_ENTITY_ID", call.EntityType is null ? null : Json.Of(call.EntityId));
        w.WriteString("CALL_RECORD_URL", call.RecordUrl);
        w.WriteEndObject();
    }

    /// <summary>The object named, else the one with this number, else, where it is asked for, a new one.</summary>
    private static List<(string Type, long Id)> Bind(Portal portal, PhoneCall call, JsonObject parameters, string phone)
    {
        if (Json.Text(parameters["CRM_ENTITY_TYPE"]) is { } named)
        {
            if (Array.FindIndex(Owners, o => o.Name == named) is not (>= 0 and var at) || Json.Integer(parameters["CRM_ENTITY_ID"]) is not { } entity || portal.Items(Owners[at].Type).Find(entity) is null)
                throw new RestException(400, "ERROR_CORE", "CRM entity is not found");
            (call.EntityType, call.EntityId) = (named, entity);
            return [];
        }
        foreach (var (name, type) in Owners)
        {
            if (portal.Phones(type).Find(ItemStore.PhoneKey(phone)) is [var id, ..])
            {
                (call.EntityType, call.EntityId) = (name, id);
                return [];
            }
        }
        if (Json.Text(parameters["CRM_CREATE"]) is not ("1" or "Y"))
            return [];
        try
        {
            return portal.Options.LeadCreationError ? throw RestException.Classic("Не удалось создать лид") : Create(portal, call, parameters, phone);
        }
        catch (RestException e)
        {
            // Not an error of the call: the caller has to look.
            call.CreationError = e.Message;
            return [];
        }
    }

    private static List<(string Type, long Id)> Create(Portal portal, PhoneCall call, JsonObject parameters, string phone)
    {
        var isSimple = portal.Options.Mode == 2;
        var fields = new JsonObject
        {
            [isSimple ? "NAME" : "TITLE"] = $"{phone} - Входящий звонок",
            ["SOURCE_ID"] = Json.Text(parameters["CRM_SOURCE"]) ?? "CALL",
            ["PHONE"] = new JsonArray(new JsonObject { ["VALUE"] = phone, ["VALUE_TYPE"] = "WORK" }),
        };
        var first = Made(Classic.Add(portal, isSimple ? Schema.Contact : Schema.Lead, new JsonObject { ["fields"] = fields }));
        (call.EntityType, call.EntityId) = (isSimple ? "CONTACT" : "LEAD", first);
        if (!isSimple)
            return [("LEAD", first)];
        var deal = new JsonObject { ["TITLE"] = $"{phone} - Входящий звонок", ["CONTACT_ID"] = first };
        return [("CONTACT", first), ("DEAL", Made(Classic.Add(portal, Schema.Deal, new JsonObject { ["fields"] = deal })))];

        static long Made(Reply reply) => Json.Integer(JsonNode.Parse(reply.Result.Span)) ?? 0;
    }

    private static int User(Portal portal, JsonObject parameters) =>
        Json.Integer(parameters["USER_ID"]) is { } id && portal.IsActive(id)
            ? (int)id
            : throw new RestException(400, "ERROR_CORE", "User is not found or is not active");

    private static Reply Registered(PhoneCall call, List<(string Type, long Id)> made) => Reply.Of(w =>
    {
        w.WriteStartObject();
        w.WriteString("CALL_ID", call.CallId);
        w.WriteNumberOrNull("CRM_CREATED_LEAD", made.Find(m => m.Type == "LEAD") is { Id: > 0 } lead ? lead.Id : null);
        w.WriteStartArray("CRM_CREATED_ENTITIES");
        foreach (var (type, id) in made)
        {
            w.WriteStartObject();
            w.WriteString("ENTITY_TYPE", type);
            w.WriteNumber("ENTITY_ID", id);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteString("CRM_ENTITY_TYPE", call.EntityType);
        w.WriteNumberOrNull("CRM_ENTITY_ID", call.EntityType is null ? null : call.EntityId);
        if (call.CreationError is { } error)
            w.WriteString("LEAD_CREATION_ERROR", error);
        w.WriteEndObject();
    });
}
