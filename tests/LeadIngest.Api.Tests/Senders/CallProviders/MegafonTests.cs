using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class MegafonTests
{
    private const string History = "cmd=history&crm_token=SECRET&callid=c-1001&type=in&status=Success&phone=79030000001&user=ivan&diversion=74950000002&start=20250101T080000Z&duration=64&wait=5"
        + "&link=https%3A%2F%2Frec.example%2F1.mp3";

    [Fact]
    public void A_history_tells_the_whole_call()
    {
        var call = Webhooks.Read("megafon", History, secrets: new() { Secret = "SECRET" }).One();

        Assert.Equal(("c-1001", CallDirection.In, CallPhase.Ended, CallOutcome.Answered), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002", "ivan", "https://rec.example/1.mp3"), (call.ClientPhone, call.LinePhone, call.Employee, call.RecordingUrl));
        Assert.Equal((Webhooks.At("2025-01-01T08:00:00Z"), 64, 5), (call.StartedAt, call.TalkSeconds, call.WaitSeconds));
        Assert.DoesNotContain(call.Fields, field => field.Value == "SECRET");
    }

    [Theory]
    [InlineData("in", "missed", CallOutcome.Missed)]
    [InlineData("in", "Missed", CallOutcome.Missed)]
    [InlineData("out", "Cancel", CallOutcome.Unanswered)]
    [InlineData("out", "Busy", CallOutcome.Unanswered)]
    [InlineData("in", "NotAvailable", CallOutcome.Missed)]
    [InlineData("in", "NotAllowed", CallOutcome.Rejected)]
    [InlineData("in", "NotFound", CallOutcome.Missed)]
    [InlineData("in", "SUCCESS", CallOutcome.Answered)]
    public void A_status_decides_where_there_is_no_talk(string type, string status, CallOutcome outcome) =>
        Assert.Equal(outcome, Webhooks.Read("megafon", $"cmd=history&callid=1&type={type}&status={status}&phone=79030000001").One().Outcome);

    [Theory]
    [InlineData("INCOMING", CallDirection.In, CallPhase.Ringing)]
    [InlineData("OUTGOING", CallDirection.Out, CallPhase.Ringing)]
    [InlineData("ACCEPTED", CallDirection.Unknown, CallPhase.Talking)]
    [InlineData("COMPLETED", CallDirection.Unknown, CallPhase.Ended)]
    [InlineData("CANCELLED", CallDirection.Unknown, CallPhase.Unknown)]
    public void An_event_tells_how_far_the_call_is(string type, CallDirection direction, CallPhase phase)
    {
        var call = Webhooks.Read("megafon", $"cmd=event&callid=1&type={type}&phone=79030000001&diversion=74950000002&user=ivan&ext=101").One();

        Assert.Equal((direction, phase, "ivan", "101"), (call.Direction, call.Phase, call.Employee, call.Field("ext")));
    }

    [Fact]
    public void The_token_is_compared_once_the_sender_has_one()
    {
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("megafon", History, secrets: new() { Secret = "OTHER" }));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("megafon", History.Replace("crm_token=SECRET&", "", StringComparison.Ordinal), secrets: new() { Secret = "SECRET" }));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("megafon", "cmd=contact&crm_token=x&phone=79030000001", secrets: new() { Secret = "SECRET" }));
        Assert.NotNull(Webhooks.Read("megafon", History).One());
    }

    [Fact]
    public void Who_calls_is_answered_in_json_and_a_rating_is_kept_with_its_call()
    {
        Assert.Equal(new CallReading.Answer("{}", "application/json"), Webhooks.Read("megafon", "cmd=contact&crm_token=SECRET&callid=1&phone=79030000001&diversion=74950000002", secrets: new() { Secret = "SECRET" }));
        Assert.Equal("5", Webhooks.Read("megafon", "cmd=rating&callid=1&rating=5").One().Field("rating"));
    }

    [Fact]
    public void What_it_is_not_is_named()
    {
        Assert.True(Webhooks.Read("megafon", "callid=1").Errors().ContainsKey("cmd"));
        Assert.True(Webhooks.Read("megafon", "cmd=dance&callid=1").Errors().ContainsKey("cmd"));
        Assert.True(Webhooks.Read("megafon", "cmd=history&phone=79030000001").Errors().ContainsKey("callid"));
    }
}
