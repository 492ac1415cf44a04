using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.deal.contact.items.*</c> and the same for leads.</summary>
internal static class ContactItems
{
    public static Reply Set(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        if (parameters["items"] is null or JsonValue)
            throw RestException.Classic("Parameter 'items' must be array.");
        var rows = Json.Items(parameters["items"]).OfType<JsonObject>().OrderByDescending(r => Json.Text(r["IS_PRIMARY"]) == "Y").ThenBy(r => Json.Integer(r["SORT"]) ?? 0);
        var ids = rows.Select(r => Json.Integer(r["CONTACT_ID"])).OfType<long>().Distinct().ToArray();
        ItemStore.Change(portal, item, new ItemChange(new() { [portal.SchemaOf(type)["contactIds"]] = ids }, null), isStrict: false);
        return Reply.True();
    }

    public static Reply Get(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        var ids = item.Get(portal.SchemaOf(type)["contactIds"]) as long[] ?? [];
        return Reply.Of(w =>
        {
            w.WriteStartArray();
            for (var i = 0; i < ids.Length; i++)
            {
                w.WriteStartObject();
                w.WriteNumber("CONTACT_ID", ids[i]);
                w.WriteNumber("SORT", (i + 1) * 10);
                w.WriteNumber("ROLE_ID", 0);
                w.WriteString("IS_PRIMARY", i == 0 ? "Y" : "N");
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    public static Reply Add(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        if (Json.Integer((parameters["fields"] as JsonObject)?["CONTACT_ID"]) is not { } contact || portal.Items(Schema.Contact).Find(contact) is null)
            throw RestException.Classic("The contact is not found.");
        var isFirst = Json.Text((parameters["fields"] as JsonObject)?["IS_PRIMARY"]) == "Y";
        var others = Of(portal, item).Where(id => id != contact);
        Write(portal, item, isFirst ? [contact, .. others] : [.. others, contact]);
        return Reply.True();
    }

    public static Reply Delete(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        var contact = Json.Integer((parameters["fields"] as JsonObject)?["CONTACT_ID"]);
        Write(portal, item, [.. Of(portal, item).Where(id => id != contact)]);
        return Reply.True();
    }

    public static Reply Clear(Portal portal, int type, JsonObject parameters)
    {
        Write(portal, Find(portal, type, parameters), []);
        return Reply.True();
    }

    private static long[] Of(Portal portal, Item item) => item.Get(portal.SchemaOf(item.Type)["contactIds"]) as long[] ?? [];

    private static void Write(Portal portal, Item item, long[] ids) =>
        ItemStore.Change(portal, item, new ItemChange(new() { [portal.SchemaOf(item.Type)["contactIds"]] = ids }, null), isStrict: false);

    private static Item Find(Portal portal, int type, JsonObject parameters) =>
        portal.Items(type).Find(Json.Integer(parameters["id"] ?? parameters["ID"]) ?? 0) ?? throw RestException.Classic("Not found");
}
