using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Core.Tests.Metrics;

/// <summary>How long leads and missed calls wait.</summary>
public sealed class WaitingTests
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");

    private static readonly WorkingTime Office = WorkingTime.Of(new Dictionary<string, string>
    {
        ["mon"] = "09:00-18:00",
        ["tue"] = "09:00-18:00",
        ["wed"] = "09:00-18:00",
        ["thu"] = "09:00-18:00",
        ["fri"] = "09:00-18:00",
    })!;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "+03:00", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly DateTimeOffset Monday = At("2026-11-23T10:00"), Later = At("2026-12-23T10:00");

    [Fact]
    public void A_lead_of_friday_evening_waits_three_days_or_fifteen_minutes()
    {
        var response = ResponseTime.Of(At("2026-11-20T17:50"), At("2026-11-23T09:05"), Later, Office, Moscow);
        Assert.Equal(new Response(new(63, 15, 0), TimeSpan.FromMinutes(15), true), response);
    }

    [Fact]
    public void A_contact_before_the_lead_is_an_answer_in_no_time_and_none_yet_is_an_age()
    {
        Assert.Equal(new Response(TimeSpan.Zero, TimeSpan.Zero, true), ResponseTime.Of(Monday, Monday.AddMinutes(-3), Later, Office, Moscow));
        Assert.Equal(new Response(TimeSpan.FromHours(2), TimeSpan.FromHours(2), false), ResponseTime.Of(Monday, null, Monday.AddHours(2), Office, Moscow));
        Assert.Equal(new Response(TimeSpan.FromHours(63), TimeSpan.FromHours(63), true), ResponseTime.Of(At("2026-11-20T18:00"), At("2026-11-23T09:00"), Later, null, Moscow));
    }

    [Fact]
    public void Unanswered_leads_are_not_in_the_mean_but_count_as_late_once_they_are()
    {
        static Response Waited(double minutes, bool answered = true) => new(TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes), answered);
        var figures = ResponseTime.Figures([Waited(1), Waited(5), Waited(30), Waited(600), Waited(3, false), Waited(90, false)], byWorkingTime: true);
        Assert.Equal((4, 2), (figures.Answered, figures.NoResponse));
        Assert.Equal((TimeSpan.FromMinutes(17.5), TimeSpan.FromMinutes(159), TimeSpan.FromMinutes(90)), (figures.Median, figures.Mean, figures.LongestWaiting));
        Assert.Equal(["5: 2/5", "15: 2/5", "60: 3/5"], figures.Within.Select(w => $"{w.Minutes}: {w.Share.Part}/{w.Share.Whole}"));
        var nothing = ResponseTime.Figures([], byWorkingTime: false);
        Assert.Equal((null, null, null), (nothing.Median, nothing.Mean, nothing.LongestWaiting));
        Assert.All(nothing.Within, w => Assert.Equal(NoValue.ZeroBase, w.Share.Why));
    }

    private static PhoneContact Miss(double minutes) => new(Monday.AddMinutes(minutes), ContactKind.MissedIncoming);
    private static PhoneContact Taken(double minutes) => new(Monday.AddMinutes(minutes), ContactKind.AnsweredIncoming);
    private static PhoneContact Ours(double minutes) => new(Monday.AddMinutes(minutes), ContactKind.SuccessfulOutgoing);

    private static string Told(params PhoneContact[] contacts) => string.Join("; ", MissedCalls.Of(contacts, Later, Office, Moscow)
        .Select(m => $"{(m.FirstMiss - Monday).TotalMinutes}: {m.Calls} {m.State} {m.By} {m.Callback?.TotalMinutes}".TrimEnd()));

    [Fact]
    public void Redials_within_half_an_hour_are_one_missed_contact_however_long_the_chain()
    {
        Assert.Equal("0: 3 Closed Us 70", Told(Miss(0), Miss(30), Miss(59), Ours(70)));
        Assert.Equal("0: 1 Closed Us 70; 30.1: 1 Closed Us 39.9", Told(Miss(0), Miss(30.1), Ours(70)));
    }

    [Fact]
    public void A_client_who_redials_and_is_answered_closes_it_and_a_conversation_ends_the_chain()
    {
        Assert.Equal("0: 2 Closed Client 12", Told(Miss(0), Miss(10), Taken(12)));
        Assert.Equal("0: 1 Closed Client 5; 10: 1 Closed Us 5", Told(Taken(5), Miss(0), Ours(15), Miss(10)));
    }

    [Fact]
    public void After_twenty_four_working_hours_it_is_lost_even_if_somebody_calls_at_last()
    {
        // Monday 10:00 + 24 working hours: 8 left on Monday, 9 on Tuesday, 7 on Wednesday: Wednesday 16:00.
        var limit = (At("2026-11-25T16:00") - Monday).TotalMinutes;
        Assert.Equal($"0: 1 Closed Us {limit}", Told(Miss(0), Ours(limit)));
        Assert.Equal($"0: 1 Lost Us {limit + 1}", Told(Miss(0), Ours(limit + 1)));
        Assert.Equal("0: 1 Lost Nobody", Told(Miss(0)));
        Assert.Equal(MissedState.Waiting, MissedCalls.Of([Miss(0)], Monday.AddHours(54), Office, Moscow).Single().State);
        Assert.Equal(MissedState.Lost, MissedCalls.Of([Miss(0)], Monday.AddHours(54).AddSeconds(1), Office, Moscow).Single().State);
        Assert.Equal(MissedState.Lost, MissedCalls.Of([Miss(0)], Monday.AddHours(25), null, Moscow).Single().State);
    }

    [Fact]
    public void Rates_are_of_calls_and_callbacks_of_contacts()
    {
        MissedContact[] missed = [.. MissedCalls.Of([Miss(0), Miss(5), Ours(10)], Later, Office, Moscow), .. MissedCalls.Of([Miss(0), Taken(60)], Later, Office, Moscow),
            .. MissedCalls.Of([Miss(700), Ours(1500)], Later, Office, Moscow), .. MissedCalls.Of([Miss(0)], Later, Office, Moscow)];
        var figures = MissedCalls.Figures(missed, answeredCalls: 15, missedCalls: 5, Moscow);
        Assert.Equal((0.75m, 0.25m, 4), (figures.AnswerRate.Value, figures.MissedRate.Value, figures.Contacts));
        Assert.Equal((1, 2, 2, 3, 1), (figures.Within15Minutes.Part, figures.SameDay.Part, figures.ByUs.Part, figures.ByUs.Whole, figures.Lost.Part));
        Assert.Equal((0, TimeSpan.FromMinutes(60)), (figures.Waiting, figures.MedianCallback));
        Assert.Equal(NoValue.ZeroBase, MissedCalls.Figures([], 0, 0, Moscow).AnswerRate.Why);
    }

    [Fact]
    public void Every_missed_call_is_in_exactly_one_contact() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        (from minute in Gen.Choose(0, 6000) from kind in Gen.Elements(Enum.GetValues<ContactKind>()) select new PhoneContact(Monday.AddMinutes(minute), kind)).ListOf().ToArbitrary(), contacts =>
        {
            var missed = MissedCalls.Of(contacts, Later, Office, Moscow);
            return missed.Sum(m => m.Calls) == contacts.Count(c => c.Kind == ContactKind.MissedIncoming)
                && missed.All(m => (m.ClosedAt is null) == (m.By == ClosedBy.Nobody) && m.Callback is null or { Ticks: >= 0 }
                    && contacts.All(c => c.Kind == ContactKind.MissedIncoming || c.At <= m.FirstMiss || m.ClosedAt <= c.At));
        }));
}
