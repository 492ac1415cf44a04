using System.Globalization;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Times as PBXs write them: RFC 3339, unix seconds, milliseconds or fractions, or a wall clock of the sender's zone.</summary>
internal static class GenericTimes
{
    private static readonly string[] Wall =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm",
        "yyyy/MM/dd HH:mm:ss", "yyyyMMdd'T'HHmmss", "yyyyMMddHHmmss",
    ];

    private static readonly string[] Zoned =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyyMMdd'T'HHmmssK", "yyyy-MM-dd'T'HH:mmK", "ddd, dd MMM yyyy HH:mm:ss K",
    ];

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool TryRead(string text, string zone, out DateTimeOffset time)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var unix) && text.Length is >= 9 and not 14 && unix is > 0 and < 253_402_300_799_000)
        {
            // Unix seconds of our time have ten digits, milliseconds thirteen.
            time = DateTimeOffset.FromUnixTimeMilliseconds((long)(unix < 100_000_000_000 ? unix * 1000 : unix));
            return time > Earliest;
        }
        if (DateTime.TryParseExact(text, Wall, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && wall.Kind == DateTimeKind.Unspecified)
        {
            time = default;
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) || wall < Earliest.DateTime) return false;
            time = new DateTimeOffset(wall, found.GetUtcOffset(wall)).ToUniversalTime();
            return true;
        }
        if (DateTimeOffset.TryParseExact(text.Replace("UTC", "+00:00", StringComparison.Ordinal), Zoned, CultureInfo.InvariantCulture, DateTimeStyles.None, out time) && time > Earliest)
        {
            time = time.ToUniversalTime();
            return true;
        }
        return false;
    }
}
