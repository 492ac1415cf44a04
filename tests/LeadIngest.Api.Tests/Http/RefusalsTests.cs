using System.Net.Http.Headers;
using LeadIngest.Api.Tests.Connecting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

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

    [Theory]
    [InlineData("ru", true)]
    [InlineData("ru-RU,ru;q=0.9,en-US;q=0.8", true)]
    [InlineData("en;q=0.5, ru;q=0.9", true)]
    [InlineData("en-US,en;q=0.9,ru;q=0.8", false)]
    [InlineData("*", false)]
    [InlineData("ru;q=0", false)]
    [InlineData("?!", false)]
    [InlineData(null, false)]
    public async Task Who_would_sooner_read_Russian_is_refused_in_Russian(string? language, bool isRussian)
    {
        var project = await api.CreateProjectAsync();
        var answer = await AskAsync(project, HttpMethod.Get, "/v1/leads?limit=0", language);
        var problem = await answer.ProblemAsync(400);
        var reason = isRussian ? "От 1 до 500." : "From 1 to 500.";
        Assert.Equal(reason, problem.GetProperty("errors").GetProperty("limit")[0].GetString());
        Assert.Equal($"limit: {reason}", problem.GetProperty("detail").GetString());
        Assert.Equal("Invalid input", problem.GetProperty("title").GetString());
        Assert.EndsWith("/invalid-input", problem.GetProperty("type").GetString());
        Assert.Equal(isRussian ? ["ru"] : [], answer.Content.Headers.ContentLanguage);
    }

    [Theory]
    [InlineData("/v1/leads/0190d3e0-0000-7000-8000-000000000009", 404, "Не найдено: заявка.")]
    [InlineData("/v1/leads?limit=x", 400, "Параметра «limit» нет, или он записан неверно.")]
    [InlineData("/v1/sources?origin=other", 400, "origin: Одно из: own, shipped.")]
    public async Task Every_kind_of_refusal_is_said_in_Russian(string path, int status, string detail)
    {
        var project = await api.CreateProjectAsync();
        Assert.Equal(detail, (await (await AskAsync(project, HttpMethod.Get, path, "ru")).ProblemAsync(status)).GetProperty("detail").GetString());
        Assert.DoesNotContain(detail, (await (await AskAsync(project, HttpMethod.Get, path, null)).ProblemAsync(status)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_words_of_the_validation_library_are_Russian_too()
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await AskAsync(project, HttpMethod.Get, "/v1/sources?q=" + new string('x', 201), "ru")).ProblemAsync(400);
        Assert.Equal("Не длиннее 200 знаков, а сейчас 201.", problem.GetProperty("errors").GetProperty("q")[0].GetString());
    }

    [Fact]
    public async Task A_refusal_that_is_kept_with_its_key_is_kept_in_English_and_told_in_either_language()
    {
        var project = await api.CreateProjectAsync();
        var path = $"/v1/sites/{project.SiteKey}/leads";
        async Task<string> ReasonAsync(string? language) => (await (await AskAsync(null, HttpMethod.Post, path, language, """{"name":1,"phone":"+79161234567"}""", "one")).ProblemAsync(400))
            .GetProperty("errors").GetProperty("name")[0].GetString()!;
        Assert.Equal("Должно быть строкой.", await ReasonAsync("ru"));
        Assert.Equal("Must be a string.", await ReasonAsync(null));
        Assert.Equal("Должно быть строкой.", await ReasonAsync("ru"));
        Assert.Equal("""["Must be a string."]""", await api.ScalarAsync<string>("select errors->>'name' from rejects where project_id = @ProjectId", new { project.ProjectId }));
    }

    private async Task<HttpResponseMessage> AskAsync(TestProject? project, HttpMethod method, string path, string? language, string? json = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (project is not null) request.Headers.Authorization = new("Bearer", project.ApiKey);
        if (language is not null) request.Headers.TryAddWithoutValidation("Accept-Language", language);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (json is not null) request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await api.Client.SendAsync(request);
    }
}

/// <summary>Keeps what is logged, from the levels on that the service ships with.</summary>
public sealed class LoggedFixture : ApiFixture
{
    internal LogKeeper Log { get; } = new();

    protected override string[] Args => ["--Access:HashIterations=1000"];

    protected override void Configure(WebApplicationBuilder builder) =>
        builder.Logging.AddProvider(Log).AddFilter<LogKeeper>("", LogLevel.Information).AddFilter<LogKeeper>("LeadIngest", LogLevel.Trace).AddFilter<LogKeeper>("Microsoft", LogLevel.Warning).AddFilter<LogKeeper>("System", LogLevel.Warning);
}

