using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Calls;

/// <summary>An event as it stands in <c>call_events.event</c>.</summary>
internal static class CallEventJson
{
    private const int LongestText = 10_000;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new StorableText() },
    };

    public static string Write(CallEvent call) => JsonSerializer.Serialize(call, Options);

    public static CallEvent Read(string json) => JsonSerializer.Deserialize<CallEvent>(json, Options)!;

    public static JsonElement Element(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>jsonb cannot hold U+0000; half a surrogate pair the serialiser mends itself.</summary>
    private sealed class StorableText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (value.Length > LongestText) value = value[..LongestText];
            writer.WriteStringValue(value.Replace("\0", "", StringComparison.Ordinal));
        }
    }
}
