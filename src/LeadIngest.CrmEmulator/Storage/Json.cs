using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Storage;

internal static class Json
{
    /// <summary>A key twice in one object is refused at once: reading it later would fail halfway through the work.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>A scalar as text; null for null, objects and arrays.</summary>
    public static string? Text(JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>A whole number from a number or a string of digits.</summary>
    public static long? Integer(JsonNode? node) =>
        long.TryParse(Text(node), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static decimal? Decimal(JsonNode? node) =>
        decimal.TryParse(Text(node), NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool Is(JsonNode? node, JsonValueKind kind) => node is JsonValue value && value.GetValueKind() == kind;

    /// <summary>The elements of an array, or of an object that PHP would call an array; a scalar is one element.</summary>
    public static IEnumerable<JsonNode?> Items(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array,
        JsonObject map => map.Select(pair => pair.Value),
        _ => [node],
    };

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } value)
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }
}
