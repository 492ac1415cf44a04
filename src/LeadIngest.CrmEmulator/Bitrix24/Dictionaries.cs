using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Statuses, pipelines, people, and what the portal says about itself.</summary>
internal static class Dictionaries
{
    public static Reply Statuses(Portal portal, JsonObject parameters)
    {
        var entityId = Json.Text(((parameters["filter"] ?? parameters["FILTER"]) as JsonObject)?["ENTITY_ID"]);
        var rows = portal.Stages.All.Where(s => entityId is null || s.EntityId == entityId).ToList();
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var row in rows)
            {
                w.WriteStartObject();
                w.WriteString("ID", Json.Of(row.Id));
                w.WriteString("ENTITY_ID", row.EntityId);
                w.WriteString("STATUS_ID", row.StatusId);
                w.WriteString("NAME", row.Name);
                w.WriteString("NAME_INIT", row.Name);
                w.WriteString("SORT", Json.Of(row.Sort));
                w.WriteString("SYSTEM", "Y");
                w.WriteString("CATEGORY_ID", row.CategoryId is { } category ? Json.Of(category) : null);
                w.WriteString("COLOR", row.Color);
                w.WriteString("SEMANTICS", row.Semantics);
                w.WriteStartObject("EXTRA");
                w.WriteString("SEMANTICS", row.StatusId == "APOLOGY" ? "apology" : row.Semantics switch { "S" => "success", "F" => "failure", _ => "process" });
                w.WriteString("COLOR", row.Color);
                w.WriteEndObject();
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }), rows.Count);
    }

    public static Reply Categories(Portal portal, JsonObject parameters)
    {
        if (Items.TypeOf(parameters) != Schema.Deal)
            throw new RestException(400, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported");
        return new Reply(Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("categories");
            foreach (var (id, name) in portal.Stages.Categories)
            {
                w.WriteStartObject();
                w.WriteNumber("id", id);
                w.WriteString("name", name);
                w.WriteNumber("sort", 100 + id);
                w.WriteNumber("entityTypeId", Schema.Deal);
                w.WriteString("isDefault", id == 0 ? "Y" : "N");
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }), portal.Stages.Categories.Count);
    }

    public static Reply Users(Portal portal, JsonObject parameters)
    {
        var filter = (parameters["FILTER"] ?? parameters["filter"]) as JsonObject;
        var ids = Json.Items(filter?["ID"] ?? parameters["ID"] ?? parameters["id"]).Select(Json.Integer).OfType<long>().ToList();
        var active = Json.Text(filter?["ACTIVE"]) is { } text ? text is "true" or "1" or "Y" : (bool?)null;
        var start = (int)Math.Clamp(Json.Integer(parameters["start"] ?? parameters["START"]) ?? 0, 0, int.MaxValue);
        var rows = portal.Users.Where(u => (ids.Count == 0 || ids.Contains(u.Id)) && (active is null || u.IsActive == active)).ToList();
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var user in rows.Skip(start).Take(ItemLists.PageSize))
            {
                w.WriteStartObject();
                w.WriteString("ID", Json.Of(user.Id));
                w.WriteBoolean("ACTIVE", user.IsActive);
                w.WriteString("NAME", user.Name);
                w.WriteString("LAST_NAME", user.LastName);
                w.WriteString("EMAIL", user.Email);
                w.WriteString("WORK_POSITION", "");
                w.WriteStartArray("UF_DEPARTMENT");
                w.WriteNumberValue(1);
                w.WriteEndArray();
                w.WriteString("USER_TYPE", "employee");
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }), rows.Count, start + ItemLists.PageSize < rows.Count ? start + ItemLists.PageSize : null);
    }

    public static Reply Profile(Portal portal)
    {
        var user = Array.Find(portal.Users, u => u.Id == portal.Caller.UserId) ?? portal.Users[0];
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteString("ID", Json.Of(portal.Caller.UserId));
            w.WriteBoolean("ADMIN", portal.Options.Admin);
            w.WriteString("NAME", user.Name);
            w.WriteString("LAST_NAME", user.LastName);
            w.WriteString("PERSONAL_GENDER", "");
            w.WriteEndObject();
        });
    }

    public static Reply Words(IEnumerable<string> words) => Reply.Of(w =>
    {
        w.WriteStartArray();
        foreach (var word in words)
            w.WriteStringValue(word);
        w.WriteEndArray();
    });
}
