using System.Text.Json.Serialization;

namespace LeadIngest.Core.Passports;

/// <summary>The shapes of the embedded JSON lists (written by <c>scripts/data/sources.mjs</c>).</summary>
internal static partial class SourceCatalogData
{
    internal sealed record Engine(string Name, string[] Urls, string[] Params, string[] Charsets);

    internal sealed record Site(string Name, string[] Urls);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Engine[]))]
    [JsonSerializable(typeof(Site[]))]
    internal sealed partial class Json : JsonSerializerContext;
}
