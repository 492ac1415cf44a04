using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class MangoTests
{
    private const string Appeared = """{"entry_id":"ZW50cnktMQ==","call_id":"Y2FsbC0x","timestamp":1735718400,"seq":1,"call_state":"Appeared","location":"queue","from":{"number":"79030000001"},"to":{"number":"74950000002","line_number":"74950000002","acd_group":"10"},"dct":{"number":"74950000002","type":1}}""";
    private const string Sign = "52dcf97b3c7386cb7e282e84bdc6d17fd2fcf0d6ae2e65657c446abc0f0ed441";
    private static readonly SenderSecrets Secrets = new() { Key = "demoapikey01", Secret = "demosalt02" };

    private static CallReading Read(string json, string rest = "events/call", SenderSecrets? secrets = null, string key = "demoapikey01", string? sign = null) =>
        Webhooks.Read("mango", sign is null ? Webhooks.Form(("vpbx_api_key", key), ("json", json)) : Webhooks.Form(("vpbx_api_key", key), ("sign", sign), ("json", json)), rest: rest, secrets: secrets);

    [Fact]
    public void The_check_vector_is_accepted_and_anything_else_is_not()
    {
        var call = Read(Appeared, secrets: Secrets, sign: Sign).One();

        Assert.Equal(("ZW50cnktMQ==", CallPhase.Ringing, CallDirection.In), (call.ExternalId, call.Phase, call.Direction));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
        Assert.DoesNotContain(call.Fields, field => field.Key is "sign" or "vpbx_api_key");
        Assert.NotNull(Read(Appeared, secrets: Secrets with { Key = null }, sign: Sign.ToUpperInvariant()).One());
        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets));
        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets, sign: ""));
        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets, sign: Sign[..^1] + "2"));
        Assert.IsType<CallReading.Forbidden>(Read(Appeared.Replace("queue", "ivr", StringComparison.Ordinal), secrets: Secrets, sign: Sign));
        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets, sign: Sign, key: "other"));
        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets with { Key = "other" }, sign: Sign));
        Assert.NotNull(Read(Appeared, sign: "whatever").One());
        Assert.NotNull(Read(Appeared).One());
    }

    [Fact]
    public void A_field_beside_the_signed_text_is_not_believed()
    {
        var body = Webhooks.Form(("entry_id", "forged"), ("from.number", "79030000009"), ("vpbx_api_key", "demoapikey01"), ("sign", Sign), ("json", Appeared), ("json", "{\"entry_id\":\"forged\"}"));
        var call = Webhooks.Read("mango", body, query: "?entry_id=forged", secrets: Secrets).One();

        Assert.Equal(("ZW50cnktMQ==", "79030000001"), (call.ExternalId, call.ClientPhone));
    }

    [Fact]
    public void Another_projects_key_with_a_right_signature_of_its_own_is_refused()
    {
        var sign = Signatures.Sha256Hex("foreign" + Appeared + "demosalt02");

        Assert.IsType<CallReading.Forbidden>(Read(Appeared, secrets: Secrets, key: "foreign", sign: sign));
    }

    [Theory]
    [InlineData("Appeared", "abonent", CallPhase.Ringing)]
    [InlineData("Connected", "ivr", CallPhase.Ringing)]
    [InlineData("Connected", "queue", CallPhase.Ringing)]
    [InlineData("Connected", "abonent", CallPhase.Talking)]
    [InlineData("OnHold", "abonent", CallPhase.Talking)]
    [InlineData("Disconnected", "abonent", CallPhase.Unknown)]
    public void A_leg_says_how_far_the_call_is_and_never_that_it_is_over(string state, string location, CallPhase phase)
    {
        var call = Read($$"""{"entry_id":"e","call_id":"c2","timestamp":"1735718402","seq":3,"call_state":"{{state}}","location":"{{location}}","from":{"number":"79030000001","taken_from_call_id":"c1"},"to":{"extension":"101","number":"sip:ivan@pbx.example","line_number":"74950000002"} }""").One();

        Assert.Equal((phase, CallOutcome.Unknown, "101"), (call.Phase, call.Outcome, call.Employee));
        Assert.Null(call.StartedAt);
        Assert.Equal(state == "Connected" && location == "abonent" ? Webhooks.At("2025-01-01T08:00:02Z") : null, call.AnsweredAt);
    }

    [Fact]
    public void Messages_of_all_legs_have_one_order()
    {
        long Sequence(string leg, int seq, long at) => Read($$"""{"entry_id":"e","call_id":"{{leg}}","timestamp":{{at}},"seq":{{seq}},"call_state":"Connected"}""").One().Sequence!.Value;

        Assert.True(Sequence("c1", 1, 1735718400) < Sequence("c1", 2, 1735718400));
        Assert.True(Sequence("c1", 7, 1735718400) < Sequence("c2", 1, 1735718401));
    }

    [Theory]
    [InlineData(1, 1735718410, 1735718474, 1, CallDirection.In, CallOutcome.Answered, 10, 64)]
    [InlineData(1, 0, 1735718420, 1, CallDirection.In, CallOutcome.Missed, 20, 0)]
    [InlineData(1, 0, 1735718420, 0, CallDirection.In, CallOutcome.Missed, 20, 0)]
    [InlineData(2, 0, 1735718420, 0, CallDirection.Out, CallOutcome.Unanswered, 20, 0)]
    [InlineData(2, 1735718405, 1735718420, 1, CallDirection.Out, CallOutcome.Answered, 5, 15)]
    public void A_summary_is_judged_by_its_times(int direction, long talk, long end, int result, CallDirection way, CallOutcome outcome, int wait, int seconds)
    {
        var client = direction == 1 ? "from" : "to";
        var staff = direction == 1 ? "to" : "from";
        // At the address of calls: the vendor's own document shows it there.
        var call = Read($$"""{"entry_id":"e","call_direction":{{direction}},"{{client}}":{"number":"79030000001"},"{{staff}}":{"extension":"101","number":"sip:101@pbx.example"},"line_number":"74950000002","create_time":1735718400,"forward_time":1735718402,"talk_time":{{talk}},"end_time":{{end}},"entry_result":{{result}},"disconnect_reason":1110}""").One();

        Assert.Equal((way, CallPhase.Ended, outcome), (call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002", "101"), (call.ClientPhone, call.LinePhone, call.Employee));
        Assert.Equal((wait, seconds), (call.WaitSeconds, call.TalkSeconds));
        Assert.Equal("1110", call.Field("disconnect_reason"));
    }

    [Fact]
    public void A_barred_caller_is_rejected_and_an_empty_side_is_no_fault()
    {
        var call = Read("""{"entry_id":"e","call_direction":1,"from":{},"to":{},"create_time":1735718400,"talk_time":0,"end_time":1735718401,"disconnect_reason":1151}""").One();

        Assert.Equal(CallOutcome.Rejected, call.Outcome);
        Assert.Null(call.ClientPhone);
    }

    [Fact]
    public void A_call_between_colleagues_is_internal_and_has_no_client()
    {
        var call = Read("""{"entry_id":"e","call_direction":"0","from":{"extension":"101"},"to":{"extension":"102"},"create_time":1735718400,"talk_time":1735718401,"end_time":1735718402}""").One();
        var leg = Read("""{"entry_id":"e","call_id":"c","call_state":"Appeared","from":{"extension":"101"},"to":{"extension":"102"},"timestamp":1735718400}""").One();

        Assert.Equal((CallDirection.Internal, null), (call.Direction, call.ClientPhone));
        Assert.Equal(CallDirection.Internal, leg.Direction);
    }

    [Fact]
    public void A_client_behind_an_address_of_internet_telephony_is_a_phone_and_a_colleague_is_not()
    {
        var call = Read("""{"entry_id":"e","call_direction":2,"from":{"extension":"101","number":"sip:ivan@pbx.example"},"to":{"number":"sip:79030000001@trunk.example"},"create_time":1735718400,"talk_time":0,"end_time":1735718401}""").One();

        Assert.Equal(("79030000001", "101"), (call.ClientPhone, call.Employee));
        Assert.Null(call.LinePhone);
    }

    [Fact]
    public void A_finished_recording_is_an_event_of_its_own()
    {
        const string json = """{"recording_id":"r1","recording_state":"Completed","completion_code":1000,"entry_id":"e","call_id":"c","extension":"101","timestamp":1735718480}""";

        Assert.Equal(("e", "r1", CallPhase.Unknown), (Read(json).One().ExternalId, Read(json).One().RecordingId, Read(json).One().Phase));
        Assert.IsType<CallReading.Nothing>(Read(json.Replace("Completed", "Started", StringComparison.Ordinal)));
        Assert.IsType<CallReading.Nothing>(Read(json.Replace("1000", "4002", StringComparison.Ordinal)));
    }

    [Fact]
    public void Keys_texts_results_and_pings_are_understood_and_of_no_use()
    {
        Assert.IsType<CallReading.Nothing>(Read("""{"seq":1,"dtmf":"1","timestamp":1735718400,"call_id":"c","entry_id":"e"}""", "events/dtmf"));
        Assert.IsType<CallReading.Nothing>(Read("""{"command_id":"1","result":1000}""", "events/sms"));
        Assert.IsType<CallReading.Nothing>(Read("""{"command_id":"1","result":1000}""", "result/callback"));
        Assert.True(Assert.IsType<CallReading.Nothing>(Webhooks.Read("mango", "", rest: "ping", secrets: Secrets)).IsTest);
        Assert.True(Assert.IsType<CallReading.Nothing>(Webhooks.Read("mango", "", contentType: null)).IsTest);
    }

    [Fact]
    public void The_get_of_call_tracking_brings_its_tags()
    {
        const string query = "?call_id=77&from=79030000001&to=74950000002&timestamp=1735718400&utm_source=yandex&utm_medium=cpc&yclid=1234567890&ya_cid=170";
        var call = Webhooks.Read("mango", "", contentType: null, query: query, method: "GET").One();

        Assert.Equal(("77", "79030000001", "74950000002", CallDirection.In), (call.ExternalId, call.ClientPhone, call.LinePhone, call.Direction));
        Assert.Equal(("yandex", "1234567890", "170"), (call.Tag("utm_source"), call.Tag("yclid"), call.Tag("_ym_uid")));
        Assert.IsType<CallReading.Forbidden>(Webhooks.Read("mango", "", contentType: null, query: query, method: "GET", secrets: Secrets));
    }

    [Fact]
    public void Broken_json_is_named()
    {
        Assert.Equal("Not a JSON object.", Assert.Single(Read("{\"entry_id\":").Errors()["json"]));
        Assert.True(Read("""{"call_state":"Appeared","timestamp":1735718400}""").Errors().ContainsKey("entry_id"));
    }
}
