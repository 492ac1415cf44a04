using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class CalltouchTests
{
    private const string Whole = "id=70010001&callerphone=79030000001&phonenumber=74950000002&timestamp=1735718400&duration=64&waiting_time=7&status=successful&unique=true"
        + "&source=yandex&medium=cpc&utm_source=yandex&utm_campaign=c_17&utm_term=%3C%D0%BD%D0%B5+%D1%83%D0%BA%D0%B0%D0%B7%D0%B0%D0%BD%D0%BE%3E"
        + "&yaClientId=1700000000000000001&gcid=1.2&url=https%3A%2F%2Fokna.example%2F%3Futm_source%3Dyandex&callUrl=https%3A%2F%2Fokna.example%2Fcontacts&ref=https%3A%2F%2Fyandex.ru%2F"
        + "&sessionId=55501&manager=%D0%98%D0%B2%D0%B0%D0%BD&reclink=https%3A%2F%2Frec.example%2F1.mp3&city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&ctCallerId=900";

    [Fact]
    public void Every_documented_field_of_an_ended_call_is_read()
    {
        var call = Webhooks.Read("calltouch", Whole).One();

        Assert.Equal("70010001", call.ExternalId);
        Assert.Equal((CallDirection.In, CallPhase.Ended, CallOutcome.Answered), (call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
        Assert.Equal((7, 64), (call.WaitSeconds, call.TalkSeconds));
        Assert.Equal(("Иван", "https://rec.example/1.mp3"), (call.Employee, call.RecordingUrl));
        Assert.Equal(("https://okna.example/?utm_source=yandex", "https://yandex.ru/"), (call.Page, call.Referrer));
        Assert.Equal("yandex", call.Tag("utm_source"));
        Assert.Equal("c_17", call.Tag("utm_campaign"));
        Assert.Null(call.Tag("utm_term"));
        Assert.Equal(("1700000000000000001", "1.2", "55501"), (call.Tag("_ym_uid"), call.Tag("ga_client_id"), call.Tag("ct_session_id")));
        Assert.Equal(("Москва", "https://okna.example/contacts", "900", "yandex"), (call.Field("city"), call.Field("callUrl"), call.Field("ctCallerId"), call.Field("source")));
        Assert.DoesNotContain("clock_far_off", call.Warnings);
    }

    [Fact]
    public void The_trackers_medium_completes_tags_of_the_same_source()
    {
        var call = Webhooks.Read("calltouch", Whole).One();

        Assert.Equal("cpc", call.Tag("utm_medium"));
        Assert.Contains("source_from_provider", call.Warnings);
    }

    [Theory]
    [InlineData("source=yandex&medium=cpc", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("source=yandex&medium=cpc&utm_source=yandex", Channel.PaidSearch, "Яндекс.Директ")]
    [InlineData("source=yandex&medium=organic&ref=https%3A%2F%2Fyandex.ru%2F", Channel.OrganicSearch, "Яндекс (органика)")]
    [InlineData("source=%28direct%29&medium=%28none%29", Channel.Unknown, null)]
    public void A_passport_is_written_from_what_is_passed_on(string tags, Channel channel, string? source)
    {
        var call = Webhooks.Read("calltouch", "id=1&callerphone=79030000001&" + tags).One();
        var passport = PassportRules.Write(new PassportInput { Fields = call.Tags, Page = call.Page, Referrer = call.Referrer }, SourceCatalog.Default, SourceDictionary.Default);

        Assert.Equal((channel, source), (passport.Channel, passport.Source));
    }

    [Theory]
    [InlineData("source=yandex&medium=organic", "yandex", "organic")]
    [InlineData("source=%28direct%29&medium=%28none%29", null, null)]
    [InlineData("source=offline", null, null)]
    [InlineData("source=google&medium=cpc&utm_source=vk&utm_medium=target", "vk", "target")]
    [InlineData("source=google&medium=cpc&utm_source=vk", "vk", null)]
    [InlineData("source=google&medium=cpc&yclid=123456789", null, null)]
    [InlineData("source=google&medium=cpc&url=https%3A%2F%2Fa.example%2F%3Futm_source%3Dvk", null, null)]
    public void The_trackers_own_source_serves_only_where_the_visitor_brought_none(string tags, string? source, string? medium)
    {
        var call = Webhooks.Read("calltouch", "id=1&callerphone=79030000001&" + tags).One();

        Assert.Equal((source, medium), (call.Tag("utm_source"), call.Tag("utm_medium")));
    }

    [Theory]
    [InlineData("", CallPhase.Ringing, CallOutcome.Unknown)]
    [InlineData("&callphase=callconnected&status=", CallPhase.Talking, CallOutcome.Unknown)]
    [InlineData("&callphase=calldisconnected&status=successful", CallPhase.Ended, CallOutcome.Answered)]
    [InlineData("&callphase=calllost", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("&callphase=callcompleted&duration=0&status=unsuccessful", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("&status=unsuccessful", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("&status=successful&duration=0", CallPhase.Ended, CallOutcome.Missed)]
    [InlineData("&status=unsuccessful&duration=31", CallPhase.Ended, CallOutcome.Answered)]
    [InlineData("&status=unsuccessful&callback=true", CallPhase.Ended, CallOutcome.Unanswered)]
    public void Phase_and_outcome_follow_the_talk_and_then_the_word(string rest, CallPhase phase, CallOutcome outcome)
    {
        var call = Webhooks.Read("calltouch", "id=1&callerphone=79030000001" + rest).One();

        Assert.Equal((phase, outcome), (call.Phase, call.Outcome));
    }

    [Fact]
    public void A_get_is_read_from_its_query()
    {
        var call = Webhooks.Read("calltouch", "", contentType: null, query: "?" + Whole, method: "GET").One();

        Assert.Equal(("70010001", 64), (call.ExternalId, call.TalkSeconds));
    }

    [Fact]
    public void The_test_button_is_a_test_and_one_misspelt_macro_is_not()
    {
        var test = Webhooks.Read("calltouch", "id={id}&callerphone={callerphone}&timestamp={timestamp}");
        var call = Webhooks.Read("calltouch", "id=1&callerphone=79030000001&utm_terms={utm_terms}&city={city}").One();

        Assert.True(Assert.IsType<CallReading.Nothing>(test).IsTest);
        Assert.Equal("79030000001", call.ClientPhone);
        Assert.Empty(call.Tags);
        Assert.Empty(call.Fields);
    }

    [Fact]
    public void A_misspelt_macro_of_the_id_loses_no_call()
    {
        const string body = "id={callid}&callerphone=79030000001&phonenumber=74950000002&timestamp=";

        Assert.StartsWith("made-", Webhooks.Read("calltouch", body + "1735718400").One().ExternalId, StringComparison.Ordinal);
        Assert.True(Webhooks.Read("calltouch", body).Errors().ContainsKey("id"));
    }

    [Fact]
    public void A_request_is_kept_as_a_reject_that_says_what_to_do()
    {
        var errors = Webhooks.Read("calltouch", "requestId=9&fio=Анна&phone=79030000001").Errors();

        Assert.Contains("forms", Assert.Single(errors["requestId"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_without_id_gets_one_that_every_message_of_it_makes_again()
    {
        const string start = "callerphone=%2B7+903+000-00-01&phonenumber=74950000002&timestamp=1735718400";
        var (first, end) = (Webhooks.Read("calltouch", start).One(), Webhooks.Read("calltouch", start.Replace("%2B7+903+000-00-01", "79030000001", StringComparison.Ordinal) + "&duration=5").One());

        Assert.Equal(first.ExternalId, end.ExternalId);
        Assert.StartsWith("made-", first.ExternalId, StringComparison.Ordinal);
        Assert.Contains("id_derived", first.Warnings);
        var errors = Webhooks.Read("calltouch", "callerphone=79030000001").Errors();
        Assert.Contains("the dialled number and a readable start time", Assert.Single(errors["id"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_visit_comes_back_in_the_custom_attributes()
    {
        const string visit = "019a0000-0000-7000-8000-000000000001";
        var named = Webhooks.Read("calltouch", Webhooks.Form(("id", "1"), ("attrs", $$"""[{"owner":"client","name":"li_visit","value":"{{visit}}"},{"name":"tariff","value":"A"}]"""))).One();
        var plain = Webhooks.ReadJson("calltouch", $$"""{"id":1,"callerphone":79030000001,"attrs":{"visitId":"{{visit}}","li_visitor":"v1"} }""").One();

        Assert.Equal((visit, "A"), (named.VisitId, named.Field("attrs.tariff")));
        Assert.Equal((visit, "v1"), (plain.VisitId, plain.VisitorId));
    }
}
