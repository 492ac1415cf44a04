using System.Text.Json;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Numbers;

/// <summary>What the owner says of a static number: where those come from who dial it. Kept as JSON.</summary>
/// <param name="Channel">One of the passport's channels; <c>offline</c> when absent.</param>
/// <param name="Source">Name for people: «Листовка в метро». Absent: the number's name.</param>
internal sealed record StaticPassport(string? Channel = null, string? Source = null, string? Medium = null, string? Campaign = null, string? Content = null, string? Keyword = null)
{
    public static StaticPassport Parse(string json) => JsonSerializer.Deserialize<StaticPassport>(json, JsonSerializerOptions.Web) ?? new();

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public Passport ToPassport(string number, string? name) => new()
    {
        Channel = PassportNames.TryParse(Channel ?? "offline", out Channel channel) ? channel : Core.Passports.Channel.Other,
        Source = Source ?? name ?? number,
        Medium = Medium,
        Campaign = Campaign,
        Content = Content,
        Keyword = Keyword,
        Origin = Origin.Number,
        Confidence = Confidence.Exact,
        Evidence = [name is null ? $"static number {number}" : $"static number {number}: {name}"],
    };
}
