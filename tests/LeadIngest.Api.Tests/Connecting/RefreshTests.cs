using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>Logins that end, are refused or move, while leads go on coming.</summary>
public sealed class RefreshTests(ConnectingFixture api) : IClassFixture<ConnectingFixture>
{
    [Fact]
    public async Task Three_nodes_with_many_calls_each_refresh_an_ended_login_exactly_once()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        using var second = ConnectingFixture.ClientOf(await api.StartNodeAsync());
        using var third = ConnectingFixture.ClientOf(await api.StartNodeAsync());
        HttpClient[] nodes = [api.Client, second, third];
        for (var round = 1; round <= 3; round++)
        {
            await api.ExpireAsync(project, id);
            var before = await api.CallsAsync("amocrm", "access_token", host);
            var checks = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => ConnectingFixture.CheckAsync(nodes[i % 3], project, id)));
            Assert.All(checks, c => Assert.Equal("ok", Item(c, "credentials")));
            Assert.Equal(before + 1, await api.CallsAsync("amocrm", "access_token", host));
        }
        Assert.Equal("active", await api.StateOfAsync(project, id));
    }

    [Fact]
    public async Task A_login_that_ends_in_the_middle_of_a_backlog_loses_and_doubles_nothing()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ExecuteAsync("update sites set rate_per_second = 10000, rate_per_ip_per_minute = 100000 where project_id = @P", new { P = project.ProjectId });
        var before = await api.CallsAsync("amocrm", "access_token", host);
        for (var wave = 0; wave < 3; wave++)
        {
            Task PostAsync(int from) => Task.WhenAll(Enumerable.Range(from, 30).Select(i => api.PostLeadAsync(project, $"+7916{wave:0}{i:000000}")));
            var first = PostAsync(0);
            // The token dies at the CRM while our clock still trusts it.
            await (await api.Crm.PostAsJsonAsync("/_faults", new { crm = "amocrm", kind = "expire_tokens", probability = 1, account = host })).Content.ReadAsStringAsync();
            await first;
            await PostAsync(30);
            await api.DeliveredAsync(project, 60 * (wave + 1));
            await api.Crm.DeleteAsync(new Uri("/_faults", UriKind.Relative));
        }
        Assert.Equal(180, (await api.StateAsync("amocrm", "leads", host)).Length);
        Assert.Equal(before + 3, await api.CallsAsync("amocrm", "access_token", host));
        Assert.Equal("active", await api.StateOfAsync(project, id));
    }

    [Fact]
    public async Task A_revoked_login_keeps_the_leads_until_a_person_logs_in_again()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ChangeAccountAsync("amocrm", new { account = host, uninstall = ConnectingFixture.ClientId });
        await api.PostLeadAsync(project, "+79161234567");
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "needs_reauth");
        var reason = (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("stateReason").GetString();
        Assert.Contains("Connect the account anew", reason, StringComparison.Ordinal);
        Assert.Contains("state=\"needs_reauth\"", await MetricAsync("leadingest_crm_connections_stopped_total"), StringComparison.Ordinal);
        await api.UntilAsync(async () => (await MetricAsync("leadingest_crm_connections_waiting")).Contains("needs_reauth", StringComparison.Ordinal));

        await api.PostLeadAsync(project, "+79161234568");
        var calls = await TotalAsync(host);
        var check = await api.CheckAsync(project, id);
        Assert.Equal((false, "failed"), (check.GetProperty("ok").GetBoolean(), Item(check, "credentials")));
        Assert.Equal(2, await api.CountAsync("select count(*) from deliveries where project_id = @P and state = 'pending' and attempts = 0", new { P = project.ProjectId }));
        // What is remembered of the token may be tried; the token endpoint is left alone.
        Assert.InRange(await TotalAsync(host) - calls, 0, 1);

        var begun = await api.BeginAsync(project, connectionId: id);
        using var page = await api.Client.GetAsync(new Uri(await api.ConsentAsync(begun.GetProperty("url").GetString()!, host), UriKind.Relative));
        Assert.Equal(200, (int)page.StatusCode);
        await api.DeliveredAsync(project, 2);
        Assert.Equal(2, (await api.StateAsync("amocrm", "leads", host)).Length);
    }

    [Fact]
    public async Task A_preview_asks_with_the_login_of_the_moment()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ExpireAsync(project, id);
        var before = await api.StoredAsync(project, id);
        var preview = await (await api.PostAsync(project, $"/v1/connections/{id}/preview", new { name = "Иван", phone = "+79161234567" })).JsonAsync();
        Assert.Equal("Delivered", preview.GetProperty("outcome").GetString());
        var after = await api.StoredAsync(project, id);
        Assert.NotEqual(before.Login!.RefreshToken, after.Login!.RefreshToken);
        Assert.DoesNotContain(after.Token!, preview.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(await api.StateAsync("amocrm", "leads", host));
    }

    [Fact]
    public async Task An_account_that_is_not_paid_when_its_login_is_over_tells_when_it_is_tried_again()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var id = await api.InstallAsync(project, host);
        await api.ChangeAccountAsync("bitrix24", new { account = host, paid = false });
        await api.ExpireAsync(project, id);
        await api.PostLeadAsync(project, "+79161234567");
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "blocked");
        var status = await api.ReadAsync(project, $"/v1/connections/{id}/status");
        Assert.Equal("crm", status.GetProperty("stoppedBy").GetString());
        Assert.InRange(status.GetProperty("probeAt").GetDateTimeOffset() - status.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(16));
    }

    [Fact]
    public async Task An_answer_that_was_lost_costs_a_login_and_no_lead()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        // Another process used the refresh token and died before it could store what it got.
        var stored = await api.StoredAsync(project, id);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth2/access_token")
        {
            Content = JsonContent.Create(new { client_id = ConnectingFixture.ClientId, client_secret = ConnectingFixture.ClientSecret, grant_type = "refresh_token", refresh_token = stored.Login!.RefreshToken, redirect_uri = ConnectingFixture.Redirect }),
        };
        request.Headers.Host = host;
        Assert.True((await api.Crm.SendAsync(request)).IsSuccessStatusCode);
        await api.ExpireAsync(project, id);
        await api.PostLeadAsync(project, "+79161234567");
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "needs_reauth");
        Assert.Contains("revoked", (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("stateReason").GetString(), StringComparison.Ordinal);
        // The reading of cards may have found it out while the lead was being taken up.
        await api.UntilAsync(async () => await api.CountAsync("select count(*) from deliveries where project_id = @P and state = 'pending'", new { P = project.ProjectId }) == 1);
    }

    [Fact]
    public async Task A_database_that_drops_its_sessions_during_a_refresh_costs_no_login()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ExpireAsync(project, id);
        var before = await api.StoredAsync(project, id);
        await (await api.Crm.PostAsJsonAsync("/_faults", new { crm = "amocrm", kind = "latency", probability = 1, ms = 1500, account = host })).Content.ReadAsStringAsync();
        try
        {
            var check = api.CheckAsync(project, id);
            const string mine = "application_name = 'leadingest-tokens' and datname = current_database() and state = 'idle in transaction'";
            await api.UntilAsync(async () => await api.CountAsync($"select count(*) from pg_stat_activity where {mine}") > 0);
            await api.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where {mine}");
            await check;
        }
        finally
        {
            await api.Crm.DeleteAsync(new Uri("/_faults", UriKind.Relative));
        }
        var after = await api.StoredAsync(project, id);
        Assert.NotEqual(before.Login!.RefreshToken, after.Login!.RefreshToken);
        Assert.Equal("ok", Item(await api.CheckAsync(project, id), "credentials"));
        // The pair that was stored is the living one.
        await api.ExpireAsync(project, id);
        Assert.Equal("ok", Item(await api.CheckAsync(project, id), "credentials"));
        Assert.Equal("active", await api.StateOfAsync(project, id));
    }

    // A process that stands still for over a minute loses its session and the lock; the pair that it brings when it wakes up was stored, and the
    // connection waited for a person all the same.
    [Fact]
    public async Task A_login_that_another_node_gave_up_works_again_when_the_answer_comes_after_all()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        using var second = ConnectingFixture.ClientOf(await api.StartNodeAsync());
        await api.ExpireAsync(project, id);
        await (await api.Crm.PostAsJsonAsync("/_faults", new { crm = "amocrm", kind = "late", ms = 4000, account = host, path = "access_token", times = 1 })).Content.ReadAsStringAsync();
        var check = api.CheckAsync(project, id);
        await api.UntilAsync(async () => (await api.Crm.GetFromJsonAsync<JsonElement>($"/_logins/amocrm?account={host}")).GetProperty("refreshes").GetInt32() == 1);
        await api.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leadingest-tokens' and datname = current_database() and state = 'idle in transaction'");
        await ConnectingFixture.CheckAsync(second, project, id);
        Assert.Equal("needs_reauth", await api.StateOfAsync(project, id));

        Assert.Equal("ok", Item(await check, "credentials"));
        Assert.Equal("active", await api.StateOfAsync(project, id));
        await api.PostLeadAsync(project, "+79161234567");
        await api.DeliveredAsync(project, 1);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    public async Task A_renamed_account_is_found_again_and_keeps_its_lease(int oldHost)
    {
        var (project, host, renamed) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ChangeAccountAsync("amocrm", new { account = host, rename = renamed, old_host = oldHost });
        await api.PostLeadAsync(project, "+79161234567");
        await api.DeliveredAsync(project, 1);
        Assert.Single(await api.StateAsync("amocrm", "leads", renamed));
        var shown = await api.ReadAsync(project, $"/v1/connections/{id}");
        Assert.Equal((renamed, "active"), (shown.GetProperty("host").GetString(), shown.GetProperty("state").GetString()));
        Assert.Equal($"amocrm/{host}", await api.ScalarAsync<string>("select account_key from connections where id = @id", new { id }));
        // A second project that connects the account under its new name shares the lease.
        var other = await api.CreateProjectAsync();
        var neighbour = await api.ConnectAsync(other, renamed);
        Assert.Equal($"amocrm/{host}", await api.ScalarAsync<string>("select account_key from connections where id = @neighbour", new { neighbour }));
    }

    [Fact]
    public async Task A_token_endpoint_that_is_down_costs_time_only()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.ExpireAsync(project, id);
        await (await api.Crm.PostAsJsonAsync("/_faults", new { crm = "amocrm", kind = "status_before", probability = 1, status = 503, account = host })).Content.ReadAsStringAsync();
        await api.PostLeadAsync(project, "+79161234567");
        await api.UntilAsync(async () => (await MetricAsync("leadingest_crm_token_refreshes_total")).Contains("outcome=\"failed\"", StringComparison.Ordinal));
        Assert.Equal("active", await api.StateOfAsync(project, id));
        await api.Crm.DeleteAsync(new Uri("/_faults", UriKind.Relative));
        await api.DeliveredAsync(project, 1);
    }

    [Fact]
    public async Task An_idle_login_is_refreshed_once_a_week_by_one_of_the_nodes()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        var id = await api.ConnectAsync(project, host);
        await api.StartNodeAsync();
        var before = await api.CallsAsync("amocrm", "access_token", host);
        var stored = await api.StoredAsync(project, id);
        var long_ago = TimeProvider.System.GetUtcNow().AddDays(-8);
        await api.StoreAsync(project, id, stored with { Login = stored.Login! with { RefreshedAt = long_ago } });
        await api.ExecuteAsync("update connections set token_refreshed_at = @At where id = @id", new { id, At = long_ago.UtcDateTime });
        await api.UntilAsync(async () => (await api.StoredAsync(project, id)).Login!.RefreshToken != stored.Login.RefreshToken);
        Assert.Equal(before + 1, await api.CallsAsync("amocrm", "access_token", host));
        Assert.Equal("active", await api.StateOfAsync(project, id));
    }

    private static string? Item(JsonElement check, string name) =>
        check.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("name").GetString() == name).Select(i => i.GetProperty("state").GetString()).FirstOrDefault();

    private async Task<int> TotalAsync(string host) => (await api.Crm.GetFromJsonAsync<JsonElement>($"/_requests/amocrm?account={host}")).GetProperty("total").GetInt32();

    private async Task<string> MetricAsync(string name) =>
        string.Join('\n', (await api.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal)));
}
