using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>GET /events</c>, newest first. Its filters always work, add-on or not.</summary>
internal static class Events
{
    private const int MaxLimit = 100;

    public static Answer List(Account account, Call call)
    {
        var filter = call.Query["filter"] as JsonObject;
        var types = Words(filter?["type"]);
        var entities = Words(filter?["entity"]);
        var ids = filter?["entity_id"] is { } id ? EntityFilter.Range(id) : null;
        var by = filter?["created_by"] is { } user ? EntityFilter.Range(user) : null;
        var created = Created(filter?["created_at"]);
        var rows = Newest(account.Events).Where(e => (types.Count == 0 || types.Contains(e.Type))
            && (entities.Count == 0 || entities.Contains(Singular(e.Kind))) && (ids is null || ids(e.EntityId))
            && (by is null || by(e.CreatedBy)) && (created is null || created(e.CreatedAt)));
        return Lists.Page(call, "events", rows, (w, row) => Write(w, account.Id, row), MaxLimit);
    }

    public static void Write(Utf8JsonWriter w, long accountId, EventRow row)
    {
        w.WriteStartObject();
        w.WriteString("id", row.Id.ToString("x16", CultureInfo.InvariantCulture));
        w.WriteString("type", row.Type);
        w.WriteNumber("entity_id", row.EntityId);
        w.WriteString("entity_type", Singular(row.Kind));
        w.WriteNumber("created_by", row.CreatedBy);
        w.WriteNumber("created_at", row.CreatedAt);
        w.WritePropertyName("value_after");
        w.WriteRawValue(row.AfterJson ?? "[]");
        w.WritePropertyName("value_before");
        w.WriteRawValue(row.BeforeJson ?? "[]");
        w.WriteNumber("account_id", accountId);
        w.WriteStartObject("_embedded");
        w.WriteStartObject("entity");
        w.WriteNumber("id", row.EntityId);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static IEnumerable<EventRow> Newest(List<EventRow> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
            yield return events[i];
    }

    private static string Singular(Kind kind) => kind.ToString().ToLowerInvariant();

    private static HashSet<string> Words(JsonNode? node) => [.. Json.Items(node).SelectMany(n => (Json.Text(n) ?? "").Split(','))];

    /// <summary>One moment means "after"; two are a range; also <c>[from]</c> and <c>[to]</c>.</summary>
    private static Func<long, bool>? Created(JsonNode? node)
    {
        if (node is null or JsonObject)
            return node is null ? null : EntityFilter.Range(node);
        var parts = (Json.Text(node) ?? "").Split(',').Select(t => long.TryParse(t, out var n) ? n : 0).ToArray();
        return parts.Length > 1 ? at => at >= parts[0] && at <= parts[1] : at => at >= parts[0];
    }
}
