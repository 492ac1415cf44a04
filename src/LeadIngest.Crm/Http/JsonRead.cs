using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace LeadIngest.Crm.Http;

/// <summary>
/// Tolerant reading: ids come as numbers or as strings, an empty map comes as <c>[]</c>, a missing list as null. A value of an
/// unexpected kind reads as absent, never as an exception.
/// </summary>
internal static class JsonRead
{
    public static JsonElement? Get(this JsonElement? element, string name) => element is { } e ? e.Get(name) : null;

    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>The members of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A string, or a number as it is written; null for the rest and for an empty string.</summary>
    public static string? Text(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } e => e.GetString() is { Length: > 0 } text ? text : null,
        { ValueKind: JsonValueKind.Number } e => e.GetRawText(),
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        _ => null,
    };

    /// <summary>A positive integer id; 0 means "none" in both CRMs.</summary>
    public static bool TryId(this JsonElement? element, [NotNullWhen(true)] out string? id)
    {
        id = long.TryParse(element.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;
        return id is not null;
    }

    public static double? Number(JsonElement? element) =>
        double.TryParse(element.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
