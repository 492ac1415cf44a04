using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Times;

namespace LeadIngest.Core.Tests.Times;

public sealed class PeriodsTests
{
    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-11-01T00:00+03:00", PeriodUnit.Month, "2026-11-01")]
    [InlineData("2026-10-31T23:59:59.999+03:00", PeriodUnit.Month, "2026-10-01")]
    [InlineData("2026-10-31T21:00Z", PeriodUnit.Month, "2026-11-01")]
    [InlineData("2026-11-22T23:00+03:00", PeriodUnit.Week, "2026-11-16")]
    [InlineData("2026-11-23T00:00+03:00", PeriodUnit.Week, "2026-11-23")]
    [InlineData("2026-12-31T20:59Z", PeriodUnit.Quarter, "2026-10-01")]
    [InlineData("2026-12-31T21:00Z", PeriodUnit.Quarter, "2027-01-01")]
    [InlineData("2026-11-20T12:00Z", PeriodUnit.Day, "2026-11-20")]
    public void A_moment_lies_in_the_period_of_the_projects_own_clock(string at, PeriodUnit unit, string first) =>
        Assert.Equal(Day(first), Periods.Of(At(at), unit, Zone("Europe/Moscow")));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-29T00:00+01:00", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-25T00:00+02:00", 25)]
    [InlineData("Asia/Kathmandu", "2026-03-29", "2026-03-29T00:00+05:45", 24)]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-24T01:00+03:00", 23)]
    [InlineData("America/Santiago", "2026-09-06", "2026-09-06T01:00-03:00", 23)]
    [InlineData("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00+00:00", 25)]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00+10:30", 23.5)]
    [InlineData("Pacific/Chatham", "2026-11-22", "2026-11-22T00:00+13:45", 24)]
    public void A_day_begins_at_its_first_moment_and_is_as_long_as_the_clock_makes_it(string zone, string day, string begin, double hours)
    {
        var (from, before) = Periods.Bounds(Day(day), PeriodUnit.Day, Zone(zone));
        Assert.Equal(At(begin), from);
        Assert.Equal(TimeSpan.FromHours(hours), before - from);
    }

    [Fact]
    public void Every_moment_lies_within_the_bounds_of_its_period_and_neighbours_touch()
    {
        var cases = from zone in Gen.Elements("Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Atlantic/Azores", "America/Havana", "UTC")
                    from minutes in Gen.Choose(0, 60 * 24 * 700)
                    from unit in Gen.Elements(Enum.GetValues<PeriodUnit>())
                    select (zone: Zone(zone), at: At("2025-06-01T00:00Z").AddMinutes(minutes), unit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var first = Periods.Of(c.at, c.unit, c.zone);
            var (from, before) = Periods.Bounds(first, c.unit, c.zone);
            return from <= c.at && c.at < before && Periods.Of(from, c.unit, c.zone) == first && Periods.Of(before.AddSeconds(-1), c.unit, c.zone) == first
                && Periods.Of(before, c.unit, c.zone) == Periods.Add(first, c.unit, 1) && Periods.Between(first, Periods.Add(first, c.unit, 7), c.unit) == 7;
        }));
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-30", "2026-10-01", "2026-10-31")]
    [InlineData("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")]
    [InlineData("2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30")]
    [InlineData("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31")]
    [InlineData("2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15")]
    [InlineData("2026-11-01", "2026-11-22", "2026-10-10", "2026-10-31")]
    [InlineData("2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21")]
    public void The_range_before_is_as_many_whole_months_or_as_many_days(string from, string to, string beforeFrom, string beforeTo) =>
        Assert.Equal(new DayRange(Day(beforeFrom), Day(beforeTo)), new DayRange(Day(from), Day(to)).Previous());

    [Fact]
    public void A_range_has_its_periods_and_its_ends_in_order()
    {
        var range = new DayRange(Day("2026-10-30"), Day("2026-12-01"));
        Assert.Equal(["2026-10-01", "2026-11-01", "2026-12-01"], Periods.In(range, PeriodUnit.Month).Select(d => d.ToString("yyyy-MM-dd", null)));
        Assert.Equal(33, range.Days);
        Assert.Equal((At("2026-10-29T21:00Z"), At("2026-12-01T21:00Z")), range.Bounds(Zone("Europe/Moscow")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DayRange(Day("2026-10-30"), Day("2026-10-29")));
    }
}
