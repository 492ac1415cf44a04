using LeadIngest.Core.Times;

namespace LeadIngest.Core.Metrics;

/// <summary>A source that usually brings leads and has brought none for longer than chance explains.</summary>
/// <param name="Since">Its last lead.</param>
/// <param name="Expected">Leads that would usually have come since then.</param>
/// <param name="UsualADay">Leads of a working day, as they were before.</param>
/// <param name="Chance">That none of those expected comes, if nothing is broken: 0 to <see cref="Silence.LeastChance"/>.</param>
public sealed record SilentSource(DateTimeOffset Since, double Expected, double UsualADay, double Chance);

/// <summary>When silence means that something is broken: a form, a campaign, a number.</summary>
/// <remarks>
/// Leads are taken for a Poisson process whose rate repeats by the week: what is expected of an hour is the mean of the same hour of the week over the four weeks before the last
/// lead, and only working time counts. None comes in an interval with probability e^−expected. As real leads come in heaps, a silence must also be longer, by what was expected of it,
/// than every one of those four weeks.
/// </remarks>
public static class Silence
{
    /// <summary>Silences more likely than this are chance.</summary>
    public const double LeastChance = 0.005;

    /// <summary>Of a source that brings fewer leads a working day nothing is said: it may be silent for days.</summary>
    public const double LeastADay = 3;

    /// <summary>Before the last lead, in weeks.</summary>
    public const int Weeks = 4;

    /// <summary>Silent for longer: somebody has switched the source off, and knows.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="hours">Leads by the hour in which they came, named by its beginning in UTC; four weeks before the last one and more. Hours without leads may be left out.</param>
    /// <param name="last">The last lead.</param>
    /// <param name="now">The moment of the question.</param>
    /// <param name="working">Null: people always work, and the week's own rhythm is all there is.</param>
    /// <param name="zone">The project's.</param>
    /// <returns>Null: nothing unusual.</returns>
    public static SilentSource? Of(IReadOnlyDictionary<DateTimeOffset, int> hours, DateTimeOffset last, DateTimeOffset now, WorkingTime? working, TimeZoneInfo zone)
    {
        if (now <= last || now - last > Longest) return null;
        var end = new DateTimeOffset(last.UtcTicks - (last.UtcTicks % Hour.Ticks), TimeSpan.Zero);
        var begin = end - TimeSpan.FromDays(7 * Weeks) + Hour;
        var usual = new double[7 * 24];
        var (days, busy, leads) = (new HashSet<DateOnly>(), new HashSet<DateOnly>(), 0);
        for (var at = begin; at <= end; at += Hour)
        {
            if (!Works(at)) continue;
            var local = TimeZoneInfo.ConvertTime(at, zone);
            var day = DateOnly.FromDateTime(local.DateTime);
            days.Add(day);
            if (!hours.TryGetValue(at, out var came)) continue;
            busy.Add(day);
            leads += came;
            usual[Slot(local)] += (double)came / Weeks;
        }
        // A letter to all clients once a month is no habit.
        if (days.Count == 0 || leads < LeastADay * days.Count || 2 * busy.Count < days.Count) return null;

        var (gap, longest) = (0.0, 0.0);
        for (var at = begin; at <= end; at += Hour)
        {
            gap = hours.ContainsKey(at) ? 0 : gap + Usual(at);
            longest = Math.Max(longest, gap);
        }
        var expected = 0.0;
        for (var at = end + Hour; at < now; at += Hour) expected += Usual(at) * Math.Min(1, (now - at) / Hour);
        var chance = Math.Exp(-expected);
        return chance < LeastChance && expected > longest ? new(last, expected, (double)leads / days.Count, chance) : null;

        double Usual(DateTimeOffset at) => Works(at) ? usual[Slot(TimeZoneInfo.ConvertTime(at, zone))] : 0;

        // By its middle: hours of work begin at half past here and there.
        bool Works(DateTimeOffset at) => working?.IsWorking(at + (Hour / 2), zone) ?? true;
    }

    private static int Slot(DateTimeOffset local) => ((int)local.DayOfWeek * 24) + local.Hour;
}
