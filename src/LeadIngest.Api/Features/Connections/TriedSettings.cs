using System.Text.Json;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Settings that are tried before they are saved, and the lead that they are tried on: both come in one body.</summary>
/// <param name="Lead">The body without the settings, as a lead is posted.</param>
/// <param name="Settings">Null: none were given, the saved ones hold.</param>
/// <param name="Problem">What is wrong with them, by their places; the same as when they are saved.</param>
internal sealed record TriedSettings(byte[] Lead, ConnectionSettings? Settings, ProblemHttpResult? Problem)
{
    private const string Name = "settings";

    /// <param name="body">Whatever was sent. What is no JSON object is left to the reader of leads, who says where its fault is.</param>
    /// <param name="crm">Of the connection: fields are looked at by vendor.</param>
    /// <param name="json">As bodies are read.</param>
    public static TriedSettings Read(byte[] body, string crm, JsonSerializerOptions json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return new(body, null, null);
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(Name, out var given)) return new(body, null, null);
            var lead = Without(document.RootElement);
            if (given.ValueKind == JsonValueKind.Null) return new(lead, null, null);
            if (given.ValueKind != JsonValueKind.Object) return new(lead, null, Problems.Invalid(Name, "Must be the connection's settings, an object."));
            try
            {
                var settings = given.Deserialize<ConnectionSettings>(json)!;
                var faults = new SettingsValidator(crm).Validate(settings);
                return new(lead, settings, faults.IsValid ? null : Problems.Invalid(faults.Errors.GroupBy(e => $"{Name}.{Problems.WireName(e.PropertyName)}")
                    .ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).Distinct().ToArray())));
            }
            catch (JsonException e)
            {
                return new(lead, null, Problems.Invalid(Name + (e.Path ?? "$")[1..], e.Message.Contains("could not be mapped", StringComparison.Ordinal)
                    ? "A name that is not known here." : "Not what is expected here."));
            }
        }
    }

    private static byte[] Without(JsonElement body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var part in body.EnumerateObject().Where(p => !p.NameEquals(Name))) part.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
