using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Values and multi-fields to write; what is absent stays.</summary>
internal sealed record ItemChange(Dictionary<ItemField, object?> Values, List<Multi>? Fm);

/// <summary>Creates, changes and deletes items, keeps the indexes and the stage history, raises the portal's events.</summary>
/// <remarks>Nothing is ever deduplicated: the same call twice makes two records.</remarks>
internal static class ItemStore
{
    private static readonly TimeSpan PlannedClose = TimeSpan.FromDays(7);

    /// <param name="isStrict">The universal methods refuse an unknown stage, the classic ones pass over it.</param>
    public static Item Add(Portal portal, int type, ItemChange change, bool isStrict)
    {
        var schema = portal.SchemaOf(type);
        Check(portal, type, change, isStrict, null);
        var item = new Item(type, portal.Items(type).NextId(), portal.Now) { MovedBy = portal.Caller.UserId };
        item.Set(schema["assignedById"], portal.Caller.UserId);
        item.Set(schema["createdBy"], portal.Caller.UserId);
        item.Set(schema["sourceId"], portal.Stages.First("SOURCE"));
        if (type == Schema.Deal)
        {
            item.Set(schema["begindate"], item.Created);
            item.Set(schema["closedate"], item.Created + PlannedClose);
        }
        Write(portal, item, change);
        if (type != Schema.Contact && string.IsNullOrEmpty(item.Text(schema["title"])))
            item.Set(schema["title"], $"{(type == Schema.Lead ? "Лид" : type == Schema.Deal ? "Сделка" : "Компания")} #{item.Id}");
        item.Stage ??= type <= Schema.Deal ? portal.Stages.First(Stages.Dictionary(type, item.Category)) : null;
        portal.Items(type).Add(item);
        Index(portal, item, isAdd: true);
        Note(portal, item, 1);
        portal.Events.Raise(EventName(type, "ADD"), item.Id);
        if (type == Schema.Lead && portal.Options.Mode == 2 && !string.IsNullOrEmpty(item.Text(schema["name"])))
            SimpleCrm.Convert(portal, item);
        return item;
    }

    public static void Change(Portal portal, Item item, ItemChange change, bool isStrict)
    {
        Check(portal, item.Type, change, isStrict, item);
        var (stage, category) = (item.Stage, item.Category);
        Index(portal, item, isAdd: false);
        var isChanged = Write(portal, item, change);
        Index(portal, item, isAdd: true);
        // An update that changes nothing saves nothing.
        if (!isChanged)
            return;
        item.Updated = portal.Now;
        item.Set(portal.SchemaOf(item.Type)["updatedBy"], portal.Caller.UserId);
        if (item.Stage != stage || item.Category != category)
        {
            (item.Moved, item.MovedBy) = (portal.Now, portal.Caller.UserId);
            if (item.Type == Schema.Deal && portal.Options.ClosingMovesCloseDate && portal.Stages.Semantic(item) != "P")
                item.Set(portal.SchemaOf(Schema.Deal)["closedate"], portal.Now);
            Note(portal, item, item.Category != category ? 5 : portal.Stages.Semantic(item) == "P" ? 2 : 3);
        }
        if (item.Category != category)
            portal.Events.RaiseMove(item);
        else
            portal.Events.Raise(EventName(item.Type, "UPDATE"), item.Id);
    }

    public static void Delete(Portal portal, Item item)
    {
        Index(portal, item, isAdd: false);
        portal.Items(item.Type).Remove(item.Id);
        portal.Events.Raise(EventName(item.Type, "DELETE"), item.Id);
    }

    /// <summary>Digits that a phone is found by: an extension after <c>#</c> does not count.</summary>
    public static string PhoneKey(string phone) => Digits.Of(phone.Split('#')[0]);