/// <summary>Apart, because it breaks its database, and mends it again.</summary>
public class FailuresTests(LoggedFixture api) : IClassFixture<LoggedFixture>
{
    [Fact]
    public async Task A_failure_of_ours_says_nothing_but_a_trace_id()
    {
        var project = await api.CreateProjectAsync();
        await WithoutAsync("leads", async () =>
        {
            var answer = await api.GetAsync(project, "/v1/leads");
            var problem = await answer.ProblemAsync(500);
            Assert.Equal(["status", "title", "traceId", "type"], problem.EnumerateObject().Select(p => p.Name).Order());
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        });
    }

    [Fact]
    public async Task No_person_and_no_secret_stands_in_the_log_or_the_figures_whatever_goes_wrong()
    {
        const string Digits = "9169871234", Email = "planted.person@secret-okna.ru", Name = "Незабываемова\r\nFAKE entry", Password = "planted quiet password";
        var (project, secret) = (await api.CreateProjectAsync(), "planted-" + Guid.CreateVersion7().ToString("N"));
        var sender = (await (await api.PostAsync(project, "/v1/senders", new { kind = "call", provider = "generic", name = "АТС", siteId = project.SiteId })).JsonAsync()).GetProperty("address").GetString()!;
        var hook = new Uri(sender).AbsolutePath;
        var lead = new { name = Name, phone = "+7" + Digits, email = Email, comment = "Позвоните " + Name, page = $"https://okna.ru/?utm_source={secret}&phone=%2B7{Digits}" };

        await EverythingAsync();
        foreach (var table in new[] { "leads", "rejects", "call_events", "clients", "users", "api_keys", "audit", "senders" }) await WithoutAsync(table, EverythingAsync);

        var log = api.Log.Lines.ToArray();
        // Failures were logged, with their reasons: nothing would be proved by silence.
        Assert.Contains(log, l => l.Contains("42P01", StringComparison.Ordinal));
        // Whoever sends what cannot be read is told so, and fills no log with it.
        Assert.DoesNotContain(log, l => l.Contains("BadHttpRequestException", StringComparison.Ordinal));
        foreach (var planted in new[] { Digits, "planted.person", "Незабываемова", "FAKE entry", Password, secret, hook.Split('/')[^1], project.ApiKey })
            Assert.DoesNotContain(log, l => l.Contains(planted, StringComparison.OrdinalIgnoreCase));
        var figures = await api.Client.GetStringAsync("/metrics");
        foreach (var planted in new[] { Digits, "planted.person", secret, hook.Split('/')[^1] }) Assert.DoesNotContain(planted, figures);

        async Task EverythingAsync()
        {
            await SendAsync(null, $"/v1/sites/{project.SiteKey}/leads", lead);
            await SendAsync(null, $"/v1/sites/{project.SiteKey}/leads?token={secret}", new StringContent($"{{\"phone\": +7{Digits}, \"email\":\"{Email}\"", null, "application/json"));
            await SendAsync(null, $"/v1/sites/{project.SiteKey}/forms", new FormUrlEncodedContent([new("name", Name), new("tel", "+7" + Digits), new("mail", Email)]));
            await SendAsync(null, hook, new { externalId = secret, phase = "ended", direction = "in", clientPhone = "+7" + Digits, clientName = Name });
            await SendAsync(null, hook, new StringContent($"not JSON: {Digits}", null, "application/json"));
            await SendAsync(null, "/v1/calls/generic/" + secret, new { clientPhone = "+7" + Digits });
            await SendAsync(null, $"/v1/crm/{Guid.CreateVersion7()}/{secret}", new FormUrlEncodedContent([new("event", Name), new("auth[application_token]", secret)]));
            await SendAsync(null, "/v1/session", new { email = Email, password = Password, code = secret });
            await SendAsync(null, "/v1/invitations/accept", new { token = secret, name = Name, password = Password });
            await SendAsync(null, "/v1/password/reset", new { token = secret, password = Password });
            await SendAsync(null, "/v1/password/forgot", new { email = Email });
            await SendAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value = "+7" + Digits, note = Name } } });
            await SendAsync(project, "/v1/connections", new { crm = "amocrm", name = Name, baseAddress = "https://okna.amocrm.ru", token = secret, settings = new { unknown = secret } });
            await SendAsync(project with { ApiKey = secret }, "/v1/leads", null);
            foreach (var path in new[] { $"/v1/leads?phone={Digits}", $"/v1/clients?q={Email}", $"/v1/clients?q=%0D%0A{Digits}", $"/v1/calls?phone={Digits}" }) (await api.GetAsync(project, path)).Dispose();
        }

        // What comes of it is not the question here.
        async Task SendAsync(TestProject? caller, string path, object? body) => (await api.SendAsync(caller, body is null ? HttpMethod.Get : HttpMethod.Post, path, body)).Dispose();
    }

    /// <summary>While a table is away, everything that asks it fails in a way that nobody has foreseen.</summary>
    private async Task WithoutAsync(string table, Func<Task> work)
    {
        await api.ExecuteAsync($"alter table {table} rename to elsewhere");
        try
        {
            await work();
        }
        finally
        {
            await api.ExecuteAsync($"alter table elsewhere rename to {table}");
        }
    }
}
