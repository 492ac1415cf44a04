using System.Net.Http.Headers;
using System.Text;
using LeadIngest.Crm.Amocrm;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Tests;

public class AmocrmErrorsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, "[]", "Ok")]
    [InlineData(204, "", "Ok")]
    [InlineData(200, "", "Unknown")]
    [InlineData(200, "<html></html>", "Unknown")]
    [InlineData(200, "{\"_embedded\":", "Unknown")]
    [InlineData(302, "", "AccountBlocked")]
    [InlineData(400, "{\"validation-errors\":[],\"title\":\"Bad Request\"}", "Data")]
    [InlineData(400, "{\"title\":\"Bad Request\",\"detail\":\"244\"}", "AccountBlocked")]
    [InlineData(400, "<html>nginx</html>", "Unknown")]
    [InlineData(401, "{\"title\":\"Unauthorized\"}", "CredentialsRefused")]
    [InlineData(402, "{\"title\":\"Payment Required\"}", "AccountBlocked")]
    [InlineData(403, "<html><title>Forbidden</title></html>", "AccountBlocked")]
    [InlineData(404, "{}", "AccountBlocked")]
    [InlineData(405, "{}", "Data")]
    [InlineData(408, "", "Unknown")]
    [InlineData(422, "{\"detail\":\"Limit 250 per page\"}", "Data")]
    [InlineData(429, "{\"retry_after\":300}", "NotExecuted")]
    [InlineData(429, "<html></html>", "NotExecuted")]
    [InlineData(429, "", "NotExecuted")]
    [InlineData(500, "{\"title\":\"ErrInternalServer\"}", "Unknown")]
    [InlineData(502, "<html></html>", "Unknown")]
    [InlineData(504, "", "Unknown")]
    public void Each_answer_has_its_class(int status, string body, string expected) =>
        Assert.Equal(expected, AmocrmErrors.Read(Reply(status, body), Now).GetType().Name);

    [Fact]
    public void Only_failures_count_for_the_breaker()
    {
        Assert.Equal(Vitals.Well, AmocrmErrors.Read(Reply(400, "{}"), Now).Vitals);
        Assert.Equal(Vitals.Well, AmocrmErrors.Read(Reply(403, ""), Now).Vitals);
        Assert.Equal(Vitals.Silent, AmocrmErrors.Read(Reply(429, ""), Now).Vitals);
        Assert.Equal(Vitals.Ill, AmocrmErrors.Read(Reply(503, ""), Now).Vitals);
    }

    [Fact]
    public void The_pause_is_read_from_the_body_or_the_header()
    {
        Assert.Equal(300, After(Reply(429, "{\"retry_after\":300}")));
        Assert.Equal(300, After(Reply(429, "{\"retry_after\":\"300\"}")));
        Assert.Equal(7, After(Reply(429, "") with { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)) }));
        Assert.Equal(90, After(Reply(429, "") with { RetryAfter = new RetryConditionHeaderValue(Now.AddSeconds(90)) }));
    }

    [Fact]
    public void A_senseless_pause_is_not_said_and_a_huge_one_is_cut()
    {
        Assert.Null(After(Reply(429, "{\"retry_after\":-5}")));
        Assert.Null(After(Reply(429, "{\"retry_after\":\"soon\"}")));
        Assert.Null(After(Reply(429, "") with { RetryAfter = new RetryConditionHeaderValue(Now.AddSeconds(-90)) }));
        Assert.Equal(6 * 3600, After(Reply(429, "{\"retry_after\":99999999}")));
    }

    [Fact]
    public void Each_refused_value_keeps_its_item_path_and_words()
    {
        var end = AmocrmErrors.Read(Reply(400, """
            {"validation-errors":[{"request_id":"a","errors":[{"code":"NotSupportedChoice","path":"custom_fields_values.2.values.0.enum_id","detail":"No such choice."}]}],"status":400}
            """), Now);
        var error = Assert.Single(Assert.IsType<CallEnd.Data>(end).Errors);
        Assert.Equal(new DataError("a", "NotSupportedChoice", "custom_fields_values.2.values.0.enum_id", "No such choice."), error);
    }

    [Fact]
    public void An_endless_body_is_a_doubt() =>
        Assert.IsType<CallEnd.Unknown>(AmocrmErrors.Read(new HttpReply(200, null, null, null), Now));

    private static double? After(HttpReply reply) => Assert.IsType<CallEnd.NotExecuted>(AmocrmErrors.Read(reply, Now)).After?.TotalSeconds;

    private static HttpReply Reply(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), null, null);
}
