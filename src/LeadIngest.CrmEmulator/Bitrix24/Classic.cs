using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.lead.*</c>, <c>crm.deal.*</c>, <c>crm.contact.*</c>, <c>crm.company.*</c>: UPPER_CASE names only, every value a string.</summary>
internal static class Classic
{
    public static Reply Add(Portal portal, int type, JsonObject parameters)
    {
        var fields = FieldsOf(parameters);
        var item = ItemStore.Add(portal, type, Read(portal, type, fields, null), isStrict: false);
        if (Json.Text(fields["TRACE"]) is { Length: > 0 } trace)
            portal.Traces.Add(trace);
        return Reply.Number(item.Id);
    }

    public static Reply Update(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        ItemStore.Change(portal, item, Read(portal, type, FieldsOf(parameters), item), isStrict: false);
        return Reply.True();
    }

    public static Reply Delete(Portal portal, int type, JsonObject parameters)
    {
        ItemStore.Delete(portal, Find(portal, type, parameters));
        return Reply.True();
    }

    public static Reply Get(Portal portal, int type, JsonObject parameters)
    {
        var item = Find(portal, type, parameters);
        return Reply.Of(w => Write(w, portal, item, withContactIds: false, portal.SchemaOf(type).All, onlyPresent: true, Multis.Types));
    }

    public static Reply List(Portal portal, int type, JsonObject parameters)
    {
        var schema = portal.SchemaOf(type);
        var page = ItemLists.Read(portal, type, parameters, schema.ByUpper, isUniversal: false);
        var select = Json.Items(parameters["select"] ?? parameters["SELECT"]).Select(Json.Text).OfType<string>().ToList();
        var isAll = select.Count == 0 || select.Contains("*");
        var isUser = select.Count == 0 || select.Contains("UF_*");
        var fields = schema.All.Where(f => f.Upper == "ID" || select.Contains(f.Upper) || (f.IsUser ? isUser : isAll)).ToList();
        // Multi-fields have to be asked for by name.
        var multis = schema.HasMulti ? Multis.Types.Where(select.Contains).ToArray() : [];
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var item in page.Rows)
                Write(w, portal, item, withContactIds: false, fields, onlyPresent: true, multis);
            w.WriteEndArray();
        }), page.Total, page.Next);
    }

    public static Reply Fields(Portal portal, int type) => Reply.Of(w =>
    {
        w.WriteStartObject();
        foreach (var field in portal.SchemaOf(type).All)
            FieldDescriptions.Write(w, portal, type, field, isClassic: true);
        w.WriteEndObject();
    });

    /// <param name="withContactIds">The vendor's own reads leave the list of contacts out; the doors show it.</param>
    /// <param name="onlyPresent">Leave out multi-fields the item has none of, as the vendor does.</param>
    public static void Write(Utf8JsonWriter w, Portal portal, Item item, bool withContactIds, IEnumerable<ItemField> fields, bool onlyPresent, string[] multis)
    {
        w.WriteStartObject();
        foreach (var field in fields)
        {
            if (field.Type != FieldType.Ints || withContactIds)
                Values.WriteClassic(w, field.Upper, Values.Read(portal, item, field));
        }
        foreach (var type in multis)
        {
            if (!onlyPresent || item.Fm.Exists(m => m.TypeId == type))
                Multis.WriteClassic(w, item, type);
        }
        w.WriteEndObject();
    }

    private static JsonObject FieldsOf(JsonObject parameters) =>
        (parameters["fields"] ?? parameters["FIELDS"]) switch
        {
            JsonObject fields => fields,
            JsonArray { Count: 0 } => [],
            _ => throw RestException.Classic("Parameter 'fields' must be array."),
        };

    private static Item Find(Portal portal, int type, JsonObject parameters)
    {
        if (Json.Integer(parameters["id"] ?? parameters["ID"]) is not (> 0 and var id))
            throw RestException.Classic("ID is not defined or invalid.");
        var item = portal.Items(type).Find(id) ?? throw RestException.Classic("Not found");
        return portal.MayRead(item) ? item : throw RestException.Classic("Access denied.");
    }

    private static ItemChange Read(Portal portal, int type, JsonObject fields, Item? item)
    {
        var schema = portal.SchemaOf(type);
        var values = new Dictionary<ItemField, object?>();
        foreach (var (name, node) in fields)
        {
            if (schema.ByUpper(name) is { IsReadOnly: false } field)
                values[field] = Values.Parse(field, node);
        }
        return new ItemChange(values, schema.HasMulti ? Multis.ApplyClassic(portal, item?.Fm ?? [], fields) : null);
    }
}
