using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.item.*</c>: camelCase names only; unknown names in <c>fields</c> vanish without a word.</summary>
internal static class Items
{
    public static Reply Add(Portal portal, JsonObject parameters)
    {
        var type = TypeOf(parameters);
        var item = ItemStore.Add(portal, type, ReadFields(portal, type, parameters, null), isStrict: true);
        return One(portal, item);
    }

    public static Reply Get(Portal portal, JsonObject parameters) => One(portal, Find(portal, parameters));

    public static Reply Update(Portal portal, JsonObject parameters)
    {
        var item = Find(portal, parameters);
        ItemStore.Change(portal, item, ReadFields(portal, item.Type, parameters, item), isStrict: true);
        return One(portal, item);
    }

    public static Reply Delete(Portal portal, JsonObject parameters)
    {
        ItemStore.Delete(portal, Find(portal, parameters));
        return Reply.Of(Reply.WriteEmptyMap);
    }

    public static Reply List(Portal portal, JsonObject parameters)
    {
        var type = TypeOf(parameters);
        var schema = portal.SchemaOf(type);
        var page = ItemLists.Read(portal, type, parameters, schema.ByName, isUniversal: true);
        var select = Json.Items(parameters["select"]).Select(Json.Text).OfType<string>().ToList();
        var isAll = select.Count == 0 || select.Contains("*");
        var fields = schema.All.Where(f => isAll || f.Name == "id" || select.Contains(f.Name)).ToList();
        var withMulti = schema.HasMulti && select.Contains("*");
        return new Reply(Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("items");
            foreach (var item in page.Rows)
                Write(w, portal, item, fields, withMulti, withFlat: false);
            w.WriteEndArray();
            w.WriteEndObject();
        }), page.Total, page.Next);
    }

    public static Reply Fields(Portal portal, JsonObject parameters)
    {
        var type = TypeOf(parameters);
        var schema = portal.SchemaOf(type);
        return Reply.Of(w =>
        {
            w.WriteStartObject();
            w.WriteStartObject("fields");
            foreach (var field in schema.All)
                FieldDescriptions.Write(w, portal, type, field, isClassic: false);
            if (schema.HasMulti)
                WriteMulti(w);
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public static int TypeOf(JsonObject parameters)
    {
        if (parameters["entityTypeId"] is null)
            throw RestException.Missing("entityTypeId");
        return Json.Integer(parameters["entityTypeId"]) is >= Schema.Lead and <= Schema.Company and var type
            ? (int)type
            : throw RestException.NotFound();
    }

    public static string TypeName(ItemField field) => field.Type switch
    {
        FieldType.Int => "integer",
        FieldType.Money => "double",
        FieldType.Flag => "char",
        FieldType.Moment => "datetime",
        FieldType.Ints => "crm_contact",
        _ => "string",
    };

    private static Item Find(Portal portal, JsonObject parameters)
    {
        var type = TypeOf(parameters);
        if (parameters["id"] is null)
            throw RestException.Missing("id");
        var item = Json.Integer(parameters["id"]) is { } id ? portal.Items(type).Find(id) : null;
        return item is null ? throw RestException.NotFound() : portal.MayRead(item) ? item : throw RestException.NoRight();
    }

    private static ItemChange ReadFields(Portal portal, int type, JsonObject parameters, Item? item)
    {
        if (parameters["fields"] is not { } given)
            throw RestException.Missing("fields");
        var values = new Dictionary<ItemField, object?>();
        if (given is not JsonObject fields)
            return given is JsonArray { Count: 0 } ? new ItemChange(values, null) : throw RestException.Missing("fields");
        var schema = portal.SchemaOf(type);
        foreach (var (name, node) in fields)
        {
            if (schema.ByName(name) is { IsReadOnly: false } field)
                values[field] = Values.Parse(field, node);
        }
        var fm = schema.HasMulti && fields.ContainsKey("fm") ? Multis.ApplyUniversal(portal, item?.Fm ?? [], fields["fm"]) : null;
        return new ItemChange(values, fm);
    }

    private static Reply One(Portal portal, Item item) => Reply.Of(w =>
    {
        w.WriteStartObject();
        w.WritePropertyName("item");
        Write(w, portal, item, portal.SchemaOf(item.Type).All, portal.SchemaOf(item.Type).HasMulti, withFlat: true);
        w.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter w, Portal portal, Item item, IEnumerable<ItemField> fields, bool withMulti, bool withFlat)
    {
        w.WriteStartObject();
        foreach (var field in fields)
            Values.WriteUniversal(w, field.Name, Values.Read(portal, item, field));
        if (withMulti)
            Multis.WriteUniversal(w, item);
        if (withMulti && withFlat)
            Multis.WriteFlat(w, item);
        w.WriteNumber("entityTypeId", item.Type);
        w.WriteEndObject();
    }

    private static void WriteMulti(Utf8JsonWriter w)
    {
        w.WriteStartObject("fm");
        w.WriteString("type", "crm_multifield");
        w.WriteBoolean("isRequired", false);
        w.WriteBoolean("isReadOnly", false);
        w.WriteBoolean("isImmutable", false);
        w.WriteBoolean("isMultiple", true);
        w.WriteBoolean("isDynamic", false);
        w.WriteString("title", "FM");
        w.WriteString("upperName", "FM");
        w.WriteEndObject();
    }
}
