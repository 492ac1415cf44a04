using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Multi-fields: one <c>fm</c> list in the universal methods, <c>PHONE</c>, <c>EMAIL</c>, … in the classic ones.</summary>
internal static class Multis
{
    public static readonly string[] Types = ["PHONE", "EMAIL", "WEB", "IM"];

    /// <summary>Entries with an id change or delete that record; entries without add one. What is not mentioned stays.</summary>
    public static List<Multi> ApplyUniversal(Portal portal, List<Multi> old, JsonNode? fm)
    {
        if (fm is JsonValue value)
            throw Values.Iterable(value);
        var all = old.ToList();
        foreach (var (key, node) in Entries(fm))
        {
            // Without its type an entry is passed over, and success is reported all the same.
            if (node is not JsonObject entry || Json.Text(entry["typeId"]) is not { } type || !Types.Contains(type))
                continue;
            Apply(portal, all, type, Json.Integer(entry["id"]) ?? key, Json.Text(entry["value"]), Json.Text(entry["valueType"]), isDelete: false);
        }
        return all;
    }

    public static List<Multi> ApplyClassic(Portal portal, List<Multi> old, JsonObject fields)
    {
        var all = old.ToList();
        foreach (var type in Types)
        {
            // A plain string instead of the array does not work.
            if (fields[type] is not { } node || node is JsonValue)
                continue;
            foreach (var entry in Json.Items(node).OfType<JsonObject>())
                Apply(portal, all, type, Json.Integer(entry["ID"]), Json.Text(entry["VALUE"]), Json.Text(entry["VALUE_TYPE"]), Json.Text(entry["DELETE"]) == "Y");
        }
        return all;
    }

    public static void WriteUniversal(Utf8JsonWriter w, Item item)
    {
        w.WriteStartArray("fm");
        foreach (var multi in item.Fm)
        {
            w.WriteStartObject();
            w.WriteNumber("id", multi.Id);
            w.WriteString("typeId", multi.TypeId);
            w.WriteString("valueType", multi.ValueType);
            w.WriteString("value", multi.Value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>The first value of each kind, flat, as <c>crm.item.get</c> adds.</summary>
    public static void WriteFlat(Utf8JsonWriter w, Item item)
    {
        string? First(string type, string? valueType) => item.Fm.Find(m => m.TypeId == type && (valueType is null || m.ValueType == valueType))?.Value;
        w.WriteString("phone", First("PHONE", null));
        w.WriteString("phoneMobile", First("PHONE", "MOBILE"));
        w.WriteString("phoneWork", First("PHONE", "WORK"));
        w.WriteString("email", First("EMAIL", null));
        w.WriteString("emailWork", First("EMAIL", "WORK"));
    }

    public static void WriteClassic(Utf8JsonWriter w, Item item, string type)
    {
        w.WriteStartArray(type);
        foreach (var multi in item.Fm.Where(m => m.TypeId == type))
        {
            w.WriteStartObject();
            w.WriteString("ID", Json.Of(multi.Id));
            w.WriteString("VALUE_TYPE", multi.ValueType);
            w.WriteString("VALUE", multi.Value);
            w.WriteString("TYPE_ID", multi.TypeId);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>Contacts and companies are refused whole for one bad address; leads are not.</summary>
    public static void CheckEmails(int type, List<Multi> all)
    {
        if (type is Schema.Contact or Schema.Company && all.Exists(m => m.TypeId == "EMAIL" && !IsEmail(m.Value)))
            throw new RestException(400, "ERROR_CORE", "Поле \"E-mail\" содержит некорректный адрес.");
    }

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && text.LastIndexOf('.') > at + 1 && !text.EndsWith('.') && !text.Any(char.IsWhiteSpace);
    }

    private static IEnumerable<(long? Key, JsonNode? Node)> Entries(JsonNode? fm) => fm is JsonObject map
        ? map.Select(p => (long.TryParse(p.Key, out var id) && id > 0 ? id : (long?)null, p.Value))
        : Json.Items(fm).Select(n => ((long?)null, n));

    private static void Apply(Portal portal, List<Multi> all, string type, long? id, string? value, string? valueType, bool isDelete)
    {
        var at = id is null ? -1 : all.FindIndex(m => m.Id == id && m.TypeId == type);
        var isEmpty = string.IsNullOrEmpty(value);
        if (at >= 0 && (isDelete || (isEmpty && value is not null)))
            all.RemoveAt(at);
        else if (at >= 0)
            all[at] = all[at] with { Value = value ?? all[at].Value, ValueType = valueType ?? all[at].ValueType };
        else if (!isEmpty && !isDelete)
            all.Add(new Multi(portal.NextMulti(), type, portal.Share(string.IsNullOrEmpty(valueType) ? "WORK" : valueType), value!));
    }
}
