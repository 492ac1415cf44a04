using System.Globalization;

namespace LeadIngest.Core.Times;

/// <summary>A week of working hours and the days off, by the wall clock of one time zone.</summary>
/// <remarks>
/// Time is counted as it passes: where clocks are put back within working hours the hour that comes twice is worked twice, where they are put forward the
/// hour that is skipped is not worked.
/// </remarks>
public sealed class WorkingTime
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Further than this no task is pushed: hours that never come must not be searched for without end.</summary>
    private const int MostDays = 400;

    private readonly (TimeSpan From, TimeSpan To)[][] _week;
    private readonly HashSet<DateOnly> _daysOff;

    private WorkingTime((TimeSpan, TimeSpan)[][] week, HashSet<DateOnly> daysOff) => (_week, _daysOff) = (week, daysOff);

    /// <param name="hours">By day: <c>{"mon":"09:00-18:00","sat":"10:00-14:00,15:00-17:00"}</c>. A day that is left out is a day off.</param>
    /// <param name="daysOff">Whatever the day of the week: <c>2026-12-31</c>.</param>
    /// <returns>Null without working hours: people always work.</returns>
    /// <exception cref="FormatException">Hours or days that <see cref="FaultOfHours"/> or <see cref="FaultOfDay"/> would have refused.</exception>
    public static WorkingTime? Of(IReadOnlyDictionary<string, string>? hours, IReadOnlyList<string>? daysOff = null) => hours is null ? null : new(
        [.. Days.Select(day => hours.Where(h => h.Key.Equals(day, StringComparison.OrdinalIgnoreCase)).SelectMany(h => Parse(h.Value) ?? throw new FormatException($"Hours of {day}."))
            .OrderBy(i => i.From).ToArray())],
        [.. (daysOff ?? []).Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture))]);

    public static bool IsDay(string name) => Days.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <returns>What is wrong, in a sentence; null when it can be read.</returns>
    public static string? FaultOfHours(string? text) => text is not null && Parse(text) is { Length: > 0 } parsed
        ? parsed.Order().Zip(parsed.Order().Skip(1)).Any(p => p.Second.From < p.First.To) ? "The hours overlap." : null
        : "Not hours: 09:00-18:00, or several of them with commas between; up to 24:00, not over midnight.";

    /// <inheritdoc cref="FaultOfHours"/>
    public static string? FaultOfDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "Not a day: 2026-12-31.";

    public bool IsWorking(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        return OfDay(DateOnly.FromDateTime(local)).Any(i => i.From <= local.TimeOfDay && local.TimeOfDay < i.To);
    }

    public bool IsWorkingDay(DateOnly day) => OfDay(day).Length > 0;

    /// <summary>The moment when so much working time has passed since <paramref name="from"/>.</summary>
    /// <returns>With the zone's offset. Plain time where no hours come within <see cref="MostDays"/> days.</returns>
    public DateTimeOffset After(DateTimeOffset from, TimeSpan time, TimeZoneInfo zone)
    {
        var left = time;
        foreach (var (begin, end) in Spans(from, Day(from, zone).AddDays(MostDays), zone))
        {
            if (left <= end - begin) return TimeZoneInfo.ConvertTime(begin + left, zone);
            left -= end - begin;
        }

        return TimeZoneInfo.ConvertTime(from + time, zone);
    }

    /// <summary>Working time between two moments; 0 when they are the other way round.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var sum = TimeSpan.Zero;
        if (to <= from) return sum;
        foreach (var (begin, end) in Spans(from, Day(to, zone).AddDays(1), zone))
        {
            if (begin >= to) break;
            sum += (end < to ? end : to) - begin;
        }

        return sum;
    }

    private (TimeSpan From, TimeSpan To)[] OfDay(DateOnly day) => _daysOff.Contains(day) ? [] : _week[(int)day.DayOfWeek];

    private static DateOnly Day(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>Working spans from a moment on, in UTC, in order, none empty.</summary>
    private IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(DateTimeOffset from, DateOnly before, TimeZoneInfo zone)
    {
        for (var day = Day(from, zone); day < before; day = day.AddDays(1))
        {
            var hours = OfDay(day);
            if (hours.Length == 0) continue;
            var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            var (first, then, change) = Clocks(midnight, zone);
            foreach (var (begin, end) in hours)
                if (Cut(midnight + begin - first, midnight + end - first, from, change) is { } span) yield return span;
            if (then == first) continue;
            foreach (var (begin, end) in hours)
                if (Cut(midnight + begin - then, midnight + end - then, from > change ? from : change, DateTimeOffset.MaxValue) is { } span) yield return span;
        }
    }

    private static (DateTimeOffset, DateTimeOffset)? Cut(DateTimeOffset begin, DateTimeOffset end, DateTimeOffset from, DateTimeOffset to)
    {
        if (begin < from) begin = from.ToUniversalTime();
        if (end > to) end = to;
        return begin < end ? (begin, end) : null;
    }

    /// <summary>The offsets at the beginning and at the end of a day, and when one gives way to the other. No day has more than one such moment.</summary>
    private static (TimeSpan First, TimeSpan Then, DateTimeOffset Change) Clocks(DateTimeOffset midnight, TimeZoneInfo zone)
    {
        // A little wider than the day: a change at midnight itself belongs to both days, and each takes its own side of it.
        var near = midnight - zone.GetUtcOffset(midnight.DateTime);
        var (low, high) = (near.AddHours(-3), near.AddHours(27));
        var (first, then) = (zone.GetUtcOffset(low), zone.GetUtcOffset(high));
        if (first == then) return (first, then, DateTimeOffset.MaxValue);
        while (high - low > TimeSpan.FromSeconds(1))
        {
            var middle = low + TimeSpan.FromSeconds(Math.Floor((high - low).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == first) low = middle;
            else high = middle;
        }

        return (first, then, high);
    }

    private static (TimeSpan From, TimeSpan To)[]? Parse(string text)
    {
        var intervals = text.Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('-', StringSplitOptions.TrimEntries))
            .Select(ends => ends.Length == 2 && Time(ends[0]) is { } from && Time(ends[1]) is { } to && from < to ? (from, to) : ((TimeSpan, TimeSpan)?)null).ToArray();
        return intervals.Any(i => i is null) ? null : [.. intervals.Select(i => i!.Value)];
    }

    private static TimeSpan? Time(string text) => text == "24:00" ? TimeSpan.FromDays(1)
        : TimeSpan.TryParseExact(text, @"hh\:mm", CultureInfo.InvariantCulture, out var time) ? time : null;
}