    private static void Check(Portal portal, int type, ItemChange change, bool isStrict, Item? item)
    {
        if (portal.Options.DiskFull)
            throw RestException.Classic("Исчерпана дисковая квота портала");
        if (change.Fm is { } fm)
            Multis.CheckEmails(type, fm);
        Requirements.Check(portal, type, change, item);
        if (type > Schema.Deal)
            return;
        var schema = portal.SchemaOf(type);
        var category = type == Schema.Deal && change.Values.TryGetValue(schema["categoryId"], out var wanted) && (isStrict || item is null) ? (long)(wanted ?? 0L) : item?.Category ?? 0;
        if (type == Schema.Deal && !portal.Stages.HasCategory(category))
            throw RestException.BadValue("CATEGORY_ID");
        if (change.Values.TryGetValue(schema["stageId"], out var stage) && portal.Stages.Find(Stages.Dictionary(type, category), stage as string) is null)
        {
            if (isStrict && stage is string { Length: > 0 })
                throw RestException.BadValue(schema["stageId"].Upper);
            change.Values.Remove(schema["stageId"]);
        }
        // The classic update cannot move a deal to another pipeline and says nothing about it.
        if (type == Schema.Deal && item is not null && !isStrict)
            change.Values.Remove(schema["categoryId"]);
    }

    private static bool Write(Portal portal, Item item, ItemChange change)
    {
        var isChanged = false;
        foreach (var (field, value) in change.Values)
        {
            switch (field.Name)
            {
                case "stageId":
                    isChanged |= item.Stage != (string?)value;
                    item.Stage = portal.Share((string)value!);
                    break;
                case "categoryId":
                    if (item.Category != (long)(value ?? 0L))
                    {
                        isChanged = true;
                        item.Category = (long)(value ?? 0L);
                        item.Stage = change.Values.Keys.Any(f => f.Name == "stageId") ? item.Stage : portal.Stages.First(Stages.Dictionary(item.Type, item.Category));
                    }
                    break;
                default:
                    isChanged |= item.Set(field, field.IsShared && value is string text ? portal.Share(text) : value);
                    break;
            }
        }
        if (item.Type <= Schema.Deal)
            LinkContacts(portal, item, change);
        if (change.Fm is not { } fm || fm.SequenceEqual(item.Fm))
            return isChanged;
        item.Fm = fm;
        return true;
    }

    /// <summary>One contact and the list of contacts are two views of the same links.</summary>
    private static void LinkContacts(Portal portal, Item item, ItemChange change)
    {
        var schema = portal.SchemaOf(item.Type);
        var (one, many) = (schema["contactId"], schema["contactIds"]);
        if (change.Values.ContainsKey(many))
        {
            var ids = (long[]?)item.Get(many) ?? [];
            if (change.Values.ContainsKey(one) && item.Int(one) is > 0 and var first && !ids.Contains(first))
                item.Set(many, ids = [first, .. ids]);
            item.Set(one, ids.Length > 0 ? ids[0] : 0L);
        }
        else if (change.Values.ContainsKey(one))
        {
            item.Set(many, item.Int(one) > 0 ? new[] { item.Int(one) } : []);
        }
    }

    public static void Index(Portal portal, Item item, bool isAdd)
    {
        Put(portal.Origins(item.Type), item.Text(portal.SchemaOf(item.Type)["originId"]));
        foreach (var multi in item.Fm)
        {
            if (multi.TypeId == "PHONE")
                Put(portal.Phones(item.Type), PhoneKey(multi.Value));
            else if (multi.TypeId == "EMAIL")
                Put(portal.Emails(item.Type), multi.Value.ToLowerInvariant());
        }

        void Put(Postings index, string? key)
        {
            if (string.IsNullOrEmpty(key))
                return;
            if (isAdd)
                index.Add(key, item.Id);
            else
                index.Remove(key, item.Id);
        }
    }

    private static void Note(Portal portal, Item item, int typeId)
    {
        if (item.Stage is { } stage)
            portal.History.Add(new HistoryRow(portal.History.Count + 1, typeId, item.Type, item.Id, portal.Now, item.Category, stage, portal.Stages.Semantic(item)!));
    }

    public static string EventName(int type, string action) =>
        "ONCRM" + (type switch { Schema.Lead => "LEAD", Schema.Deal => "DEAL", Schema.Contact => "CONTACT", _ => "COMPANY" }) + action;
}
