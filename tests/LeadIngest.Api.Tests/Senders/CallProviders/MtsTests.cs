using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class MtsTests
{
    [Fact]
    public void The_keys_of_exolve_are_read()
    {
        var call = Webhooks.ReadJson("mts", """{"sip_id":"883140000000001","numberA":"79030000001","numberB":"74950000002","call_sid":"s-1"}""").One();

        Assert.Equal(("s-1", "79030000001", "74950000002", CallPhase.Unknown), (call.ExternalId, call.ClientPhone, call.LinePhone, call.Phase));
        Assert.Equal("883140000000001", call.Field("sip_id"));
    }

    [Theory]
    [InlineData("call_id=1&direction=out&from=74950000002&to=79030000001&duration=12&status=answered", CallDirection.Out, CallPhase.Ended, CallOutcome.Answered)]
    [InlineData("callId=1&direction=inbound&caller=79030000001&called=74950000002&status=missed&duration=20", CallDirection.In, CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("uniqueid=1&direction=in&src=79030000001&dst=74950000002&disposition=NO+ANSWER&billsec=0", CallDirection.In, CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("call_id=1&direction=in&from=79030000001&to=74950000002&event=ringing", CallDirection.In, CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("call_id=1&direction=in&from=79030000001&to=74950000002&state=connected&duration=0", CallDirection.In, CallPhase.Talking, CallOutcome.Unknown)]
    public void Common_names_are_read(string body, CallDirection direction, CallPhase phase, CallOutcome outcome)
    {
        var call = Webhooks.Read("mts", body).One();

        Assert.Equal(("1", direction, phase, outcome), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
    }

    [Fact]
    public void A_call_between_extensions_is_internal() =>
        Assert.Equal((CallDirection.Internal, "101"), (Webhooks.Read("mts", "call_id=1&from=101&to=102").One().Direction, Webhooks.Read("mts", "call_id=1&from=101&to=102").One().Employee));
}
