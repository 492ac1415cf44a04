using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class UisTests
{
    private const string Template = """
        {"token":"sesame","event":"call_finished","call_session_id":"900100","ts":"1735718480",
         "direction":"in","client":"79030000001","line":"74950000002",
         "talk":"64","wait":"16","communication_id":"5501","tags":"опт, срочно"}
        """;

    [Fact]
    public void The_ready_template_is_read()
    {
        var call = Webhooks.ReadJson("uis", Template).One();

        Assert.Equal(("900100", CallDirection.In, CallPhase.Ended, CallOutcome.Answered), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002", 64, 16), (call.ClientPhone, call.LinePhone, call.TalkSeconds, call.WaitSeconds));
        Assert.Equal((Webhooks.At("2025-01-01T08:00:00Z"), Webhooks.At("2025-01-01T08:01:20Z")), (call.StartedAt, call.EndedAt));
        Assert.Equal(("5501", "опт, срочно"), (call.Field("communication_id"), call.Field("tags")));
        Assert.Null(call.Field("token"));
    }

    [Fact]
    public void A_token_in_the_body_is_compared_once_the_sender_has_one()
    {
        Assert.NotNull(Webhooks.ReadJson("uis", Template, secrets: new() { Secret = "sesame" }).One());
        Assert.IsType<CallReading.Forbidden>(Webhooks.ReadJson("uis", Template, secrets: new() { Secret = "other" }));
        Assert.IsType<CallReading.Forbidden>(Webhooks.ReadJson("uis", """{"call_session_id":1}""", secrets: new() { Secret = "sesame" }));
    }

    [Theory]
    [InlineData("Входящий звонок на виртуальный номер", null, CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("in_call", null, CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("Ожидание ответа", null, CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("Начало разговора", null, CallPhase.Talking, CallOutcome.Unknown)]
    [InlineData("talk_started", null, CallPhase.Talking, CallOutcome.Unknown)]
    [InlineData("Завершение разговора", "12", CallPhase.Ended, CallOutcome.Answered)]
    [InlineData("call_finished", "0", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("Потерянный звонок", null, CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("lost_call", null, CallPhase.Ended, CallOutcome.Missed)]
    public void Each_notification_has_its_phase(string name, string? talk, CallPhase phase, CallOutcome outcome)
    {
        var call = Webhooks.Read("uis", Webhooks.Form(("notification_name", name), ("call_session_id", "1"), ("contact_phone_number", "79030000001"), ("virtual_phone_number", "74950000002"),
            ("direction", "in"), ("notification_time", "2025-01-01 11:00:00.123"), ("talk_time_duration", talk ?? ""))).One();

        Assert.Equal((phase, outcome), (call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
    }

    [Fact]
    public void A_recording_comes_with_its_address_and_no_phase()
    {
        var call = Webhooks.Read("uis", Webhooks.Form(("notification_mnemonic", "record_completed"), ("call_session_id", "1"), ("file_link", "https://rec.example/1"), ("notification_time", "2025-01-01 11:05:00"))).One();

        Assert.Equal(("https://rec.example/1", CallPhase.Unknown, null), (call.RecordingUrl, call.Phase, call.StartedAt));
    }

    [Fact]
    public void Keys_and_words_of_the_owners_own_are_read_by_the_senders_settings()
    {
        var settings = new SenderSettings
        {
            FieldMap = new Dictionary<string, string>
            {
                ["звонок.номер"] = "externalId",
                ["звонок.клиент"] = "clientPhone",
                ["звонок.линия"] = "linePhone",
                ["звонок.итог"] = "outcome",
                ["звонок.когда"] = "startedAt",
                ["звонок.метка"] = "utm_source",
                ["звонок.отдел"] = "Отдел",
            },
            Words = new Dictionary<string, string> { ["Не дозвонились"] = "missed", ["конец"] = "ended", ["ВХ"] = "in" },
        };
        var call = Webhooks.ReadJson("uis", """
            {"event":"Конец","direction":"вх","звонок":{"номер":77,"клиент":"+7 903 000-00-01","линия":"74950000002","итог":"не дозвонились","когда":"2025-01-01 11:00:00","метка":"vk","отдел":"Окна"}}
            """, settings).One();

        Assert.Equal(("77", CallDirection.In, CallPhase.Ended, CallOutcome.Missed), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("+7 903 000-00-01", "74950000002", "vk", "Окна"), (call.ClientPhone, call.LinePhone, call.Tag("utm_source"), call.Field("Отдел")));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
    }

    [Fact]
    public void An_unfilled_template_is_a_test_and_an_internal_call_has_no_client()
    {
        Assert.True(Assert.IsType<CallReading.Nothing>(Webhooks.ReadJson("uis", """{"event":"call_finished","call_session_id":"{{call_session_id}}","client":"{{contact_phone_number}}"}""")).IsTest);
        Assert.Equal(CallDirection.Internal, Webhooks.ReadJson("uis", """{"call_session_id":1,"is_internal":true,"direction":"in","client":"101","line":"102"}""").One().Direction);
        Assert.True(Webhooks.ReadJson("uis", """{"event":"call_finished","call_session_id":null}""").Errors().ContainsKey("call_session_id"));
    }
}
