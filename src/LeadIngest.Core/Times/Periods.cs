namespace LeadIngest.Core.Times;

/// <summary>What a report's rows or columns stand for. Weeks begin on Monday.</summary>
public enum PeriodUnit { Day, Week, Month, Quarter }

/// <summary>Days, weeks, months and quarters of a project: by the wall clock of its time zone. A period is named by its first day.</summary>
public static class Periods
{
    /// <returns>The first day of the period in which the moment lies.</returns>
    public static DateOnly Of(DateTimeOffset at, PeriodUnit unit, TimeZoneInfo zone) => Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime), unit);

    /// <inheritdoc cref="Of(DateTimeOffset, PeriodUnit, TimeZoneInfo)"/>
    public static DateOnly Of(DateOnly day, PeriodUnit unit) => unit switch
    {
        PeriodUnit.Day => day,
        PeriodUnit.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        PeriodUnit.Month => new(day.Year, day.Month, 1),
        PeriodUnit.Quarter => new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "No such period."),
    };

    /// <param name="first">The first day of a period.</param>
    /// <param name="unit">What it is.</param>
    /// <param name="periods">How many on; negative: back.</param>
    /// <returns>The first day of that period.</returns>
    public static DateOnly Add(DateOnly first, PeriodUnit unit, int periods) => unit switch
    {
        PeriodUnit.Day => first.AddDays(periods),
        PeriodUnit.Week => first.AddDays(7 * periods),
        PeriodUnit.Month => first.AddMonths(periods),
        PeriodUnit.Quarter => first.AddMonths(3 * periods),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "No such period."),
    };

    /// <returns>How many periods the second lies after the first; negative when before. Both by any of their days.</returns>
    public static int Between(DateOnly from, DateOnly to, PeriodUnit unit)
    {
        var (a, b) = (Of(from, unit), Of(to, unit));
        return unit switch
        {
            PeriodUnit.Day => b.DayNumber - a.DayNumber,
            PeriodUnit.Week => (b.DayNumber - a.DayNumber) / 7,
            PeriodUnit.Month => Months(a, b),
            _ => Months(a, b) / 3,
        };

        static int Months(DateOnly a, DateOnly b) => ((b.Year - a.Year) * 12) + b.Month - a.Month;
    }

    /// <returns>The first moment of a day. Where clocks skip midnight, the first that comes after; where midnight comes twice, the first of both.</returns>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (zone.IsAmbiguousTime(midnight)) return new(midnight, zone.GetAmbiguousTimeOffsets(midnight).Max());
        if (!zone.IsInvalidTime(midnight)) return new(midnight, zone.GetUtcOffset(midnight));
        // Halving finds where the skipped time ends; an hour as a rule, half an hour on Lord Howe, a whole day once on Samoa.
        var (low, high) = (midnight, midnight.AddHours(1));
        while (zone.IsInvalidTime(high)) high = high.AddHours(1);
        while (high - low > TimeSpan.FromSeconds(1))
        {
            var middle = low + TimeSpan.FromSeconds(Math.Floor((high - low).TotalSeconds / 2));
            if (zone.IsInvalidTime(middle)) low = middle;
            else high = middle;
        }
        return new(high, zone.GetUtcOffset(high));
    }

    /// <returns>The moments of a period: the first belongs to it, the second does not.</returns>
    public static (DateTimeOffset From, DateTimeOffset Before) Bounds(DateOnly first, PeriodUnit unit, TimeZoneInfo zone) => (Begin(first, zone), Begin(Add(first, unit, 1), zone));

    /// <returns>The first days of all periods that a range touches, in order. The outer two may stick out of it.</returns>
    public static IEnumerable<DateOnly> In(DayRange range, PeriodUnit unit)
    {
        for (var first = Of(range.From, unit); first <= range.To; first = Add(first, unit, 1)) yield return first;
    }
}

/// <summary>Days of a report, both ends included, in the project's time zone.</summary>
public readonly record struct DayRange
{
    /// <exception cref="ArgumentOutOfRangeException">The last day is before the first.</exception>
    public DayRange(DateOnly from, DateOnly to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        (From, To) = (from, to);
    }

    public DateOnly From { get; }
    public DateOnly To { get; }
    public int Days => To.DayNumber - From.DayNumber + 1;

    public (DateTimeOffset From, DateTimeOffset Before) Bounds(TimeZoneInfo zone) => (Periods.Begin(From, zone), Periods.Begin(To.AddDays(1), zone));

    /// <summary>
    /// The range to compare with, which ends on the day before. Whole months (quarters, years) are compared with as many whole months, whatever their
    /// length; anything else with as many days.
    /// </summary>
    public DayRange Previous()
    {
        var next = To.AddDays(1);
        return From.Day == 1 && next.Day == 1
            ? new(From.AddMonths(-Periods.Between(From, next, PeriodUnit.Month)), From.AddDays(-1))
            : new(From.AddDays(-Days), From.AddDays(-1));
    }
}
