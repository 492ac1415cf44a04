using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Times;

namespace LeadIngest.Core.Tests.Times;

public sealed class WorkingTimeTests
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"), Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly string[] Zones = ["Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo", "America/Santiago"];

    private static readonly WorkingTime Office = WorkingTime.Of(new Dictionary<string, string>
    {
        ["mon"] = "09:00-18:00",
        ["tue"] = "09:00-18:00",
        ["wed"] = "09:00-18:00",
        ["thu"] = "09:00-18:00",
        ["fri"] = "09:00-18:00",
    }, ["2026-11-04"])!;

    private static readonly WorkingTime Always = WorkingTime.Of(new Dictionary<string, string>
    {
        ["mon"] = "00:00-24:00",
        ["tue"] = "00:00-24:00",
        ["wed"] = "00:00-24:00",
        ["thu"] = "00:00-24:00",
        ["fri"] = "00:00-24:00",
        ["sat"] = "00:00-24:00",
        ["sun"] = "00:00-24:00",
    })!;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-11-20T17:50+03:00", "2026-11-23T09:05+03:00", 15)]
    [InlineData("2026-11-20T10:00+03:00", "2026-11-20T10:07+03:00", 7)]
    [InlineData("2026-11-20T03:00+03:00", "2026-11-20T09:10+03:00", 10)]
    [InlineData("2026-11-21T12:00+03:00", "2026-11-22T12:00+03:00", 0)]
    [InlineData("2026-11-03T17:00+03:00", "2026-11-05T10:00+03:00", 120)]
    [InlineData("2026-11-23T09:05+03:00", "2026-11-20T17:50+03:00", 0)]
    [InlineData("2026-11-20T14:50Z", "2026-11-23T06:05Z", 15)]
    public void Between_counts_only_hours_days_and_no_holidays(string from, string to, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Office.Between(At(from), At(to), Moscow));

    [Fact]
    public void The_hour_that_comes_twice_counts_twice_and_the_skipped_one_not_at_all()
    {
        Assert.Equal(TimeSpan.FromHours(25), Always.Between(At("2026-10-25T00:00+02:00"), At("2026-10-26T00:00+01:00"), Berlin));
        Assert.Equal(TimeSpan.FromHours(23), Always.Between(At("2026-03-29T00:00+01:00"), At("2026-03-30T00:00+02:00"), Berlin));
        var night = WorkingTime.Of(new Dictionary<string, string> { ["sun"] = "02:00-02:30,03:30-04:00" })!;
        Assert.Equal(TimeSpan.FromMinutes(90), night.Between(At("2026-10-24T22:00Z"), At("2026-10-25T22:00Z"), Berlin));
        Assert.Equal(TimeSpan.FromMinutes(30), night.Between(At("2026-03-28T22:00Z"), At("2026-03-29T22:00Z"), Berlin));
        Assert.Equal(At("2026-10-25T02:15+01:00"), night.After(At("2026-10-25T00:00+02:00"), TimeSpan.FromMinutes(45), Berlin));
    }

    [Fact]
    public void Hours_that_never_come_give_plain_time()
    {
        var never = WorkingTime.Of(new Dictionary<string, string>())!;
        Assert.Equal(At("2026-11-20T13:00+03:00"), never.After(At("2026-11-20T12:00+03:00"), TimeSpan.FromHours(1), Moscow));
        Assert.Equal(TimeSpan.Zero, never.Between(At("2026-11-20T12:00Z"), At("2026-12-20T12:00Z"), Moscow));
        Assert.Null(WorkingTime.Of(null));
    }

    [Fact]
    public void Between_agrees_with_asking_for_every_minute_and_after_is_its_inverse()
    {
        var hours = Gen.Elements("00:00-24:00", "09:00-18:00", "00:30-01:30,02:15-03:45", "22:00-24:00", "10:00-13:00,14:00-19:00");
        var cases =
            from zone in Gen.Elements(Zones)
            from week in hours.ArrayOf(7)
            from works in Gen.Elements(true, true, false).ArrayOf(7)
            from off in Gen.Elements("2026-03-29", "2026-10-25", "2026-04-05", "2026-01-01")
            from start in Gen.Elements("2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03", "2026-03-07", "2026-10-31", "2026-04-23", "2026-10-29", "2026-09-05")
            from minute in Gen.Choose(0, 2880)
            from length in Gen.Choose(0, 2500)
            from time in Gen.Choose(1, 900)
            select (zone, week, works, off, since: At(start + "T00:00Z").AddMinutes(minute), length, time);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(c.zone);
            string[] days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
            var working = WorkingTime.Of(days.Index().Where(d => c.works[d.Index]).ToDictionary(d => d.Item, d => c.week[d.Index]), [c.off])!;
            var asked = Enumerable.Range(0, c.length).Count(m => working.IsWorking(c.since.AddMinutes(m), zone));
            var after = working.After(c.since, TimeSpan.FromMinutes(c.time), zone);
            return working.Between(c.since, c.since.AddMinutes(c.length), zone) == TimeSpan.FromMinutes(asked)
                && (!c.works.Any(w => w) || working.Between(c.since, after, zone) == TimeSpan.FromMinutes(c.time));
        }));
    }
}
