using System.Text;
using LeadIngest.Crm.Bitrix24;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Tests;

public class Bitrix24ErrorsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(503, "QUERY_LIMIT_EXCEEDED", "NotExecuted")]
    [InlineData(200, "QUERY_LIMIT_EXCEEDED", "NotExecuted")]
    [InlineData(429, "OPERATION_TIME_LIMIT", "NotExecuted")]
    [InlineData(401, "INVALID_CREDENTIALS", "CredentialsRefused")]
    [InlineData(403, "INVALID_CREDENTIALS", "CredentialsRefused")]
    [InlineData(401, "insufficient_scope", "CredentialsRefused")]
    [InlineData(401, "ACCESS_DENIED", "AccountBlocked")]
    [InlineData(400, "ACCESS_DENIED", "AccountBlocked")]
    [InlineData(503, "OVERLOAD_LIMIT", "AccountBlocked")]
    [InlineData(500, "PORTAL_DELETED", "AccountBlocked")]
    [InlineData(404, "ERROR_METHOD_NOT_FOUND", "AccountBlocked")]
    [InlineData(400, "CRM_FIELD_ERROR_REQUIRED", "Data")]
    [InlineData(400, "ERROR_CORE", "Data")]
    [InlineData(400, "", "Data")]
    [InlineData(400, "A_CODE_OF_TOMORROW", "Data")]
    [InlineData(401, "A_CODE_OF_TOMORROW", "CredentialsRefused")]
    [InlineData(503, "A_CODE_OF_TOMORROW", "Unknown")]
    [InlineData(500, "INTERNAL_SERVER_ERROR", "Unknown")]
    [InlineData(200, "INTERNAL_SERVER_ERROR", "Unknown")]
    public void The_code_decides_and_the_status_only_helps(int status, string code, string expected) =>
        Assert.Equal(expected, Bitrix24Errors.Read(Reply(status, $$"""{"error":"{{code}}","error_description":"words"}"""), Now).GetType().Name);

    [Theory]
    [InlineData(200, "{\"result\":[]}", "Ok")]
    [InlineData(200, "{\"error\":100,\"error_description\":\"x\"}", "Data")]
    [InlineData(400, "{\"error\":\"\",\"error_description\":\"Access denied.\"}", "AccountBlocked")]
    [InlineData(200, "{}", "Unknown")]
    [InlineData(200, "<html></html>", "Unknown")]
    [InlineData(302, "", "AccountBlocked")]
    [InlineData(400, "<html>nginx</html>", "Unknown")]
    [InlineData(403, "<html></html>", "AccountBlocked")]
    [InlineData(429, "", "NotExecuted")]
    [InlineData(502, "<html></html>", "Unknown")]
    public void Odd_answers_have_their_class(int status, string body, string expected) =>
        Assert.Equal(expected, Bitrix24Errors.Read(Reply(status, body), Now).GetType().Name);

    [Theory]
    [InlineData("<html><h1>401</h1></html>")]
    [InlineData("{\"error\":\"expired_tok")]
    [InlineData("")]
    public void A_401_that_cannot_be_read_is_tried_with_a_new_token_before_a_person_is_asked(string body) =>
        Assert.True(Assert.IsType<CallEnd.CredentialsRefused>(Bitrix24Errors.Read(Reply(401, body), Now)).IsStale);

    [Fact]
    public void A_command_is_safe_from_what_visitors_type()
    {
        var text = new Bitrix24Command("crm.item.add").With(2, "entityTypeId").With("a&b=c+d #1 $result[c][item][id]", "fields", "comments").WithItemOf("c", "fields", "contactId").ToString();
        Assert.Equal("crm.item.add?entityTypeId=2&fields[comments]=a%26b%3Dc%2Bd%20%231%20%24%20result%5Bc%5D%5Bitem%5D%5Bid%5D&fields[contactId]=$result[c][item][id]", text);
    }

    [Fact]
    public void Empty_maps_that_come_as_lists_are_understood()
    {
        var answers = Answers("""{"result":{"result":[],"result_error":{"d":{"error":"","error_description":"No."}},"result_time":[]}}""");
        Assert.IsType<CallEnd.Data>(answers.Of("d"));
        Assert.IsType<CallEnd.Unknown>(answers.Of("e"));
    }

    [Fact]
    public void A_method_out_of_time_tells_when_it_is_free_again()
    {
        var answers = Answers($$"""
            {"result":{"result":{"c":1},"result_error":{"d":{"error":"OPERATION_TIME_LIMIT","error_description":"x"} },
             "result_time":{"c":{"operating_reset_at":{{Now.ToUnixTimeSeconds() + 240}} } } } }
            """);
        Assert.Equal(TimeSpan.FromSeconds(240), Assert.IsType<CallEnd.NotExecuted>(answers.Of("d")).After);
    }

    private static Bitrix24Answers Answers(string body)
    {
        var (end, pauses) = (Bitrix24Errors.Read(Reply(200, body), Now), new MethodPauses(new Stopped()));
        pauses.Learn(end, new Dictionary<string, Bitrix24Command> { ["c"] = new("crm.item.add"), ["d"] = new("crm.item.add") });
        return new Bitrix24Answers(end, text => text, pauses: pauses);
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static HttpReply Reply(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), null, null);
}
