using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LeadIngest.CrmEmulator.Storage;

/// <summary>Settings records as the doors read and write them: snake_case, a name that is no setting is refused.</summary>
internal static class Overlay
{
    public static readonly JsonSerializerOptions Readable = new() { Encoder = Json.Readable.Encoder };

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = Json.Readable.Encoder,
    };

    public static JsonObject Show<T>(T settings) => (JsonObject)JsonSerializer.SerializeToNode(settings, Options)!;

    /// <exception cref="JsonException">No such setting, or a value of the wrong kind; the message names it.</exception>
    public static T Apply<T>(T settings, JsonObject change)
    {
        var all = Show(settings);
        foreach (var (name, value) in change)
            all[name] = value?.DeepClone();
        return all.Deserialize<T>(Options)!;
    }
}
