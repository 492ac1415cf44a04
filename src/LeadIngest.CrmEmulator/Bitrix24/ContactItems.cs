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

    private static Item Find(Portal portal, int type, JsonObject parameters) =>
        portal.Items(type).Find(Json.Integer(parameters["id"] ?? parameters["ID"]) ?? 0) ?? throw RestException.Classic("Not found");
}
