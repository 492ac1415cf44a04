using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.stagehistory.list</c>: rows of an item's current pipeline only, as observed, unless the portal says otherwise.</summary>
internal static class StageHistory
{
    public static Reply List(Portal portal, JsonObject parameters)
    {
        var type = Items.TypeOf(parameters);
        var filter = (parameters["filter"] ?? parameters["FILTER"]) as JsonObject ?? [];
        var owners = Json.Items(filter["OWNER_ID"] ?? filter["=OWNER_ID"] ?? filter["@OWNER_ID"]).Select(Json.Integer).OfType<long>().ToHashSet();
        var above = Json.Integer(filter[">ID"]);
        var upTo = Json.Integer(filter["<=ID"]);
        var since = Json.Text(filter[">=CREATED_TIME"]) is { } text ? Values.ParseMoment(text) : null;
        var rows = Above(portal.History, above).Where(h => h.EntityType == type && (owners.Count == 0 || owners.Contains(h.OwnerId)) && (above is null || h.Id > above) && (upTo is null || h.Id <= upTo)
            && (since is null || h.Created >= since) && (portal.Options.HistoryOfAll || portal.Items(type).Find(h.OwnerId)?.Category == h.CategoryId));
        var start = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, -1, int.MaxValue);
        if (start < 0)
            return Page([.. rows.Take(ItemLists.PageSize)], 0, null);
        var all = rows.ToList();
        return Page(all.Skip(start).Take(ItemLists.PageSize), all.Count, start + ItemLists.PageSize < all.Count ? start + ItemLists.PageSize : null);
    }

    /// <summary>Rows have the ids 1, 2, 3, …: those behind one are found without a walk.</summary>
    private static IEnumerable<HistoryRow> Above(List<HistoryRow> rows, long? id)
    {
        for (var i = (int)Math.Clamp(id ?? 0, 0, rows.Count); i < rows.Count; i++)
            yield return rows[i];
    }

    public static void Write(Utf8JsonWriter w, HistoryRow row)
    {
        w.WriteStartObject();
        w.WriteNumber("ID", row.Id);
        w.WriteNumber("TYPE_ID", row.TypeId);
        w.WriteNumber("OWNER_ID", row.OwnerId);
        w.WriteString("CREATED_TIME", Envelope.Moment(row.Created));
        if (row.EntityType == Schema.Deal)
            w.WriteNumber("CATEGORY_ID", row.CategoryId);
        w.WriteString(row.EntityType == Schema.Lead ? "STATUS_ID" : "STAGE_ID", row.Stage);
        w.WriteString(row.EntityType == Schema.Lead ? "STATUS_SEMANTIC_ID" : "STAGE_SEMANTIC_ID", row.Semantic);
        w.WriteEndObject();
    }

    private static Reply Page(IEnumerable<HistoryRow> rows, int total, int? next) => new(Json.Write(w =>
    {
        w.WriteStartObject();
        w.WriteStartArray("items");
        foreach (var row in rows)
            Write(w, row);
        w.WriteEndArray();
        w.WriteEndObject();
    }), total, next);
}
