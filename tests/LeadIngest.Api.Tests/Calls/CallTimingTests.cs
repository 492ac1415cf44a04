using LeadIngest.Api.Calls;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>The moments of a call's lead, by a clock of the test's own.</summary>
public class CallTimingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallsOptions Defaults = new();

    private static readonly CallFacts Ringing = new() { Direction = CallDirection.In, Phase = CallPhase.Ringing, ClientPhone = "+79161234567" };
    private static readonly CallFacts Missed = Ringing with { Phase = CallPhase.Ended, Outcome = CallOutcome.Missed };
    private static readonly CallFacts Answered = Ringing with { Phase = CallPhase.Ended, Outcome = CallOutcome.Answered };

    private static CallHeard Heard(int? ended = null, int? recorded = null, int last = 0) =>
        new(Noon, Noon.AddSeconds(last), ended is { } e ? Noon.AddSeconds(e) : null, recorded is { } r ? Noon.AddSeconds(r) : null);

    private static double Due(CallFacts facts, CallHeard heard, string at = "end") => (CallTiming.DueAt(facts, heard, at, Defaults) - Noon).TotalSeconds;

    [Fact]
    public void The_lead_goes_when_the_call_is_over()
    {
        Assert.Equal(900, Due(Ringing, Heard()));
        Assert.Equal(20, Due(Missed, Heard(ended: 20)));
        Assert.Equal(80, Due(Answered, Heard(ended: 20)));
        Assert.Equal(50, Due(Answered with { RecordingUrl = "https://rec.example/1.mp3" }, Heard(ended: 20, recorded: 50)));
        Assert.Equal(20, Due(Answered with { RecordingId = "r" }, Heard(ended: 20, recorded: 10)));
        Assert.Equal(0, Due(Ringing, Heard(), "start"));
    }

    [Fact]
    public void The_callers_number_is_waited_for_but_not_for_ever()
    {
        var numberless = Ringing with { ClientPhone = null };
        Assert.Null(CallTiming.WaitUntil(Ringing, Heard(), Defaults, Noon));
        Assert.Equal(Noon.AddSeconds(30), CallTiming.WaitUntil(numberless, Heard(), Defaults, Noon));
        Assert.Null(CallTiming.WaitUntil(numberless, Heard(), Defaults, Noon.AddSeconds(30)));
        Assert.Null(CallTiming.WaitUntil(numberless with { IsHidden = true }, Heard(), Defaults, Noon));
        // Over, yet its messages may still be overtaking each other.
        Assert.Equal(Noon.AddSeconds(9), CallTiming.WaitUntil(Missed with { ClientPhone = null }, Heard(ended: 4, last: 4), Defaults, Noon.AddSeconds(4)));
        Assert.Equal(Noon.AddSeconds(30), CallTiming.WaitUntil(Missed with { ClientPhone = null }, Heard(ended: 29, last: 29), Defaults, Noon.AddSeconds(29)));
        Assert.Null(CallTiming.WaitUntil(Missed with { ClientPhone = null }, Heard(ended: 64, last: 64), Defaults, Noon.AddSeconds(64)));
        Assert.Equal(Noon.AddSeconds(30), CallTiming.WaitUntil(Missed with { Direction = CallDirection.Unknown }, Heard(ended: 1, last: 1), Defaults, Noon.AddSeconds(1)));
    }

    [Fact]
    public void A_start_that_the_arrival_contradicts_does_not_ask_who_held_the_number_in_another_hour()
    {
        Assert.Equal(Noon.AddMinutes(-10), CallTiming.DialledAt(Ringing with { StartedAt = Noon.AddMinutes(-10) }, Heard()));
        Assert.Equal(Noon, CallTiming.DialledAt(Ringing with { StartedAt = Noon.AddHours(3) }, Heard()));
        Assert.Equal(Noon, CallTiming.DialledAt(Ringing, Heard()));
    }
}
