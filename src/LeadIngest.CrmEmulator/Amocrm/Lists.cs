using System.Text.Json;
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
        var (page, limit) = Window(call, maxLimit);
        return Page(call, collection, page, limit, [.. rows.Skip((page - 1) * limit).Take(limit + 1)], write);
    }

    /// <param name="found">Rows of the page, and one more when there is a next page.</param>
    private static Answer Page<T>(Call call, string collection, int page, int limit, List<T> found, Action<Utf8JsonWriter, T> write)
    {
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
        var text = call.QueryText("with");
        var collection = Shapes.Collection(kind);
        if ((text ?? "").Split(',').Contains("only_deleted"))
            return Page(call, collection, account.Trash.Where(e => e.Kind == kind), (w, e) => Shapes.WriteDeleted(w, account.Id, e));
        var with = Shapes.ParseWith(text);
        var (page, limit) = Window(call, MaxLimit);
        return Page(call, collection, page, limit, EntityLists.Read(account, call, kind, (page - 1) * limit, limit + 1),
            (w, e) => Shapes.Write(w, account.Id, call.BaseUrl, e, with));
    }

    private static (int Page, int Limit) Window(Call call, int maxLimit) =>
        ((int)Math.Clamp(Json.Integer(call.Query["page"]) ?? 1, 1, 1_000_000), (int)Math.Clamp(Json.Integer(call.Query["limit"]) ?? 50, 1, maxLimit));

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
