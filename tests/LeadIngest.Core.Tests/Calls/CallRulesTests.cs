using LeadIngest.Core.Calls;

namespace LeadIngest.Core.Tests.Calls;

public class CallRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static CallEvent Event(CallPhase phase = CallPhase.Unknown) => new() { ExternalId = "c-1", Phase = phase, Direction = CallDirection.In };

    private static CallFacts Fold(params CallEvent[] events) => CallRules.Fold(events, "RU");

    [Fact]
    public void Talk_time_beats_the_word_of_success() =>
        Assert.Equal(CallOutcome.Missed, Fold(Event(CallPhase.Ended) with { TalkSeconds = 0, Outcome = CallOutcome.Answered }).Outcome);

    [Fact]
    public void Talk_time_beats_the_word_of_failure() =>
        Assert.Equal(CallOutcome.Answered, Fold(Event(CallPhase.Ended) with { TalkSeconds = 3, Outcome = CallOutcome.Missed }).Outcome);

    [Fact]
    public void No_talk_while_it_rings_is_no_missed_call() => Assert.Equal(CallOutcome.Unknown, Fold(Event(CallPhase.Ringing) with { TalkSeconds = 0 }).Outcome);

    [Fact]
    public void Without_talk_time_the_kindest_leg_decides() =>
        Assert.Equal(CallOutcome.Answered, Fold(Event(CallPhase.Ended) with { Outcome = CallOutcome.Missed }, Event(CallPhase.Ended) with { Outcome = CallOutcome.Answered }).Outcome);

    [Fact]
    public void An_outgoing_call_without_talk_is_unanswered_not_missed() =>
        Assert.Equal(CallOutcome.Unanswered, Fold(Event(CallPhase.Ended) with { Direction = CallDirection.Out, Outcome = CallOutcome.Missed }).Outcome);

    [Fact]
    public void What_the_schedule_refused_is_rejected() =>
        Assert.Equal(CallOutcome.Rejected, Fold(Event(CallPhase.Ended) with { TalkSeconds = 0, Outcome = CallOutcome.Rejected }, Event(CallPhase.Ended) with { Outcome = CallOutcome.Missed }).Outcome);

    [Fact]
    public void Talk_follows_from_the_times_where_it_is_not_told()
    {
        var facts = Fold(Event() with { AnsweredAt = Noon }, Event() with { EndedAt = Noon.AddSeconds(64) });
        Assert.Equal((64, CallOutcome.Answered, CallPhase.Ended), (facts.TalkSeconds, facts.Outcome, facts.Phase));
    }

    [Fact]
    public void The_earliest_start_and_the_latest_end_count()
    {
        var facts = Fold(Event() with { StartedAt = Noon.AddSeconds(3), EndedAt = Noon.AddMinutes(1) }, Event() with { StartedAt = Noon, EndedAt = Noon.AddMinutes(2) });
        Assert.Equal((Noon, Noon.AddMinutes(2)), (facts.StartedAt, facts.EndedAt));
    }

    [Fact]
    public void An_end_before_the_start_is_set_aside_and_named()
    {
        var facts = Fold(Event() with { StartedAt = Noon, EndedAt = Noon.AddHours(-3) });
        Assert.Null(facts.EndedAt);
        Assert.Contains("ended_before_start", facts.Warnings);
    }

    [Theory]
    [InlineData("79161234567", "+79161234567", "79161234567", false)]
    [InlineData("+79161234567", "+79161234567", null, false)]
    [InlineData("sip:+79161234567@10.0.0.12:5060;user=phone", "+79161234567", "sip:+79161234567@10.0.0.12:5060;user=phone", false)]
    [InlineData("tel:+7-916-123-45-67", "+79161234567", "tel:+7-916-123-45-67", false)]
    [InlineData("sip:ivan@84.95.112.33", null, "sip:ivan@84.95.112.33", false)]
    [InlineData("105", null, "105", false)]
    [InlineData("Anonymous", null, null, true)]
    [InlineData("sip:anonymous@anonymous.invalid", null, null, true)]
    [InlineData("Номер скрыт", null, null, true)]
    [InlineData("", null, null, false)]
    [InlineData(null, null, null, false)]
    public void The_clients_number_is_read_in_every_shape(string? sent, string? phone, string? typed, bool hidden)
    {
        var facts = Fold(Event() with { ClientPhone = sent });
        Assert.Equal((phone, typed, hidden), (facts.ClientPhone, facts.ClientPhoneTyped, facts.IsHidden));
    }

    [Fact]
    public void A_number_told_once_is_not_lost_to_a_message_that_hides_it()
    {
        var facts = Fold(Event(CallPhase.Ringing) with { ClientPhone = "79161234567" }, Event(CallPhase.Ended) with { ClientPhone = "anonymous" });
        Assert.Equal(("+79161234567", false), (facts.ClientPhone, facts.IsHidden));
    }

    [Fact]
    public void Tags_of_all_messages_are_united_and_the_later_phase_wins_a_quarrel()
    {
        var facts = Fold(
            Event(CallPhase.Ended) with { Tags = [new("utm_source", "yandex")] },
            Event(CallPhase.Ringing) with { Tags = [new("UTM_SOURCE", "vk"), new("yclid", "17")] });
        Assert.Equal([new("utm_source", "yandex"), new("yclid", "17")], facts.Tags);
    }

    [Fact]
    public void Within_a_phase_the_higher_sequence_wins() =>
        Assert.Equal("Анна", Fold(Event(CallPhase.Talking) with { Sequence = 9, Employee = "Анна" }, Event(CallPhase.Talking) with { Sequence = 10, Employee = "Анна" },
            Event(CallPhase.Talking) with { Sequence = 2, Employee = "Яна" }).Employee);

    [Fact]
    public void A_line_that_is_no_phone_stays_as_it_is() => Assert.Equal("main-queue", Fold(Event() with { LinePhone = "main-queue" }).LinePhone);
}
