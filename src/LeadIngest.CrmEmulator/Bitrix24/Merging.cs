using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Two cards become one: the first id survives.</summary>
internal static class Merging
{
    private const int MaxEntities = 50;

    public static Reply MergeBatch(Portal portal, JsonObject parameters)
    {
        var given = parameters["params"] as JsonObject ?? parameters;
        var type = Items.TypeOf(given);
        var ids = Json.Items(given["entityIds"]).Select(Json.Integer).OfType<long>().Distinct().Take(MaxEntities).ToList();
        if (ids.Count < 2 || ids.Exists(id => portal.Items(type).Find(id) is null))
            throw RestException.NotFound();
        foreach (var gone in ids.Skip(1))
            Merge(portal, type, ids[0], gone);
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteString("STATUS", "SUCCESS");
            w.WriteStartArray("ENTITY_IDS");
            w.WriteNumberValue(ids[0]);
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public static void Merge(Portal portal, int type, long keepId, long goneId)
    {
        var (keep, gone) = (portal.Items(type).Find(keepId)!, portal.Items(type).Find(goneId)!);
        var schema = portal.SchemaOf(type);
        var values = new Dictionary<ItemField, object?>();
        foreach (var field in schema.All.Where(f => !f.IsReadOnly && f.Name is not ("stageId" or "categoryId" or "contactId")))
        {
            if (keep.Get(field) is null or "" or 0L && gone.Get(field) is { } value and not ("" or 0L))
                values[field] = value;
        }
        var fm = keep.Fm.Concat(gone.Fm.Where(g => !keep.Fm.Exists(k => k.TypeId == g.TypeId && k.Value == g.Value))).ToList();
        ItemStore.Delete(portal, gone);
        ItemStore.Change(portal, keep, new ItemChange(values, fm), isStrict: false);
        MoveComments(portal, Requirements.NameOf(type), keepId, goneId);
        if (type == Schema.Contact)
            MoveDeals(portal, keepId, goneId);
    }

    private static void MoveComments(Portal portal, string type, long keepId, long goneId)
    {
        if (!portal.CommentsOf.Remove((type, goneId), out var comments))
            return;
        if (!portal.CommentsOf.TryGetValue((type, keepId), out var list))
            portal.CommentsOf[(type, keepId)] = list = [];
        list.AddRange(comments.Select(c => portal.Comments.Replace(c with { EntityId = keepId })));
    }

    private static void MoveDeals(Portal portal, long keepId, long goneId)
    {
        foreach (var type in new[] { Schema.Lead, Schema.Deal })
        {
            var many = portal.SchemaOf(type)["contactIds"];
            foreach (var item in portal.Items(type).Rows)
            {
                if (item.Get(many) is long[] ids && ids.Contains(goneId))
                    ItemStore.Change(portal, item, new ItemChange(new() { [many] = ids.Select(id => id == goneId ? keepId : id).Distinct().ToArray() }, null), isStrict: false);
            }
        }
    }
}
