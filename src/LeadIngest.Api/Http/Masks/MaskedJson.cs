using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Http.Masks;

/// <summary>
/// How answers are written for callers who may not see how people are reached. Which member is masked how stands at the member (<see cref="ContactAttribute"/>); every other text goes through
/// <see cref="Veil.Text"/>, names of members of maps and JSON as it was stored included.
/// </summary>
internal static class MaskedJson
{
    /// <param name="usual">How answers are written for everybody else.</param>
    public static JsonSerializerOptions Of(JsonSerializerOptions usual)
    {
        var masked = new JsonSerializerOptions(usual)
        {
            TypeInfoResolver = (usual.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Mask),
        };
        masked.Converters.Add(new VeiledText());
        masked.Converters.Add(new VeiledFields());
        masked.Converters.Add(new VeiledJson());
        return masked;
    }

    private static void Mask(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Get is not { } get || property.AttributeProvider?.GetCustomAttributes(typeof(ContactAttribute), inherit: true) is not [ContactAttribute contact]) continue;
            property.Get = contact.Kind == MaskKind.Own ? get : answer => Masked(get(answer), contact);
            if (contact.Kind == MaskKind.Own && property.PropertyType == typeof(string)) property.CustomConverter = new AsItIs();
        }
    }

    private static object? Masked(object? value, ContactAttribute contact) => value switch
    {
        null => null,
        string text => contact.Mask(text),
        IEnumerable<string> texts => texts.Select(t => contact.Mask(t)!).ToArray(),
        IReadOnlyDictionary<string, string[]> map => map.ToDictionary(p => p.Key, p => contact.Kind == MaskKind.Whole ? [] : p.Value.Select(t => contact.Mask(t)!).ToArray()),
        IReadOnlyDictionary<string, string> map => map.ToDictionary(p => p.Key, p => contact.Mask(p.Value)!),
        _ => throw new NotSupportedException($"A {value.GetType().Name} cannot be masked: see {nameof(MaskedJson)}."),
    };

    private sealed class VeiledText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Veil.Text(value));

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(Veil.Text(value));
    }

    private sealed class AsItIs : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class VeiledFields : JsonConverter<FieldText>
    {
        public override FieldText? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, FieldText value, JsonSerializerOptions options)
        {
            if (value.Texts is [var only])
            {
                writer.WriteStringValue(Veil.Free(only));
                return;
            }
            writer.WriteStartArray();
            foreach (var text in value.Texts) writer.WriteStringValue(Veil.Free(text));
            writer.WriteEndArray();
        }
    }

    /// <summary>JSON as it was stored: messages of providers, previews of what a CRM will be sent.</summary>
    private sealed class VeiledJson : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in value.EnumerateObject())
                    {
                        writer.WritePropertyName(Veil.Free(member.Name));
                        Write(writer, member.Value, options);
                    }
                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var item in value.EnumerateArray()) Write(writer, item, options);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    writer.WriteStringValue(Veil.Free(value.GetString()!));
                    break;
                case JsonValueKind.Number when value.GetRawText().Count(char.IsAsciiDigit) >= 10:
                    writer.WriteStringValue(Veil.Phone(value.GetRawText()));
                    break;
                case JsonValueKind.Undefined:
                    writer.WriteNullValue();
                    break;
                default:
                    value.WriteTo(writer);
                    break;
            }
        }
    }
}
