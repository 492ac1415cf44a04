using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Rows of one page of leads, contacts or companies. Where the order allows, only the page itself is looked at: accounts are large.</summary>
internal static class EntityLists
{
    public static List<Entity> Read(Account account, Call call, Kind kind, int start, int count)
    {
        var filter = account.Options.ApiFilter ? call.Query["filter"] as JsonObject : null;
        var (key, isDown) = Order(call.Query["order"] as JsonObject);
        var query = call.QueryText("query");
        var youngest = account.Youngest();
        var isPlain = filter is null && string.IsNullOrEmpty(query) && youngest is null && account.Hidden == 0;
        if (isPlain && key is null or "id")
            return Slice(account.Table(kind), start, count, isDown);
        if (isPlain && key == "updated_at")
            return [.. account.UpdatesOf(kind).Ids(account.Table(kind), isDown, null, null).Skip(start).Take(count).Select(id => account.Find(kind, id)!)];
        var rows = string.IsNullOrEmpty(query)
            ? Candidates(account, kind, filter, key, isDown).Where(e => Account.IsVisible(e, youngest))
            : Sort(Search.Find(account, kind, query), key, isDown);
        if (filter is not null)
            rows = rows.Where(EntityFilter.Of(filter));
        return [.. rows.Skip(start).Take(count)];
    }

    private static (string? Key, bool IsDown) Order(JsonObject? order)
    {
        var (key, value) = order?.FirstOrDefault() ?? default;
        return (key is "id" or "updated_at" or "created_at" ? key : null, string.Equals(Json.Text(value), "desc", StringComparison.OrdinalIgnoreCase));
    }

    private static List<Entity> Slice(IReadOnlyList<Entity> rows, int start, int count, bool isDown)
    {
        var found = new List<Entity>(count);
        for (var i = start; i < Math.Min((long)start + count, rows.Count); i++)
            found.Add(rows[isDown ? rows.Count - 1 - i : i]);
        return found;
    }

    /// <summary>The listed ids, or what changed in the asked time, or everything; in the order asked for.</summary>
    private static IEnumerable<Entity> Candidates(Account account, Kind kind, JsonObject? filter, string? key, bool isDown)
    {
        if (filter?["id"] is { } ids && !(ids is JsonObject map && (map.ContainsKey("from") || map.ContainsKey("to"))))
        {
            var listed = Json.Items(ids).SelectMany(v => (Json.Text(v) ?? "").Split(',')).Select(t => long.TryParse(t, out var id) ? id : 0).Distinct().Order();
            return Sort(listed.Select(id => account.Find(kind, id)).OfType<Entity>(), key, isDown);
        }
        var changed = filter?["updated_at"] as JsonObject;
        var (from, to) = (Json.Integer(changed?["from"]), Json.Integer(changed?["to"]));
        if (key != "updated_at" && from is null && to is null)
            return Sort(account.Rows(kind), key, isDown);
        var byChange = account.UpdatesOf(kind).Ids(account.Table(kind), key == "updated_at" && isDown, from, to);
        return key == "updated_at"
            ? byChange.Select(id => account.Find(kind, id)!)
            : Sort(byChange.Order().Select(id => account.Find(kind, id)!), key, isDown);
    }

    private static IEnumerable<Entity> Sort(IEnumerable<Entity> rows, string? key, bool isDown) => (key, isDown) switch
    {
        ("updated_at", true) => rows.OrderByDescending(e => e.UpdatedAt).ThenByDescending(e => e.Id),
        ("updated_at", false) => rows.OrderBy(e => e.UpdatedAt).ThenBy(e => e.Id),
        ("created_at", true) => rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id),
        ("created_at", false) => rows.OrderBy(e => e.CreatedAt).ThenBy(e => e.Id),
        ("id", true) => rows.OrderByDescending(e => e.Id),
        _ => rows,
    };
}
