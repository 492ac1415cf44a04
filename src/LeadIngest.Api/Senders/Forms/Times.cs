using System.Globalization;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>Times as builders write them. What is no time for certain is none: a wrong one would be worse.</summary>
internal static class Times
{
    private static readonly string[] WallClocks = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm"];

    /// <param name="text">Unix seconds or milliseconds, ISO 8601 with an offset, or a wall clock.</param>
    /// <param name="zone">IANA zone of a wall clock.</param>
    /// <returns>Null when it is none of these, or before 2000 or after 2100.</returns>
    public static DateTimeOffset? Read(string? text, string zone)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unix))
            return unix switch
            {
                >= 946_684_800 and < 4_102_444_800 => DateTimeOffset.FromUnixTimeSeconds(unix),
                >= 946_684_800_000 and < 4_102_444_800_000 => DateTimeOffset.FromUnixTimeMilliseconds(unix),
                _ => null,
            };
        if (DateTime.TryParseExact(text, WallClocks, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
            return InRange(wall.Year) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var place) ? new DateTimeOffset(wall, place.GetUtcOffset(wall)).ToUniversalTime() : null;
        var hasOffset = text.Length > 10 && text.Contains('T', StringComparison.Ordinal) && (text[^1] is 'Z' or 'z' || text.LastIndexOfAny(['+', '-']) > 10);
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && InRange(time.Year) ? time : null;
    }

    private static bool InRange(int year) => year is >= 2000 and < 2100;
}
