using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class RoistatTests
{
    private const string Start = """
        {"id":"3001","caller":"79030000001","callee":"74950000002","visit_id":"880055","marker":"direct4_search_77_окна","order_id":null,"date":"2025-01-01 11:00:00","google_client_id":"1.2",
         "custom_fields":[{"name":"visitId","value":"019a0000-0000-7000-8000-000000000001"},{"name":"tariff","value":"A"}],"landing_page":"https://okna.example/?roistat=direct4","domain":"okna.example",
         "referrer":"https://yandex.ru/","city":"Москва","utm_source":"yandex","utm_medium":"cpc","utm_term":null,"roistat_param_1":"p1","source_level_1":"Яндекс.Директ"}
        """;

    [Fact]
    public void A_call_that_begins_is_read_with_its_visit()
    {
        var call = Webhooks.ReadJson("roistat", Start).One();

        Assert.Equal(("3001", CallDirection.In, CallPhase.Ringing, CallOutcome.Unknown), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("79030000001", "74950000002"), (call.ClientPhone, call.LinePhone));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), call.StartedAt);
        Assert.Equal(("880055", "direct4_search_77_окна", "1.2", "yandex"), (call.Tag("roistat_visit"), call.Tag("roistat"), call.Tag("ga_client_id"), call.Tag("utm_source")));
        Assert.Null(call.Tag("utm_term"));
        Assert.Equal("019a0000-0000-7000-8000-000000000001", call.VisitId);
        Assert.Equal(("p1", "Яндекс.Директ", "A"), (call.Field("roistat_param_1"), call.Field("source_level_1"), call.Field("custom_fields.tariff")));
        Assert.Equal("https://okna.example/?roistat=direct4", call.Page);
    }

    [Theory]
    [InlineData("""{"id":1,"caller":"79030000001","status":"ANSWER","duration":70,"waiting_time":6,"answer_duration":64}""", CallOutcome.Answered, 64)]
    [InlineData("""{"id":1,"caller":"79030000001","status":"ANSWER","duration":70}""", CallOutcome.Answered, 70)]
    [InlineData("""{"id":1,"caller":"79030000001","status":"NOANSWER","duration":20}""", CallOutcome.Missed, 0)]
    [InlineData("""{"id":1,"caller":"79030000001","status":"BUSY"}""", CallOutcome.Missed, null)]
    [InlineData("""{"id":1,"caller":"79030000001","status":"CANCEL","answer_duration":0}""", CallOutcome.Missed, 0)]
    [InlineData("""{"id":1,"caller":"79030000001","status":"DONTCALL"}""", CallOutcome.Rejected, null)]
    public void A_call_that_is_over_has_its_outcome(string json, CallOutcome outcome, int? talk)
    {
        var call = Webhooks.ReadJson("roistat", json).One();

        Assert.Equal((CallPhase.Ended, outcome, talk), (call.Phase, call.Outcome, call.TalkSeconds));
    }

    [Fact]
    public void A_marker_alone_is_a_tag_and_a_visit_of_roistat_is_not_ours()
    {
        var call = Webhooks.ReadJson("roistat", """{"id":1,"caller":"79030000001","visit_id":5,"marker":"vk"}""").One();

        Assert.Null(call.VisitId);
        Assert.Equal("vk", call.Tag("roistat"));
    }
}
