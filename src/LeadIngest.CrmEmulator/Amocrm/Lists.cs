using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Paging as amoCRM does it: 204 for nothing, a link to the next page only when there is one.</summary>
internal static class Lists
{
    public const int MaxLimit = 250;

    /// <summary>One page of a lazily enumerated source: nothing past the page is looked at.</summary>
    public static Answer Page<T>(Call call, string collection, IEnumerable<T> rows, Action<Utf8JsonWriter, T> write, int maxLimit = MaxLimit)
    {
        var limit = (int)Math.Clamp(Json.Integer(call.Query["limit"]) ?? 50, 1, maxLimit);
        var page = (int)Math.Clamp(Json.Integer(call.Query["page"]) ?? 1, 1, 1_000_000);
        var found = rows.Skip((page - 1) * limit).Take(limit + 1).ToList();
        if (found.Count == 0)
            return Answer.Empty(204);
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_page", page);
            WriteLinks(w, call, page, found.Count > limit);
            w.WriteStartObject("_embedded");
            w.WriteStartArray(collection);
            foreach (var row in found.Take(limit))
                write(w, row);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    /// <summary>A small directory, whole, with its totals.</summary>
    public static Answer Whole<T>(Call call, string collection, IReadOnlyCollection<T> rows, Action<Utf8JsonWriter, T> write) =>
        Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_total_items", rows.Count);
            w.WriteNumber("_page", 1);
            w.WriteNumber("_page_count", 1);
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            w.WriteStartArray(collection);
            foreach (var row in rows)
                write(w, row);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });

    public static Answer Entities(Account account, Call call, Kind kind)
    {
        var rows = call.QueryText("query") is { Length: > 0 } query
            ? Search.Find(account, kind, query)
            : account.Rows(kind).Where(account.IsVisible);
        if (account.Options.ApiFilterEnabled && call.Query["filter"] is JsonObject filter)
            rows = rows.Where(EntityFilter.Of(filter));
        rows = Ordered(rows, call.Query["order"] as JsonObject);
        var with = Shapes.ParseWith(call.QueryText("with"));
        return Page(call, Shapes.Collection(kind), rows, (w, e) => Shapes.Write(w, call.BaseUrl, e, with));
    }

    private static IEnumerable<Entity> Ordered(IEnumerable<Entity> rows, JsonObject? order)
    {
        if (order is null)
            return rows;
        foreach (var (key, value) in order)
        {
            var isDown = string.Equals(Json.Text(value), "desc", StringComparison.OrdinalIgnoreCase);
            rows = (key, isDown) switch
            {
                ("updated_at", true) => rows.OrderByDescending(e => e.UpdatedAt).ThenByDescending(e => e.Id),
                ("updated_at", false) => rows.OrderBy(e => e.UpdatedAt).ThenBy(e => e.Id),
                ("created_at", true) => rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id),
                ("created_at", false) => rows.OrderBy(e => e.CreatedAt).ThenBy(e => e.Id),
                ("id", true) => rows.OrderByDescending(e => e.Id),
                _ => rows,
            };
            break;
        }
        return rows;
    }

    private static void WriteLinks(Utf8JsonWriter w, Call call, int page, bool hasNext)
    {
        w.WriteStartObject("_links");
        WriteHref(w, "self", $"{call.BaseUrl}/{call.Path}{call.QueryString}");
        if (hasNext)
            WriteHref(w, "next", $"{call.BaseUrl}/{call.Path}{WithPage(call.QueryString, page + 1)}");
        w.WriteEndObject();
    }

    private static void WriteHref(Utf8JsonWriter w, string name, string href)
    {
        w.WriteStartObject(name);
        w.WriteString("href", href);
        w.WriteEndObject();
    }

    private static string WithPage(string query, int page)
    {
        var kept = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("page=", StringComparison.Ordinal));
        return "?" + string.Join('&', kept.Append($"page={page}"));
    }
}
