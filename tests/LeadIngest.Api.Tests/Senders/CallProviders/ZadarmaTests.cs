using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class ZadarmaTests
{
    private const string Start = "event=NOTIFY_START&call_start=2025-01-01+11%3A00%3A00&pbx_call_id=in_abc1&caller_id=79030000001&called_did=74950000002";
    private const string Hex = "OTBmMTQyMTQzNGIyZGRhZjlkNTcwZjA0MGM5ZTk4YmY1NjBiMzkyMg==";
    private const string Raw = "kPFCFDSy3a+dVw8EDJ6Yv1YLOSI=";
    private static readonly SenderSecrets Secrets = new() { Secret = "demosecret" };

    [Theory]
    [InlineData("Signature", Hex)]
    [InlineData("signature", Raw)]
    public void Both_forms_of_the_check_vector_are_accepted(string header, string signature)
    {
        var call = Webhooks.Read("zadarma", Start, secrets: Secrets, headers: (header, signature)).One();

        Assert.Equal(("in_abc1", CallDirection.In, CallPhase.Ringing), (call.ExternalId, call.Direction, call.Phase));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
        // Wall clock of the sender's zone, Moscow by default.
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
    }

    [Fact]
    public void A_missing_or_wrong_signature_is_refused_once_a_secret_is_set()
    {
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("zadarma", Start, secrets: Secrets));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("zadarma", Start, secrets: Secrets, headers: ("Signature", Raw[..^2] + "A=")));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("zadarma", Start.Replace("01&called", "02&called", StringComparison.Ordinal), secrets: Secrets, headers: ("Signature", Raw)));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("zadarma", "", secrets: Secrets));
        Assert.NotNull(Webhooks.Read("zadarma", Start).One());
    }

    [Theory]
    [InlineData("NOTIFY_ANSWER", "caller_id=79030000001&destination=101&call_start=2025-01-01+11:00:00", "790300000011012025-01-01 11:00:00")]
    [InlineData("NOTIFY_OUT_END", "internal=101&destination=79030000001&call_start=2025-01-01+11:00:00", "101790300000012025-01-01 11:00:00")]
    [InlineData("NOTIFY_RECORD", "call_id_with_rec=r1", "in_1r1")]
    [InlineData("NOTIFY_INTERNAL", "caller_id=79030000001&called_did=74950000002&call_start=2025-01-01+11:00:00", "79030000001749500000022025-01-01 11:00:00")]
    [InlineData("NOTIFY_INTERNAL_END", "caller_id=79030000001&called_did=74950000002&call_start=2025-01-01+11:00:00", "79030000001749500000022025-01-01 11:00:00")]
    public void Each_event_signs_its_own_fields(string happened, string fields, string covered)
    {
        var signature = Convert.ToBase64String(Signatures.HmacSha1("demosecret", covered));
        var body = $"event={happened}&pbx_call_id=in_1&{fields}";

        Assert.Equal("in_1", Webhooks.Read("zadarma", body, secrets: Secrets, headers: ("Signature", signature)).One().ExternalId);
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("zadarma", body, secrets: new() { Secret = "other" }, headers: ("Signature", signature)));
    }

    [Theory]
    [InlineData("event=NOTIFY_INTERNAL&pbx_call_id=in_1&caller_id=79030000001&called_did=74950000002&internal=101", CallDirection.In, CallPhase.Ringing, CallOutcome.Unknown, "101")]
    [InlineData("event=NOTIFY_ANSWER&pbx_call_id=in_1&caller_id=79030000001&destination=101&internal=101", CallDirection.In, CallPhase.Talking, CallOutcome.Unknown, "101")]
    [InlineData("event=NOTIFY_END&pbx_call_id=in_1&caller_id=79030000001&called_did=74950000002&internal=101&duration=64&disposition=answered", CallDirection.In, CallPhase.Ended, CallOutcome.Answered, null)]
    [InlineData("event=NOTIFY_END&pbx_call_id=in_1&caller_id=79030000001&called_did=74950000002&duration=21&disposition=no+answer", CallDirection.In, CallPhase.Ended, CallOutcome.Missed, null)]
    [InlineData("event=NOTIFY_END&pbx_call_id=in_1&caller_id=79030000001&duration=0&disposition=line+limit", CallDirection.In, CallPhase.Ended, CallOutcome.Missed, null)]
    [InlineData("event=NOTIFY_OUT_START&pbx_call_id=out_1&destination=79030000001&caller_id=74950000002&internal=101", CallDirection.Out, CallPhase.Ringing, CallOutcome.Unknown, "101")]
    [InlineData("event=NOTIFY_OUT_END&pbx_call_id=out_1&destination=79030000001&caller_id=74950000002&internal=101&duration=0&disposition=busy", CallDirection.Out, CallPhase.Ended, CallOutcome.Unanswered, "101")]
    public void Each_event_is_read(string body, CallDirection direction, CallPhase phase, CallOutcome outcome, string? employee)
    {
        var call = Webhooks.Read("zadarma", body).One();

        Assert.Equal((direction, phase, outcome, employee, "79030000001"), (call.Direction, call.Phase, call.Outcome, call.Employee, call.ClientPhone));
    }

    [Fact]
    public void A_recording_brings_its_id_and_its_address()
    {
        var call = Webhooks.Read("zadarma", "event=NOTIFY_RECORD&pbx_call_id=in_1&call_id_with_rec=r1&link=https%3A%2F%2Frec.example%2Fr1.mp3").One();

        Assert.Equal(("r1", "https://rec.example/r1.mp3", CallPhase.Unknown), (call.RecordingId, call.RecordingUrl, call.Phase));
    }

    [Theory]
    [InlineData("abc-123_x.y", true)]
    [InlineData("%3Cscript%3Ealert(1)%3C%2Fscript%3E", false)]
    [InlineData("", false)]
    public void The_check_of_the_address_is_echoed_only_when_it_is_a_plain_word(string echo, bool answered)
    {
        var reading = Webhooks.Read("zadarma", "", contentType: null, query: "?zd_echo=" + echo, method: "GET", secrets: Secrets);

        if (answered) Assert.Equal(new CallReading.Answer(echo), reading);
        else Assert.True(reading.Errors().ContainsKey("zd_echo"));
        Assert.True(Webhooks.Read("zadarma", "", contentType: null, query: "?zd_echo=" + new string('a', 129), method: "GET").Errors().ContainsKey("zd_echo"));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=----abc")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public void Multipart_with_a_broken_boundary_is_read(string? contentType)
    {
        const string body = "------WebKitX\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\nNOTIFY_START\r\n------WebKitX\r\nContent-Disposition: form-data; name=\"pbx_call_id\"\r\n\r\nin_9\r\n"
            + "------WebKitX\r\nContent-Disposition: form-data; name=\"caller_id\"\r\n\r\n79030000001\r\n------WebKitX--\r\n";
        var call = Webhooks.Read("zadarma", body, contentType).One();

        Assert.Equal(("in_9", "79030000001"), (call.ExternalId, call.ClientPhone));
    }

    [Fact]
    public void Texts_are_no_calls_and_a_message_without_event_is_named()
    {
        Assert.IsType<CallReading.Nothing>(Webhooks.Read("zadarma", "event=SMS&result=x"));
        Assert.True(Webhooks.Read("zadarma", "pbx_call_id=in_1").Errors().ContainsKey("event"));
        Assert.True(Webhooks.Read("zadarma", "event=NOTIFY_START&caller_id=anonymous").Errors().ContainsKey("pbx_call_id"));
    }

    [Fact]
    public void A_hidden_caller_is_nobody_and_the_call_still_counts()
    {
        var call = Webhooks.Read("zadarma", Start.Replace("79030000001", "anonymous", StringComparison.Ordinal)).One();

        Assert.Equal(("anonymous", "74950000002"), (call.ClientPhone, call.LinePhone));
    }
}
