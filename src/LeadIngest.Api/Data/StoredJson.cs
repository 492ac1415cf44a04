using System.Text.Json;

namespace LeadIngest.Api.Data;

/// <summary>Reads what stands in a JSON column. What is missing, or is of another kind than this version writes, reads as nothing: an old node still works.</summary>
internal static class StoredJson
{
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static string[] Texts(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(i => i.ToString())] : [];

    public static Dictionary<string, string> Map(JsonElement json, string name) => json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal) : [];

    /// <summary>A list of name and value, where a name may come twice.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(pair => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2).Select(pair => KeyValuePair.Create(pair[0].ToString(), pair[1].ToString()))] : [];
}
