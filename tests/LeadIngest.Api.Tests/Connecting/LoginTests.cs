using System.Security.Cryptography;
using System.Text;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>The way of a person through the CRM's consent page and back.</summary>
public sealed class LoginTests(ConnectingFixture api) : IClassFixture<ConnectingFixture>
{
    private async Task<(int Status, string Text)> ReturnAsync(string pathAndQuery)
    {
        using var page = await api.Client.GetAsync(new Uri(pathAndQuery, UriKind.Relative));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        return ((int)page.StatusCode, await page.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_consent_makes_a_connection_that_delivers_and_nothing_secret_is_shown_or_logged()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var begun = await api.BeginAsync(project);
        var back = await api.ConsentAsync(begun.GetProperty("url").GetString()!, host);
        var page = await ReturnAsync(back);

        Assert.Equal(200, page.Status);
        Assert.Contains(host, page.Text, StringComparison.Ordinal);
        var id = begun.GetProperty("connectionId").GetGuid();
        var shown = await api.ReadAsync(project, $"/v1/connections/{id}");
        Assert.Equal(("active", host, "oauth"), (shown.GetProperty("state").GetString(), shown.GetProperty("host").GetString(), shown.GetProperty("auth").GetString()));
        await api.PostLeadAsync(project, "+79161234567");
        await api.DeliveredAsync(project, 1);
        Assert.Single(await api.StateAsync("amocrm", "leads", host));

        var stored = await api.StoredAsync(project, id);
        var texts = shown.GetRawText() + page.Text + string.Join('\n', api.Log.Lines) + await api.ScalarAsync<string>("select string_agg(t::text, ' ') from connections t");
        foreach (var secret in new[] { stored.Token!, stored.Login!.RefreshToken, ConnectingFixture.ClientSecret, ConnectingFixture.QueryOf(back, "code"), ConnectingFixture.QueryOf(back, "state") })
            Assert.DoesNotContain(secret, texts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_works_once()
    {
        var project = await api.CreateProjectAsync();
        var begun = await api.BeginAsync(project);
        var back = await api.ConsentAsync(begun.GetProperty("url").GetString()!, ConnectingFixture.NewHost("amocrm"));
        Assert.Equal(200, (await ReturnAsync(back)).Status);
        Assert.Equal(400, (await ReturnAsync(back)).Status);
        Assert.Equal(400, (await ReturnAsync($"/v1/crm/oauth/amocrm?code=x&referer=a.amocrm.ru&state={new string('a', 43)}")).Status);
        Assert.Equal(400, (await ReturnAsync("/v1/crm/oauth/amocrm")).Status);
        Assert.Equal(1, await api.CountAsync("select count(*) from connections where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_state_that_is_too_old_or_of_the_other_CRM_is_refused()
    {
        var project = await api.CreateProjectAsync();
        var old = await api.BeginAsync(project);
        await api.ExecuteAsync("update authorizations set expires_at = clock_timestamp() - interval '1 second' where project_id = @P", new { P = project.ProjectId });
        var other = await api.BeginAsync(project);
        Assert.Equal(400, (await ReturnAsync($"/v1/crm/oauth/amocrm?code=x&referer=a.amocrm.ru&state={old.GetProperty("state").GetString()}")).Status);
        Assert.Equal(400, (await ReturnAsync($"/v1/crm/oauth/bitrix24?code=x&domain=a.bitrix24.ru&state={other.GetProperty("state").GetString()}")).Status);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("amocrm.ru.evil.example")]
    [InlineData("evilamocrm.ru")]
    [InlineData("www.amocrm.ru")]
    [InlineData("a.b.amocrm.ru")]
    [InlineData("acme.amocrm.ru/x?")]
    [InlineData("user@acme.amocrm.ru")]
    [InlineData("acme.bitrix24.ru")]
    [InlineData("")]
    public async Task The_integrations_secret_goes_to_no_host_but_the_vendors(string referer)
    {
        var project = await api.CreateProjectAsync();
        var state = (await api.BeginAsync(project)).GetProperty("state").GetString();
        var before = await api.CallsAsync("amocrm", "access_token");
        Assert.Equal(400, (await ReturnAsync($"/v1/crm/oauth/amocrm?code=x&referer={Uri.EscapeDataString(referer)}&state={state}")).Status);
        Assert.Equal(before, await api.CallsAsync("amocrm", "access_token"));
        Assert.Equal(0, await api.CountAsync("select count(*) from connections where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_refusal_by_the_administrator_is_told_in_words()
    {
        var project = await api.CreateProjectAsync();
        var begun = await api.BeginAsync(project);
        var page = await ReturnAsync(await api.ConsentAsync(begun.GetProperty("url").GetString()! + "&decision=deny", ConnectingFixture.NewHost("amocrm")));
        Assert.Equal(403, page.Status);
        Assert.Contains("отказано", System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_the_CRM_refuses_connects_nothing_and_says_why()
    {
        var project = await api.CreateProjectAsync();
        var state = (await api.BeginAsync(project)).GetProperty("state").GetString();
        var page = await ReturnAsync($"/v1/crm/oauth/amocrm?code=%3Cscript%3E&referer={ConnectingFixture.NewHost("amocrm")}&state={state}");
        Assert.Equal(400, page.Status);
        Assert.Contains("authorization code", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copied_code_connects_as_well_and_works_once()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var begun = await api.BeginAsync(project);
        var code = ConnectingFixture.QueryOf(await api.ConsentAsync(begun.GetProperty("url").GetString()!, host), "code");
        var path = $"/v1/connections/authorize/{begun.GetProperty("id").GetGuid()}/code";

        await (await api.PostAsync(project, path, new { host = "acme.example", code })).ProblemAsync(400);
        var connected = await (await api.PostAsync(project, path, new { host, code })).JsonAsync();
        Assert.Equal(("active", host), (connected.GetProperty("state").GetString(), connected.GetProperty("host").GetString()));
        await (await api.PostAsync(project, path, new { host, code })).ProblemAsync(404);
        var again = await api.BeginAsync(project);
        var refusal = await (await api.PostAsync(project, $"/v1/connections/authorize/{again.GetProperty("id").GetGuid()}/code", new { host, code })).ProblemAsync(422);
        Assert.Contains("revoked", refusal.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_anew_must_be_of_the_same_account()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        var wrong = await api.BeginAsync(project, connectionId: id);
        Assert.Equal(409, (await ReturnAsync(await api.ConsentAsync(wrong.GetProperty("url").GetString()!, ConnectingFixture.NewHost("amocrm")))).Status);
        Assert.Equal(host, (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("host").GetString());
        var right = await api.BeginAsync(project, connectionId: id);
        Assert.Equal(200, (await ReturnAsync(await api.ConsentAsync(right.GetProperty("url").GetString()!, host))).Status);
        Assert.Equal(1, await api.CountAsync("select count(*) from connections where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_switched_off_integration_stops_its_connection_only_with_the_right_signature()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        var account = await api.ScalarAsync<string>("select remote_account from connections where id = @id", new { id });
        string Hook(string secret) => $"/v1/crm/oauth/amocrm/off?account_id={account}&client_uuid={ConnectingFixture.ClientId}&signature="
            + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{ConnectingFixture.ClientId}|{account}")));

        Assert.Equal(401, (int)(await api.Client.GetAsync(new Uri(Hook("guess"), UriKind.Relative))).StatusCode);
        Assert.Equal("active", await api.StateOfAsync(project, id));
        Assert.Equal(200, (int)(await api.Client.GetAsync(new Uri(Hook(ConnectingFixture.ClientSecret), UriKind.Relative))).StatusCode);
        Assert.Equal("needs_reauth", await api.StateOfAsync(project, id));
    }
}
