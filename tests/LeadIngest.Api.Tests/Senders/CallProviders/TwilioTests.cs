using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class TwilioTests
{
    private const string Body = "To=%2B74950000002&CallSid=CA01&CallStatus=completed&From=%2B79030000001";
    private const string Address = "https://leads.example/hooks/tw?k=1";
    private const string Vector = "heKq3qhyp/Fa1FI/1UDHAknUVvI=";
    private static readonly SenderSecrets Secrets = new() { Secret = "demotoken" };

    private static CallReading Read(string body, string? signature = Vector, string address = Address, SenderSecrets? secrets = null) =>
        Webhooks.Read("twilio", body, query: "?k=1", secrets: secrets ?? Secrets, address: address, headers: signature is null ? [] : [("x-twilio-signature", signature)]);

    [Fact]
    public void The_check_vector_is_accepted_and_anything_else_is_not()
    {
        Assert.Equal(("CA01", CallPhase.Ended, CallOutcome.Answered), (Read(Body).One().ExternalId, Read(Body).One().Phase, Read(Body).One().Outcome));
        Assert.Equal("CA01", Read(Body, address: "https://leads.example:443/hooks/tw?k=1").One().ExternalId);
        Assert.IsType<CallReading.Forbidden>(Read(Body, signature: null));
        Assert.IsType<CallReading.Forbidden>(Read(Body, signature: "heKq3qhyp/Fa1FI/1UDHAknUVvJ="));
        Assert.IsType<CallReading.Forbidden>(Read(Body + "&CallDuration=1"));
        Assert.IsType<CallReading.Forbidden>(Read(Body, address: "http://10.0.0.1/hooks/tw?k=1"));
        Assert.NotNull(Read(Body, signature: null, secrets: new()).One());
    }

    [Fact]
    public void A_body_that_is_no_form_is_signed_by_its_hash()
    {
        const string json = """{"CallSid":"CA02","CallStatus":"ringing","From":"+79030000001"}""";
        string Signed(string body)
        {
            var address = "https://leads.example/x?bodySHA256=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
            return address;
        }
        var address = Signed(json);
        var signature = Convert.ToBase64String(Signatures.HmacSha1("demotoken", address));
        var query = address[address.IndexOf('?', StringComparison.Ordinal)..];

        Assert.Equal("CA02", Webhooks.Read("twilio", json, "application/json", query, secrets: Secrets, address: address, headers: ("X-Twilio-Signature", signature)).One().ExternalId);
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("twilio", json.Replace("CA02", "CA03", StringComparison.Ordinal), "application/json", query, secrets: Secrets, address: address, headers: ("X-Twilio-Signature", signature)));
    }

    [Theory]
    [InlineData("initiated", CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("ringing", CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("in-progress", CallPhase.Talking, CallOutcome.Unknown)]
    [InlineData("completed", CallPhase.Ended, CallOutcome.Answered)]
    [InlineData("no-answer", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("busy", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("canceled", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("failed", CallPhase.Ended, CallOutcome.Missed)]
    public void Each_status_is_read(string status, CallPhase phase, CallOutcome outcome)
    {
        var call = Webhooks.Read("twilio", $"CallSid=CA1&Direction=inbound&From=%2B79030000001&To=%2B74950000002&CallStatus={status}&SequenceNumber=2&Timestamp=Wed%2C+01+Jan+2025+08%3A00%3A00+%2B0000&CallerName=ANNA").One();

        Assert.Equal((CallDirection.In, phase, outcome, 2L), (call.Direction, call.Phase, call.Outcome, call.Sequence));
        Assert.Equal(("+79030000001", "+74950000002", "ANNA"), (call.ClientPhone, call.LinePhone, call.ClientName));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), phase switch { CallPhase.Ringing => call.StartedAt, CallPhase.Talking => call.AnsweredAt, _ => call.EndedAt });
    }

    [Fact]
    public void An_outbound_call_has_its_client_at_the_other_end()
    {
        var call = Webhooks.Read("twilio", "CallSid=CA1&Direction=outbound-api&From=%2B74950000002&To=%2B79030000001&CallStatus=no-answer").One();

        Assert.Equal((CallDirection.Out, CallOutcome.Unanswered, "+79030000001", "+74950000002"), (call.Direction, call.Outcome, call.ClientPhone, call.LinePhone));
    }

    [Fact]
    public void The_side_of_an_employee_belongs_to_the_clients_call_and_never_ends_it()
    {
        var call = Webhooks.Read("twilio", "CallSid=CA2&ParentCallSid=CA1&Direction=outbound-dial&From=%2B79030000001&To=client%3Aivan&CallStatus=completed&CallDuration=64&SequenceNumber=4").One();

        Assert.Equal(("CA1", CallPhase.Unknown, CallOutcome.Answered, "ivan", 64), (call.ExternalId, call.Phase, call.Outcome, call.Employee, call.TalkSeconds));
        Assert.Null(call.Sequence);
        Assert.Null(call.ClientPhone);
    }

    [Fact]
    public void A_recording_and_a_hidden_caller_are_understood()
    {
        var recording = Webhooks.Read("twilio", "CallSid=CA1&RecordingSid=RE1&RecordingUrl=https%3A%2F%2Frec.example%2FRE1&RecordingStatus=completed").One();

        Assert.Equal(("RE1", "https://rec.example/RE1", CallPhase.Unknown), (recording.RecordingId, recording.RecordingUrl, recording.Phase));
        Assert.IsType<CallReading.Nothing>(Webhooks.Read("twilio", "CallSid=CA1&RecordingSid=RE1&RecordingStatus=in-progress"));
        Assert.Equal("anonymous", Webhooks.Read("twilio", "CallSid=CA1&From=%2B266696687&To=%2B74950000002&CallStatus=ringing&Direction=inbound").One().ClientPhone);
        Assert.IsType<CallReading.Nothing>(Webhooks.Read("twilio", "MessageSid=SM1&From=%2B79030000001&Body=hi"));
        Assert.True(Webhooks.Read("twilio", "From=%2B79030000001").Errors().ContainsKey("CallSid"));
    }
}
