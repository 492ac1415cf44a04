using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record ItemPage(List<Item> Rows, int Total, int? Next);

/// <summary>Pages of 50, with <c>total</c> and <c>next</c>, or without counting when <c>start</c> is -1.</summary>
internal static class ItemLists
{
    public const int PageSize = 50;

    public static ItemPage Read(Portal portal, int type, JsonObject parameters, Func<string, ItemField?> find, bool isUniversal)
    {
        var test = ItemFilter.Parse(portal, (parameters["filter"] ?? parameters["FILTER"]) as JsonObject, find, isUniversal);
        var youngest = portal.Youngest();
        var start = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, -1, int.MaxValue);
        var rows = Candidates(portal, type, test).Where(i => portal.IsVisible(i, youngest) && test.Matches(i));
        rows = Ordered(portal, type, rows, (parameters["order"] ?? parameters["ORDER"]) as JsonObject, find, isUniversal);
        if (start < 0)
            return new ItemPage([.. rows.Take(PageSize)], 0, null);
        var all = rows.ToList();
        return new ItemPage([.. all.Skip(start).Take(PageSize)], all.Count, start + PageSize < all.Count ? start + PageSize : null);
    }

    /// <summary>Looks up by id, external id or a lower bound of ids where the filter allows, so that no scan is needed.</summary>
    private static IEnumerable<Item> Candidates(Portal portal, int type, ItemFilter filter)
    {
        var table = portal.Items(type);
        var ids = filter.Ids ?? filter.OriginIds?.SelectMany(portal.Origins(type).Find) ?? filter.Phones?.SelectMany(p => portal.Phones(type).Find(ItemStore.PhoneKey(p)))
            ?? filter.Emails?.SelectMany(e => portal.Emails(type).Find(e.ToLowerInvariant()));
        return ids is not null ? ids.Distinct().Order().Select(table.Find).OfType<Item>() : After(table, filter.AboveId);
    }

    private static IEnumerable<Item> After(Table<Item> table, long? id)
    {
        for (var i = id is null ? 0 : table.FirstAtLeast(id.Value + 1); i < table.Rows.Count; i++)
            yield return table.Rows[i];
    }

    private static IEnumerable<Item> Ordered(Portal portal, int type, IEnumerable<Item> rows, JsonObject? order, Func<string, ItemField?> find, bool isUniversal)
    {
        IOrderedEnumerable<Item>? ordered = null;
        var isById = true;
        foreach (var (name, direction) in order ?? [])
        {
            if (find(name) is not { } field)
            {
                throw isUniversal
                    ? RestException.Argument($"Invalid order: field '{name}' is not allowed in order")
                    : RestException.Numbered($"Unknown field definition `{name}` ({name}) for {(type == Schema.Lead ? "Lead" : type == Schema.Deal ? "Deal" : "Contact")} Entity.");
            }
            var isDown = string.Equals(Json.Text(direction), "DESC", StringComparison.OrdinalIgnoreCase);
            isById &= field.Name == "id" && !isDown;
            Func<Item, object?> key = i => Values.Read(portal, i, field) is var v && v is long[]? null : v;
            ordered = (ordered, isDown) switch
            {
                (null, false) => rows.OrderBy(key),
                (null, true) => rows.OrderByDescending(key),
                (_, false) => ordered.ThenBy(key),
                (_, true) => ordered.ThenByDescending(key),
            };
        }
        // Rows already come by rising id.
        return isById || ordered is null ? rows : ordered;
    }
}
