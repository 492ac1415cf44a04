using System.Globalization;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>Reads times and durations as providers write them.</summary>
/// <remarks>
/// A local time that the zone has twice (clocks set back) is the first of the two; one that it skips (clocks set forward) is moved forward by the gap.
/// </remarks>
internal static class WebhookTimes
{
    private const int FirstYear = 2000;
    private const int LastYear = 2100;
    private const int LongestCallSeconds = 7 * 24 * 3600;
    private static readonly TimeSpan Moscow = TimeSpan.FromHours(3);

    private static readonly string[] Walls =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm",
        "yyyy/MM/dd HH:mm:ss", "yyyy.MM.dd HH:mm:ss", "yyyyMMddHHmmss", "yyyyMMdd HHmmss",
    ];

    /// <param name="id">IANA name.</param>
    /// <param name="known">False: no such zone; Moscow's offset stands in.</param>
    public static TimeZoneInfo Zone(string id, out bool known)
    {
        known = TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone);
        return zone ?? TimeZoneInfo.CreateCustomTimeZone("+03", Moscow, "+03", "+03");
    }

    /// <summary>
    /// Unix seconds, milliseconds or microseconds; RFC 3339 with any fraction; RFC 2822; <c>20250101T080000Z</c>; a wall clock of the zone.
    /// False for anything else, and outside 2000–2100.
    /// </summary>
    public static bool TryRead(string? text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (text is null || text.Length > 64) return false;
        var clean = text.Trim();
        if (clean.Length < 8) return false;
        return (TryUnix(clean, out time) || TryWithOffset(clean, out time) || TryMail(clean, out time) || TryWall(clean, zone, out time))
            && time.UtcDateTime.Year is >= FirstYear and < LastYear;
    }

    /// <param name="text">As <see cref="TryRead"/> takes it.</param>
    /// <param name="zone">IANA zone of a wall clock; null: Moscow's.</param>
    /// <returns>Null for what is no time for certain: a wrong one would be worse.</returns>
    public static DateTimeOffset? Read(string? text, string? zone) => TryRead(text, Zone(zone ?? "Europe/Moscow", out _), out var time) ? time : null;

    /// <summary>True for what stands where there was no time: 0 and MySQL's zero date.</summary>
    public static bool IsNone(string text) => text == "0" || text.StartsWith("0000-00-00", StringComparison.Ordinal);

    /// <summary>Whole seconds of <c>64</c>, <c>64.0</c>, <c>1:04</c>, <c>00:01:04</c>; null for what is no duration, is negative or longer than a week.</summary>
    public static int? Seconds(string? text)
    {
        if (text is null || text.Length > 32) return null;
        var clean = text.Trim();
        if (decimal.TryParse(clean, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds <= LongestCallSeconds ? (int)seconds : null;
        var parts = clean.Split(':');
        if (parts.Length is not (2 or 3)) return null;
        long total = 0;
        foreach (var part in parts)
        {
            if (part.Length > 5 || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var unit)) return null;
            total = (total * 60) + unit;
        }
        return total <= LongestCallSeconds ? (int)total : null;
    }

    private static bool TryUnix(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var milliseconds = number switch
        {
            >= 946_684_800m and < 4_102_444_800m => number * 1000,
            >= 946_684_800_000m and < 4_102_444_800_000m => number,
            >= 946_684_800_000_000m and < 4_102_444_800_000_000m => number / 1000,
            _ => 0,
        };
        // Fourteen digits may be 20250101110000: a wall clock, and between milliseconds and microseconds.
        if (milliseconds == 0) return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    private static bool TryWithOffset(string text, out DateTimeOffset time)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)) return true;
        if (text.EndsWith("UTC", StringComparison.Ordinal)) text = text[..^3].TrimEnd() + 'Z';
        // "+" of an offset that a form made a space of.
        var isDate = text.Length >= 17 && char.IsAsciiDigit(text[0]) && text[4] == '-' && text[7] == '-' && text[10] is 'T' or 't' or ' ';
        if (!isDate) return false;
        var rest = text[11..].Replace(' ', text.Length > 19 && text.AsSpan(19).IndexOfAny('+', '-', 'Z') < 0 ? '+' : ' ');
        var sign = rest.LastIndexOfAny(['+', '-', 'Z', 'z']);
        if (sign < 5) return false;
        var (clock, offset) = (CutFraction(rest[..sign].Trim()), rest[sign..].ToUpperInvariant());
        if (offset.Length == 3) offset += ":00";
        if (offset.Length == 5) offset = $"{offset[..3]}:{offset[3..]}";
        if (offset == "Z") offset = "+00:00";
        return DateTimeOffset.TryParseExact($"{text[..10]} {clock} {offset}",
            ["yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm zzz"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private static bool TryMail(string text, out DateTimeOffset time)
    {
        var clean = text;
        if (clean.IndexOf('(', StringComparison.Ordinal) is > 0 and var comment) clean = clean[..comment].TrimEnd();
        if (clean.IndexOf(',', StringComparison.Ordinal) is >= 0 and var comma) clean = clean[(comma + 1)..].TrimStart();
        foreach (var zero in (ReadOnlySpan<string>)["GMT", "UTC", "UT"])
            if (clean.EndsWith(' ' + zero, StringComparison.OrdinalIgnoreCase)) clean = clean[..^zero.Length] + "+0000";
        if (clean.Length > 5 && clean[^5] is '+' or '-') clean = $"{clean[..^2]}:{clean[^2..]}";
        return DateTimeOffset.TryParseExact(clean, ["d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private static bool TryWall(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        var clean = text.Length > 10 && text[10] is 'T' or 't' ? $"{text[..10]} {text[11..]}" : text.Length > 8 && text[8] == 'T' ? $"{text[..8]} {text[9..]}" : text;
        if (!DateTime.TryParseExact(CutFraction(clean), Walls, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) || wall.Year is < FirstYear or > LastYear) return false;
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max()
            : zone.IsInvalidTime(wall) ? zone.GetUtcOffset(wall.AddHours(-3))
            : zone.GetUtcOffset(wall);
        time = new DateTimeOffset(wall, offset);
        return true;
    }

    /// <summary>Nanoseconds to the seven digits that a tick has.</summary>
    private static string CutFraction(string clock)
    {
        var dot = clock.LastIndexOf('.');
        return dot > 7 && clock.Length - dot > 8 ? clock[..(dot + 8)] : clock;
    }
}
