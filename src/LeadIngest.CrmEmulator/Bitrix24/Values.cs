using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Field values between JSON and items: typed in the universal methods, strings in the classic ones.</summary>
internal static class Values
{
    /// <exception cref="RestException">The value does not fit the field.</exception>
    public static object? Parse(ItemField field, JsonNode? node)
    {
        if (field.Type == FieldType.Ints)
            return node is JsonValue ? throw Iterable(node) : Json.Items(node).Select(Json.Integer).OfType<long>().Where(n => n > 0).Distinct().ToArray();
        if (node is null)
            return null;
        // An object where a scalar is expected is dropped in silence, as PHP does.
        if (Json.Text(node) is not { } text)
            return null;
        return field.Type switch
        {
            FieldType.Int => text.Length == 0 ? 0L : Json.Integer(node) ?? throw RestException.BadValue(field.Upper),
            FieldType.Money => text.Length == 0 ? 0m : Json.Decimal(node) ?? throw RestException.BadValue(field.Upper),
            FieldType.Flag => text is "Y" or "y" or "true" or "1" ? "Y" : "N",
            FieldType.Moment => text.Length == 0 ? null : ParseMoment(text) ?? throw RestException.BadValue(field.Upper),
            _ => text,
        };
    }

    public static RestException Iterable(JsonNode node) =>
        RestException.Numbered($"Expected iterable value for multiple field, but got `{node.GetValueKind().ToString().ToLowerInvariant()}` instead");

    /// <summary>A moment without an offset is the portal's.</summary>
    public static DateTimeOffset? ParseMoment(string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.RoundtripKind, out var plain)
            && !DateTime.TryParseExact(text, ["dd.MM.yyyy", "dd.MM.yyyy HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out plain))
            return null;
        if (plain.Kind == DateTimeKind.Unspecified)
            return plain.Year is < 2 or > 9998 ? null : new DateTimeOffset(plain, Envelope.Zone);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
    }

    /// <summary>The value of a field, kept or derived.</summary>
    public static object? Read(Portal portal, Item item, ItemField field) => field.Name switch
    {
        "id" => item.Id,
        "createdTime" => Seconds(item.Created),
        "updatedTime" or "lastActivityTime" => Seconds(item.Updated),
        "movedTime" => Seconds(item.Moved),
        "movedBy" => item.MovedBy,
        "stageId" => item.Stage,
        "categoryId" => item.Category,
        "stageSemanticId" => portal.Stages.Semantic(item),
        "closed" => portal.Stages.Semantic(item) == "P" ? "N" : "Y",
        "dateClosed" => portal.Stages.Semantic(item) == "P" ? null : Seconds(item.Moved),
        "isReturnCustomer" when item.Type == Schema.Lead => portal.HasClient(item) ? "Y" : "N",
        _ => item.Get(field),
    };

    /// <summary>The portal keeps whole seconds, and filters compare those.</summary>
    private static DateTimeOffset Seconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());

    public static void WriteUniversal(Utf8JsonWriter w, string name, object? value)
    {
        w.WritePropertyName(name);
        switch (value)
        {
            case null:
                w.WriteNullValue();
                break;
            case long number:
                w.WriteNumberValue(number);
                break;
            case decimal money:
                w.WriteNumberValue(money);
                break;
            case DateTimeOffset moment:
                w.WriteStringValue(Envelope.Moment(moment));
                break;
            case long[] ids:
                w.WriteStartArray();
                foreach (var id in ids)
                    w.WriteNumberValue(id);
                w.WriteEndArray();
                break;
            default:
                w.WriteStringValue((string)value);
                break;
        }
    }

    public static void WriteClassic(Utf8JsonWriter w, string name, object? value)
    {
        w.WritePropertyName(name);
        switch (value)
        {
            case null:
                w.WriteNullValue();
                break;
            case long number:
                w.WriteStringValue(Json.Of(number));
                break;
            case decimal money:
                w.WriteStringValue(money.ToString("0.00", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset moment:
                w.WriteStringValue(Envelope.Moment(moment));
                break;
            case long[] ids:
                w.WriteStartArray();
                foreach (var id in ids)
                    w.WriteStringValue(Json.Of(id));
                w.WriteEndArray();
                break;
            default:
                w.WriteStringValue((string)value);
                break;
        }
    }
}
