using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>Bitrix24 by a local application: installed, refreshed, renamed, removed.</summary>
public sealed class Bitrix24LoginTests(ConnectingFixture api) : IClassFixture<ConnectingFixture>
{
    [Theory]
    [InlineData("cloud")]
    [InlineData("box")]
    public async Task An_installed_application_delivers_and_refreshes_at_the_vendors_server_only(string flavour)
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        await api.ChangeAccountAsync("bitrix24", new { account = host, flavour });
        var begun = await api.BeginAsync(project, "bitrix24", host: host);
        var id = begun.GetProperty("connectionId").GetGuid();
        Assert.Equal(200, (int)(await PostInstallAsync(begun.GetProperty("installUrl").GetString()!, host)).StatusCode);
        await api.PostLeadAsync(project, "+79161234567");
        await api.DeliveredAsync(project, 1);
        var first = await api.StoredAsync(project, id);
        Assert.NotNull(first.Login!.ApplicationToken);
        Assert.DoesNotContain(first.Login.ApplicationToken, string.Join('\n', api.Log.Lines), StringComparison.Ordinal);

        await ExpireAsync(project, id);
        var before = await PairsAsync();
        var checks = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => api.CheckAsync(project, id)));
        Assert.All(checks, c => Assert.True(c.GetProperty("ok").GetBoolean(), c.GetRawText()));
        Assert.Equal(before + 1, await PairsAsync());
        Assert.NotEqual(first.Login.RefreshToken, (await api.StoredAsync(project, id)).Login!.RefreshToken);
        await api.PostLeadAsync(project, "+79161234568");
        await api.DeliveredAsync(project, 2);
        Assert.Equal(2, (await api.StateAsync("bitrix24", "deals", host)).Length);
    }

    [Fact]
    public async Task A_token_is_refreshed_when_the_portal_says_that_it_ended_and_not_before()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var id = await api.InstallAsync(project, host);
        var before = await PairsAsync();
        await api.CheckAsync(project, id);
        Assert.Equal(before, await PairsAsync());
        await (await api.Crm.PostAsJsonAsync("/_faults", new { crm = "bitrix24", kind = "expire_tokens", probability = 1, account = host })).Content.ReadAsStringAsync();
        try
        {
            await api.PostLeadAsync(project, "+79161234567");
            await api.DeliveredAsync(project, 1);
        }
        finally
        {
            await api.Crm.DeleteAsync(new Uri("/_faults", UriKind.Relative));
        }
        Assert.Equal(before + 1, await PairsAsync());
        Assert.Single(await api.StateAsync("bitrix24", "deals", host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renamed_portal_gets_the_same_request_at_its_new_address(bool isApplication)
    {
        var (project, host, renamed) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"), ConnectingFixture.NewHost("bitrix24"));
        var id = isApplication ? await api.InstallAsync(project, host) : (await (await api.PostAsync(project, "/v1/connections", new
        {
            crm = "bitrix24",
            name = "Битрикс24",
            baseAddress = $"https://{host}/rest/1/demo-bitrix-secret/",
        })).JsonAsync()).GetProperty("id").GetGuid();
        await api.ChangeAccountAsync("bitrix24", new { account = host, rename = renamed });
        await api.PostLeadAsync(project, "+79161234567");
        await api.DeliveredAsync(project, 1);
        Assert.Single(await api.StateAsync("bitrix24", "deals", renamed));
        Assert.Equal(renamed, (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("host").GetString());
        Assert.StartsWith($"https://{renamed}/rest/", (await api.StoredAsync(project, id)).BaseAddress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_application_stops_its_connection_and_a_new_installation_sets_it_to_work()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var begun = await api.BeginAsync(project, "bitrix24", host: host);
        var (id, install) = (begun.GetProperty("connectionId").GetGuid(), begun.GetProperty("installUrl").GetString()!);
        await PostInstallAsync(install, host);
        Assert.Equal(401, (int)(await PostAsync(install, ("event", "ONAPPUNINSTALL"), ("auth[application_token]", "guess"))).StatusCode);
        Assert.Equal("active", await api.StateOfAsync(project, id));
        Assert.Equal(200, (int)(await PostAsync(install, ("event", "ONAPPUNINSTALL"), ("auth[application_token]", (await api.StoredAsync(project, id)).Login!.ApplicationToken!))).StatusCode);
        Assert.Equal("needs_reauth", await api.StateOfAsync(project, id));
        await api.PostLeadAsync(project, "+79161234567");
        Assert.Equal(200, (int)(await PostInstallAsync(install, host)).StatusCode);
        await api.DeliveredAsync(project, 1);
    }

    [Fact]
    public async Task An_installation_with_a_wrong_secret_or_a_foreign_portal_is_refused()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var begun = await api.BeginAsync(project, "bitrix24");
        Assert.Equal(JsonValueKind.Null, begun.GetProperty("url").ValueKind);
        var install = begun.GetProperty("installUrl").GetString()!;
        Assert.Equal(404, (int)(await PostInstallAsync(install[..^1] + (install[^1] == 'A' ? 'B' : 'A'), host)).StatusCode);
        Assert.Equal(400, (int)(await PostInstallAsync(install, "evil.example")).StatusCode);
        Assert.Equal(200, (int)(await PostInstallAsync(install, host)).StatusCode);
        // Later installations are of the same portal.
        Assert.Equal(409, (int)(await PostInstallAsync(install, ConnectingFixture.NewHost("bitrix24"), member: "00000000000000000000000000000099")).StatusCode);
    }

    [Fact]
    public async Task Keys_that_are_entered_after_the_installation_let_the_login_live_on()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var begun = await (await api.PostAsync(project, "/v1/connections/authorize", new { crm = "bitrix24", name = "Битрикс24" })).JsonAsync();
        var id = begun.GetProperty("connectionId").GetGuid();
        await PostInstallAsync(begun.GetProperty("installUrl").GetString()!, host);
        await ExpireAsync(project, id);
        await api.PostLeadAsync(project, "+79161234567");
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "needs_reauth");
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/connections/{id}", new { clientId = ConnectingFixture.AppId, clientSecret = ConnectingFixture.AppSecret })).JsonAsync();
        await api.DeliveredAsync(project, 1);
    }

    /// <summary>What a portal posts to a handler, with tokens of a consent given beforehand.</summary>
    private async Task<HttpResponseMessage> PostInstallAsync(string url, string host, string? member = null)
    {
        var portal = host.EndsWith(".bitrix24.ru", StringComparison.Ordinal) ? host : ConnectingFixture.NewHost("bitrix24");
        var back = await api.ConsentAsync($"https://{portal}/oauth/authorize/?client_id={ConnectingFixture.AppId}&state=x", portal);
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"/oauth/token/?grant_type=authorization_code&client_id={ConnectingFixture.AppId}&client_secret={ConnectingFixture.AppSecret}&code={ConnectingFixture.QueryOf(back, "code")}");
        request.Headers.Host = "oauth.bitrix24.tech";
        var pair = await (await api.Crm.SendAsync(request)).JsonAsync();
        return await PostAsync(url, ("event", "ONAPPINSTALL"), ("auth[access_token]", pair.GetProperty("access_token").GetString()!),
            ("auth[refresh_token]", pair.GetProperty("refresh_token").GetString()!), ("auth[expires_in]", "3600"), ("auth[domain]", host),
            ("auth[client_endpoint]", $"https://{host}/rest/"), ("auth[server_endpoint]", "https://oauth.bitrix.info/rest/"),
            ("auth[member_id]", member ?? pair.GetProperty("member_id").GetString()!), ("auth[application_token]", "app-token-0123456789abcdef"));
    }

    private async Task<HttpResponseMessage> PostAsync(string url, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await api.Client.PostAsync(new Uri(new Uri(url).PathAndQuery, UriKind.Relative), content);
    }

    private Task ExpireAsync(TestProject project, Guid id) => api.ExpireAsync(project, id);

    /// <summary>Pairs given by the vendor's authorisation server so far.</summary>
    private Task<int> PairsAsync() => api.CallsAsync("bitrix24", "oauth/token");
}
