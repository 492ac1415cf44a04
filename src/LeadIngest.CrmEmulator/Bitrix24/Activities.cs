using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Activities, to-dos, traces, product rows: what hangs on a card.</summary>
internal static class Activities
{
    private static readonly Dictionary<string, int> Owners = new(StringComparer.Ordinal) { ["L"] = Schema.Lead, ["D"] = Schema.Deal };

    public static Reply Add(Portal portal, JsonObject parameters)
    {
        if (parameters["fields"] is not JsonObject fields)
            throw RestException.Classic("Parameter 'fields' must be array.");
        var type = Json.Integer(fields["TYPE_ID"]) ?? throw RestException.Classic("The field TYPE_ID is required.");
        var (ownerType, ownerId) = Owner(portal, fields["OWNER_TYPE_ID"], fields["OWNER_ID"]);
        return Reply.Number(Store(portal, ownerType, ownerId, type == 2 ? "CALL" : "MEETING", Json.Text(fields["SUBJECT"]) ?? "", fields));
    }

    public static Reply AddTodo(Portal portal, JsonObject parameters)
    {
        if (Json.Text(parameters["deadline"]) is not { } deadline || Values.ParseMoment(deadline) is null)
            throw RestException.Missing("deadline");
        var (ownerType, ownerId) = Owner(portal, parameters["ownerTypeId"], parameters["ownerId"]);
        var title = Json.Text(parameters["title"]) ?? Json.Text(parameters["description"]) ?? "";
        var id = Store(portal, ownerType, ownerId, "CRM_TODO", title, parameters);
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

    private static long Store(Portal portal, int ownerType, long ownerId, string provider, string subject, JsonObject fields)
    {
        var activity = new Activity(portal.Activities.NextId(), ownerType, ownerId, provider, subject, portal.Now, fields.ToJsonString());
        portal.Activities.Add(activity);
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
