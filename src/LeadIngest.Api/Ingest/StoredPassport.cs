using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>Reads the passport of a lead or a visit back, as <see cref="LeadNormalising.PassportJson"/> and the columns beside it keep it.</summary>
internal static class StoredPassport
{
    /// <summary>Of <c>visits</c> under the alias <c>v</c>, in the order that <see cref="Read"/> expects.</summary>
    public const string Columns = "v.channel, v.source, v.medium, v.campaign, v.content, v.keyword, v.passport::text";

    /// <param name="reader">Stands on a row.</param>
    /// <param name="first">Where <see cref="Columns"/> begin.</param>
    public static Passport Read(NpgsqlDataReader reader, int first)
    {
        return Parse(reader.GetString(first), reader.GetString(first + 6)) with
        {
            Source = Column(1),
            Medium = Column(2),
            Campaign = Column(3),
            Content = Column(4),
            Keyword = Column(5),
        };

        string? Column(int at) => reader.IsDBNull(first + at) ? null : reader.GetString(first + at);
    }

    /// <summary>Without the names that have columns of their own: source, medium, campaign, content, keyword.</summary>
    /// <param name="channel">The column of this name.</param>
    /// <param name="passport">The column of this name, JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static Passport Parse(string channel, string passport)
    {
        using var document = JsonDocument.Parse(passport);
        var json = document.RootElement;
        // Names of a newer version read as "unknown", "none" and "guessed": an old node still works.
        _ = PassportNames.TryParse(channel, out Channel known);
        _ = PassportNames.TryParse(StoredJson.Text(json, "origin"), out Origin origin);
        _ = PassportNames.TryParse(StoredJson.Text(json, "confidence"), out Confidence confidence);
        return new Passport
        {
            Channel = known,
            Utm = StoredJson.Map(json, "utm"),
            ClickIds = StoredJson.Map(json, "clickIds"),
            LandingPage = StoredJson.Text(json, "landingPage"),
            Referrer = StoredJson.Text(json, "referrer"),
            Origin = origin,
            Confidence = confidence,
            Evidence = StoredJson.Texts(json, "evidence"),
            Warnings = StoredJson.Texts(json, "warnings"),
        };
    }
}
