using System.Net.Http.Headers;

namespace LeadIngest.Api.Tests.Http;

public class RefusalsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("{", "application/json", 400, "line 1")]
    [InlineData("""{"name":17}""", "application/json", 400, "$.name")]
    [InlineData("""{"name":"x","name":"y"}""", "application/json", 400, "JSON")]
    [InlineData("null", "application/json", 400, "missing")]
    [InlineData("", "application/json", 400, "missing")]
    [InlineData("name=x", "application/x-www-form-urlencoded", 415, "application/json")]
    public async Task A_body_that_cannot_be_read_is_refused_with_a_reason(string body, string contentType, int status, string reason)
    {
        var project = await api.CreateProjectAsync();
        var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        var problem = await (await api.PostAsync(project, "/v1/sites", content)).ProblemAsync(status);
        Assert.Contains(reason, problem.GetProperty("detail").GetString());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.DoesNotContain("System.", problem.GetRawText());
        Assert.DoesNotContain("LeadIngest.", problem.GetRawText());
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/v1/leads/not-an-id", 404)]
    [InlineData("PUT", "/v1/leads", 405)]
    [InlineData("TRACE", "/v1/leads", 405)]
    public async Task What_is_not_there_is_a_problem_document_too(string method, string path, int status)
    {
        var project = await api.CreateProjectAsync();
        await (await api.SendAsync(project, new HttpMethod(method), path)).ProblemAsync(status);
    }
}

/// <summary>Apart, because it breaks its database.</summary>
public class FailuresTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_failure_of_ours_says_nothing_but_a_trace_id()
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("alter table leads rename to leads_elsewhere");
        var answer = await api.GetAsync(project, "/v1/leads");
        var problem = await answer.ProblemAsync(500);
        Assert.Equal(["status", "title", "traceId", "type"], problem.EnumerateObject().Select(p => p.Name).Order());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }
}
