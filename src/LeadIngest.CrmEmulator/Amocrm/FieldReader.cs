using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Reads <c>custom_fields_values</c>. One unknown field, enum or wrong type refuses the entity.</summary>
internal static class FieldReader
{
    public static void Read(FieldSet fields, ItemReader item, List<FieldValues> into)
    {
        var nodes = item.List("custom_fields_values");
        for (var i = 0; i < nodes.Count; i++)
        {
            var path = $"custom_fields_values.{i}";
            if (nodes[i] is not JsonObject node)
            {
                item.Refuse(Violation.WrongType(item.Path(path), "object"));
                continue;
            }
            var reader = item.Below(node, path);
            if (Find(fields, reader) is { } field)
                ReadValues(field, reader, into);
        }
    }

    private static Field? Find(FieldSet fields, ItemReader reader)
    {
        var byId = reader.Item["field_id"] is not null;
        if (!byId && reader.Item["field_code"] is null)
        {
            reader.Refuse(Violation.Missing(reader.Path("field_id")));
            return null;
        }
        var name = byId ? "field_id" : "field_code";
        var given = byId ? reader.Int(name) as object : reader.Text(name);
        var field = given switch { long id => fields.Find(id), string code => fields.Find(code), _ => null };
        if (field is null && given is not null)
            reader.Refuse(Violation.NotSupported(reader.Path(name)));
        return field;
    }

    private static void ReadValues(Field field, ItemReader reader, List<FieldValues> into)
    {
        if (!reader.Has("values"))
        {
            reader.Refuse(Violation.Missing(reader.Path("values")));
            return;
        }
        var nodes = reader.List("values");
        var items = new List<FieldItem>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i] is not JsonObject node)
            {
                reader.Refuse(Violation.WrongType(reader.Path($"values.{i}"), "object"));
                continue;
            }
            if (ReadItem(field, reader.Below(node, $"values.{i}")) is { } item)
                items.Add(item);
        }
        into.RemoveAll(f => f.Field == field);
        into.Add(new FieldValues(field, [.. items]));
    }

    private static FieldItem? ReadItem(Field field, ItemReader value)
    {
        var choice = ReadEnum(field, value);
        if (field.IsChoice)
            return choice is null ? null : new FieldItem(choice.Value, choice);
        var text = ReadValue(field, value);
        return text is null ? null : new FieldItem(text, choice);
    }

    private static FieldEnum? ReadEnum(Field field, ItemReader value)
    {
        if (value.Item["enum_id"] is not null)
            return Known(value, "enum_id", value.Int("enum_id") is { } id ? Array.Find(field.Enums, e => e.Id == id) : null);
        if (value.Item["enum_code"] is not null)
            return Known(value, "enum_code", value.Text("enum_code") is { } code ? Array.Find(field.Enums, e => e.Code == code) : null);
        if (field.IsChoice)
            return Known(value, "value", value.Text("value", required: true) is { } text ? Array.Find(field.Enums, e => e.Value == text) : null);
        return field.IsMultiText ? field.Enums[0] : null;
    }

    private static FieldEnum? Known(ItemReader value, string name, FieldEnum? found)
    {
        if (found is null && value.Item[name] is not null)
            value.Refuse(Violation.NotSupported(value.Path(name)));
        return found;
    }

    private static string? ReadValue(Field field, ItemReader value)
    {
        var node = value.Item["value"];
        if (node is null)
        {
            value.Refuse(Violation.Missing(value.Path("value")));
            return null;
        }
        var text = Json.Text(node);
        var isNumber = Json.Is(node, JsonValueKind.Number);
        var isText = Json.Is(node, JsonValueKind.String);
        var (fits, type) = field.Type switch
        {
            "checkbox" => (Json.Is(node, JsonValueKind.True) || Json.Is(node, JsonValueKind.False), "bool"),
            "numeric" or "price" or "monetary" => ((isNumber || isText) && Json.Decimal(node) is not null, "numeric"),
            "date" or "date_time" or "birthday" => (isNumber || (isText && ParseDate(text!) is not null), "int"),
            // A phone sent as a number is taken; other text is not.
            "multitext" => (isText || isNumber, "string"),
            _ => (isText, "string"),
        };
        if (!fits)
        {
            value.Refuse(Violation.WrongType(value.Path("value"), type));
            return null;
        }
        return isText && field.Type is "date" or "date_time" or "birthday" && ParseDate(text!) is { } time ? Json.Of(time) : text;
    }

    private static long? ParseDate(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeSeconds() : null;
}
