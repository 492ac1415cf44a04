using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class CallibriTests
{
    private const string Call = """
        {"appeal_id":4001,"id":17,"date":"2025-01-01T11:00:00+03:00","phone":"79030000001","name":"Анна","source":"Яндекс.Директ","traffic_type":"paid","region":"Москва",
         "duration":80,"billsec":64,"call_status":"answered","responsible_manager":"Иван","landing_page":"https://okna.example/?a=1","site_referrer":"https://yandex.ru/",
         "link_download":"https://rec.example/1.mp3","accurately":false,"utm_source":"yandex","utm_medium":"cpc","query":"окна цена","clbvid":"v55","metrika_client_id":"170","ua_client_id":"1.2","name_channel":"Директ"}
        """;

    [Fact]
    public void The_names_of_its_api_are_read()
    {
        var call = Webhooks.ReadJson("callibri", Call).One();

        Assert.Equal(("4001", CallDirection.In, CallPhase.Ended, CallOutcome.Answered), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "Анна", "Иван", 64), (call.ClientPhone, call.ClientName, call.Employee, call.TalkSeconds));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
        Assert.Equal(("https://okna.example/?a=1", "https://yandex.ru/", "https://rec.example/1.mp3"), (call.Page, call.Referrer, call.RecordingUrl));
        Assert.Equal(("yandex", "cpc", "v55", "170", "1.2"), (call.Tag("utm_source"), call.Tag("utm_medium"), call.Tag("clbvid"), call.Tag("_ym_uid"), call.Tag("ga_client_id")));
        Assert.Equal("Директ", call.Field("name_channel"));
    }

    [Fact]
    public void A_guessed_source_is_marked()
    {
        Assert.Contains("source_not_accurate", Webhooks.ReadJson("callibri", Call).One().Warnings);
        Assert.DoesNotContain("source_not_accurate", Webhooks.ReadJson("callibri", Call.Replace("\"accurately\":false", "\"accurately\":true", StringComparison.Ordinal)).One().Warnings);
    }

    [Theory]
    [InlineData("feedback")]
    [InlineData("Чат")]
    [InlineData("email")]
    public void An_appeal_that_is_no_call_is_kept_as_a_reject(string kind) =>
        Assert.True(Webhooks.Read("callibri", Webhooks.Form(("appeal_id", "1"), ("name_type", kind), ("phone", "79030000001"))).Errors().ContainsKey("type"));

    [Fact]
    public void A_wrapped_call_is_found_and_a_missed_one_is_missed()
    {
        var call = Webhooks.ReadJson("callibri", """{"event":"call","data":{"appeal_id":"5","phone":"79030000001","billsec":0,"duration":20}}""").One();

        Assert.Equal(("5", CallOutcome.Missed), (call.ExternalId, call.Outcome));
    }
}
