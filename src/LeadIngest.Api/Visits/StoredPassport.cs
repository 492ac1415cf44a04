using System.Text.Json;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Visits;

/// <summary>Reads the passport of a row of <c>visits</c> back.</summary>
internal static class StoredPassport
{
    /// <summary>Of the alias <c>v</c>, in the order that <see cref="Read"/> expects.</summary>
    public const string Columns = "v.channel, v.source, v.medium, v.campaign, v.content, v.keyword, v.passport::text";

    public const int ColumnCount = 7;

    /// <param name="reader">Stands on a row.</param>
    /// <param name="first">Where <see cref="Columns"/> begin.</param>
    public static Passport Read(NpgsqlDataReader reader, int first)
    {
        using var document = JsonDocument.Parse(reader.GetString(first + 6));
        var json = document.RootElement;
        // Names of a newer version read as "unknown", "none" and "guessed".
        _ = PassportNames.TryParse(reader.GetString(first), out Channel channel);
        _ = PassportNames.TryParse(Text(json, "origin"), out Origin origin);
        _ = PassportNames.TryParse(Text(json, "confidence"), out Confidence confidence);
        return new Passport
        {
            Channel = channel,
            Source = Column(1),
            Medium = Column(2),
            Campaign = Column(3),
            Content = Column(4),
            Keyword = Column(5),
            Utm = Map(json, "utm"),
            ClickIds = Map(json, "clickIds"),
            LandingPage = Text(json, "landingPage"),
            Referrer = Text(json, "referrer"),
            Origin = origin,
            Confidence = confidence,
            Evidence = List(json, "evidence"),
            Warnings = List(json, "warnings"),
        };

        string? Column(int at) => reader.IsDBNull(first + at) ? null : reader.GetString(first + at);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string> Map(JsonElement json, string name) => json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString()) : [];

    private static string[] List(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(i => i.ToString())] : [];
}
