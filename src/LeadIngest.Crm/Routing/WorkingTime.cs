using System.Globalization;

namespace LeadIngest.Crm.Routing;

/// <summary>A week of working hours and the days off, by the wall clock of one time zone.</summary>
public sealed class WorkingTime
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Further than this no task is pushed: hours that never come must not be searched for without end.</summary>
    private const int MostDays = 400;

    private readonly (TimeSpan From, TimeSpan To)[][] _week;
    private readonly HashSet<DateOnly> _daysOff;

    private WorkingTime((TimeSpan, TimeSpan)[][] week, HashSet<DateOnly> daysOff) => (_week, _daysOff) = (week, daysOff);

    /// <returns>Null without working hours: people always work.</returns>
    /// <exception cref="FormatException">Hours or days that <see cref="FaultOfHours"/> or <see cref="FaultOfDay"/> would have refused.</exception>
    public static WorkingTime? Of(RoutingSettings? settings) => settings?.WorkingHours is not { } hours ? null : new(
        [.. Days.Select(day => hours.Where(h => h.Key.Equals(day, StringComparison.OrdinalIgnoreCase)).SelectMany(h => Parse(h.Value) ?? throw new FormatException($"Hours of {day}."))
            .OrderBy(i => i.From).ToArray())],
        [.. (settings.DaysOff ?? []).Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture))]);

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

    /// <summary>The moment when so much working time has passed since <paramref name="from"/>.</summary>
    /// <returns>With the zone's offset. Plain time where no hours come within <see cref="MostDays"/> days.</returns>
    public DateTimeOffset After(DateTimeOffset from, TimeSpan time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var left = time;
        for (var (day, n) = (DateOnly.FromDateTime(local), 0); n < MostDays; day = day.AddDays(1), n++)
        {
            foreach (var (begin, end) in OfDay(day))
            {
                var midnight = day.ToDateTime(TimeOnly.MinValue);
                var start = midnight + begin < local ? local : midnight + begin;
                var open = midnight + end - start;
                if (open <= TimeSpan.Zero)
                {
                    continue;
                }

                if (left <= open)
                {
                    return At(start + left, zone);
                }

                left -= open;
            }
        }

        return TimeZoneInfo.ConvertTime(from + time, zone);
    }

    private (TimeSpan From, TimeSpan To)[] OfDay(DateOnly day) => _daysOff.Contains(day) ? [] : _week[(int)day.DayOfWeek];

    // The clock that is put forward skips an hour: what would fall into it is an hour later.
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new(valid, zone.GetUtcOffset(valid));
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
