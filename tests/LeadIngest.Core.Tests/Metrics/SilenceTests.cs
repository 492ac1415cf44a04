using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class SilenceTests
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
    private static readonly Dictionary<string, string> Hours = new() { ["mon"] = "09:00-18:00", ["tue"] = "09:00-18:00", ["wed"] = "09:00-18:00", ["thu"] = "09:00-18:00", ["fri"] = "09:00-18:00" };
    private static readonly WorkingTime Office = WorkingTime.Of(Hours)!;

    // A Monday.
    private static readonly DateTimeOffset Begin = At("2026-09-07T00:00:00");
    private static readonly DateTimeOffset LastFriday = At("2026-10-09T17:00:00");

    [Fact]
    public void A_weekend_is_no_silence_and_a_working_day_without_leads_is()
    {
        var leads = Office5ADay(LastFriday);
        Assert.Null(Find(leads, "2026-10-11T23:00:00"));
        Assert.Null(Find(leads, "2026-10-12T11:00:00"));
        var silent = Find(leads, "2026-10-13T12:00:00");
        Assert.NotNull(silent);
        Assert.Equal(leads[^1], silent.Since);
        Assert.InRange(silent.UsualADay, 4.5, 5.5);
        Assert.InRange(silent.Expected, 5.3, 8.5);
        Assert.Equal(Math.Exp(-silent.Expected), silent.Chance, 12);
        Assert.True(silent.Chance < Silence.LeastChance);
    }

    [Fact]
    public void A_day_off_is_no_silence_either()
    {
        var withDayOff = WorkingTime.Of(Hours, ["2026-10-12", "2026-10-13"]);
        Assert.Null(Find(Office5ADay(LastFriday), "2026-10-13T17:00:00", withDayOff));
        Assert.NotNull(Find(Office5ADay(LastFriday), "2026-10-15T12:00:00", withDayOff));
    }

    [Fact]
    public void Without_working_hours_the_weeks_own_rhythm_counts()
    {
        var leads = Office5ADay(LastFriday);
        Assert.Null(Silence.Of(ByHour(leads), leads[^1], At("2026-10-12T08:00:00"), null, Moscow));
    }

    [Fact]
    public void A_source_that_brings_little_may_be_silent_for_days()
    {
        var leads = Days(LastFriday).SelectMany(d => new[] { d.AddHours(10), d.AddHours(15) }).ToList();
        Assert.Null(Find(leads, "2026-10-16T17:00:00"));
    }

    [Fact]
    public void A_heap_of_leads_once_is_no_habit()
    {
        var leads = Enumerable.Range(0, 200).Select(i => At("2026-10-05T10:00:00").AddMinutes(i)).ToList();
        Assert.Null(Find(leads, "2026-10-12T17:00:00"));
    }

    [Fact]
    public void A_silence_like_others_before_it_is_usual()
    {
        // Ten on every second day: a day without any has been seen ten times.
        var leads = Days(LastFriday).Where((_, i) => i % 2 == 0).SelectMany(d => Enumerable.Range(0, 10).Select(i => d.AddHours(9).AddMinutes(50 * i))).ToList();
        Assert.Null(Find(leads, leads[^1].AddHours(27)));
    }

    [Fact]
    public void Who_is_silent_for_a_fortnight_was_switched_off()
    {
        var leads = Office5ADay(LastFriday);
        Assert.NotNull(Find(leads, leads[^1] + Silence.Longest));
        Assert.Null(Find(leads, leads[^1] + Silence.Longest + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Nothing_is_expected_before_the_last_lead() => Assert.Null(Find(Office5ADay(LastFriday), LastFriday.AddDays(-3)));

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(60)]
    public void Chance_alone_raises_hardly_any_alarm(int aDay)
    {
        // In the long run a look falls into a silence less likely than p with probability p, whatever came before; a year of one source is four times as much or nothing at times.
        var (looks, alarms) = (0, 0);
        foreach (var seed in Enumerable.Range(1, 4))
        {
            var random = new Random(seed);
            var leads = new List<DateTimeOffset>();
            foreach (var day in Days(At("2027-03-01T00:00:00")))
                for (var at = day.AddHours(9); (at += TimeSpan.FromHours(-Math.Log(1 - random.NextDouble()) * 9 / aDay)) < day.AddHours(18);) leads.Add(at);
            var (byHour, next) = (ByHour(leads), 0);
            for (var now = Begin.AddDays(40); now < leads[^1]; now += TimeSpan.FromHours(2))
            {
                if (!Office.IsWorking(now, Moscow)) continue;
                while (leads[next] <= now) next++;
                looks++;
                if (Silence.Of(byHour, leads[next - 1], now, Office, Moscow) is not null) alarms++;
            }
        }
        Assert.True(looks > 1_500);
        Assert.True(alarms <= looks * 2 * Silence.LeastChance, $"{alarms} of {looks}");
    }

    private static SilentSource? Find(List<DateTimeOffset> leads, string now, WorkingTime? working = null) => Find(leads, At(now), working);

    private static SilentSource? Find(List<DateTimeOffset> leads, DateTimeOffset now, WorkingTime? working = null) => Silence.Of(ByHour(leads), leads[^1], now, working ?? Office, Moscow);

    /// <summary>At 9:30, 11:30, 13:30, 15:30 and 17:00 of working days.</summary>
    private static List<DateTimeOffset> Office5ADay(DateTimeOffset until) =>
        [.. Days(until).SelectMany(d => new[] { 9.5, 11.5, 13.5, 15.5, 17 }.Select(h => d.AddHours(h))).Where(at => at <= until)];

    private static IEnumerable<DateTimeOffset> Days(DateTimeOffset until)
    {
        for (var day = Begin; day <= until; day = day.AddDays(1))
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) yield return day;
    }

    private static Dictionary<DateTimeOffset, int> ByHour(IEnumerable<DateTimeOffset> leads) => leads.GroupBy(at => new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero))
        .ToDictionary(g => g.Key, g => g.Count());

    private static DateTimeOffset At(string local) => DateTimeOffset.Parse(local + "+03:00", System.Globalization.CultureInfo.InvariantCulture);
}
