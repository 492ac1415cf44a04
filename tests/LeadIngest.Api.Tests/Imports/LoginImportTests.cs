using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Tests.Connecting;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>The service at an address that the emulated CRMs can reach.</summary>
public sealed class ReachableFixture : ConnectingFixture
{
    private readonly string _address = $"http://127.0.0.1:{FreePort()}";

    protected override string PublicUrl => _address;

    protected override string[] Args => [.. base.Args, $"--urls={_address}", "--Import:CheckHooksEvery=00:00:01"];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Accounts connected by login are read and listened to like those connected by a token.</summary>
public sealed class LoginImportTests(ReachableFixture api) : IClassFixture<ReachableFixture>
{
    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_login_reads_the_account_and_has_its_webhooks_sent_here(string crm)
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost(crm));
        await SeedAsync(crm, host, 300, 79310000000);

        var id = crm == "amocrm" ? await api.ConnectAsync(project, host) : await api.InstallAsync(project, host);

        await UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done" && p.GetProperty("contacts").GetInt32() == 300);
        await KnownAsync(project, "+79310000299");
        await UntilAsync(project, $"/v1/connections/{id}/webhook", w => w.GetProperty("state").GetString() == "on");
        await EnterAsync(crm, host, "+79310000777");
        await KnownAsync(project, "+79310000777");
        Assert.NotEqual(0, await WebhooksAsync(id));
    }

    /// <summary>A local application that the portal installs by calling its handler; its webhook is on.</summary>
    private async Task<Guid> InstallByHandlerAsync(TestProject project, string host)
    {
        var begun = await api.BeginAsync(project, "bitrix24", host: host);
        var id = begun.GetProperty("connectionId").GetGuid();
        await api.ChangeAccountAsync("bitrix24", new { account = host, application = new { client_id = ConnectingFixture.AppId, client_secret = ConnectingFixture.AppSecret, install_uri = begun.GetProperty("installUrl").GetString() } });
        await api.ChangeAccountAsync("bitrix24", new { account = host, install = ConnectingFixture.AppId });
        await api.UntilAsync(async () => await api.CountAsync("select count(*) from connections where id = @id", new { id }) == 1);
        await UntilAsync(project, $"/v1/connections/{id}/webhook", w => w.GetProperty("state").GetString() == "on");
        return id;
    }

    [Fact]
    public async Task An_installed_application_is_told_of_changes_with_its_own_token_and_bound_again_when_its_subscriptions_are_lost()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var id = await InstallByHandlerAsync(project, host);
        await UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done");
        var address = (await api.ReadAsync(project, $"/v1/connections/{id}/webhook")).GetProperty("address").GetString()!;

        await EnterAsync("bitrix24", host, "+79320000001");
        await KnownAsync(project, "+79320000001");
        var before = await WebhooksAsync(id);
        await (await PostAsync(address, "event=ONCRMCONTACTUPDATE&data[FIELDS][ID]=1&auth[application_token]=guess")).ProblemAsync(401);
        await (await PostAsync(address, "event=ONCRMCONTACTUPDATE&data[FIELDS][ID]=1")).ProblemAsync(401);
        Assert.Equal(before, await WebhooksAsync(id));
        Assert.Equal(0, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and convert_from(body, 'UTF8') like '%auth%'", new { Id = id }));

        // Another version of the application drops its bindings.
        var token = (await api.StoredAsync(project, id)).Token!;
        foreach (var name in (string[])["ONCRMCONTACTADD", "ONCRMCONTACTUPDATE"]) await CallAsync(host, "event.unbind", new { auth = token, @event = name, handler = address });
        Assert.DoesNotContain("ONCRMCONTACTADD", await BoundAsync(host, token));
        await api.UntilAsync(async () => (await BoundAsync(host, token)).Contains("ONCRMCONTACTADD"));
        await EnterAsync("bitrix24", host, "+79320000002");
        await KnownAsync(project, "+79320000002");
        Assert.Equal((await BoundAsync(host, token)).Length, (await BoundAsync(host, token)).Distinct().Count());
    }

    [Fact]
    public async Task A_new_installation_brings_a_new_token_and_subscriptions()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("bitrix24"));
        var id = await InstallByHandlerAsync(project, host);
        var first = (await api.StoredAsync(project, id)).Login!.ApplicationToken;

        await api.ChangeAccountAsync("bitrix24", new { account = host, uninstall = ConnectingFixture.AppId });
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "needs_reauth");
        await api.ChangeAccountAsync("bitrix24", new { account = host, install = ConnectingFixture.AppId });
        await api.UntilAsync(async () => await api.StateOfAsync(project, id) == "active" && (await api.StoredAsync(project, id)).Login!.ApplicationToken != first);
        var token = (await api.StoredAsync(project, id)).Token!;
        await api.UntilAsync(async () => (await BoundAsync(host, token)).Contains("ONCRMCONTACTADD"));

        await EnterAsync("bitrix24", host, "+79330000001");
        await KnownAsync(project, "+79330000001");
        Assert.NotEqual(0, await WebhooksAsync(id));
    }

    [Fact]
    public async Task A_login_to_another_account_is_refused_and_that_account_is_read_by_a_connection_of_its_own()
    {
        var (project, host, other) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"), ConnectingFixture.NewHost("amocrm"));
        await SeedAsync("amocrm", host, 20, 79340000000);
        await SeedAsync("amocrm", other, 30, 79350000000);
        var id = await api.ConnectAsync(project, host);
        await UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done");

        var again = await api.BeginAsync(project, connectionId: id);
        using (var page = await api.Client.GetAsync(new Uri(await api.ConsentAsync(again.GetProperty("url").GetString()!, other), UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.Equal(host, (await api.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("host").GetString());
        Assert.Equal(20, (await api.ReadAsync(project, $"/v1/connections/{id}/import")).GetProperty("contacts").GetInt32());
        Assert.Equal(0, (await api.ReadAsync(project, $"/v1/clients?phone={Uri.EscapeDataString("+79350000001")}")).GetProperty("items").GetArrayLength());

        var second = await api.ConnectAsync(project, other);
        await UntilAsync(project, $"/v1/connections/{second}/import", p => p.GetProperty("state").GetString() == "done" && p.GetProperty("contacts").GetInt32() == 30);
        await KnownAsync(project, "+79350000001");
    }

    [Fact]
    public async Task A_reading_that_the_crm_had_refused_goes_on_after_the_next_login()
    {
        var (project, host) = (await api.CreateProjectAsync(), ConnectingFixture.NewHost("amocrm"));
        await SeedAsync("amocrm", host, 20, 79360000000);
        var id = await api.ConnectAsync(project, host);
        await UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done");
        await api.ExecuteAsync("update crm_imports set state = 'failed', contacts = 0, next_at = null, pass_began = null where connection_id = @Id", new { Id = id });

        var again = await api.BeginAsync(project, connectionId: id);
        using (var page = await api.Client.GetAsync(new Uri(await api.ConsentAsync(again.GetProperty("url").GetString()!, host), UriKind.Relative)))
            Assert.True(page.IsSuccessStatusCode);

        await UntilAsync(project, $"/v1/connections/{id}/import", p => p.GetProperty("state").GetString() == "done" && p.GetProperty("contacts").GetInt32() == 20);
    }

    private async Task SeedAsync(string crm, string host, int contacts, long firstPhone)
    {
        using var answer = await api.Crm.PostAsJsonAsync($"/_seed/{crm}", new { account = host, contacts, first_phone = firstPhone });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A person enters a contact.</summary>
    private async Task EnterAsync(string crm, string host, string phone)
    {
        object contact = crm == "amocrm"
            ? new { name = "Новый", custom_fields_values = new[] { new { field_code = "PHONE", values = new[] { new { value = phone, enum_code = "MOB" } } } } }
            : new Dictionary<string, object> { ["NAME"] = "Новый", ["PHONE"] = new[] { new Dictionary<string, string> { ["VALUE"] = phone, ["VALUE_TYPE"] = "WORK" } } };
        using var answer = await api.Crm.PostAsJsonAsync($"/_act/{crm}?account={host}", new { entity = "contact", create = contact }, JsonSerializerOptions.Default);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> CallAsync(string host, string method, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rest/{method}") { Content = JsonContent.Create(body) };
        request.Headers.Host = host;
        using var answer = await api.Crm.SendAsync(request);
        return await answer.JsonAsync();
    }

    private async Task<string?[]> BoundAsync(string host, string token) =>
        [.. (await CallAsync(host, "event.get", new { auth = token })).GetProperty("result").EnumerateArray().Select(b => b.GetProperty("event").GetString())];

    private Task KnownAsync(TestProject project, string phone) =>
        UntilAsync(project, $"/v1/clients?phone={Uri.EscapeDataString(phone)}", c => c.GetProperty("items").GetArrayLength() == 1);

    private Task UntilAsync(TestProject project, string path, Func<JsonElement, bool> isRight) =>
        api.UntilAsync(async () => isRight(await api.ReadAsync(project, path)), async () => $"{path} stayed {await api.ReadAsync(project, path)}");

    private Task<long> WebhooksAsync(Guid id) =>
        api.CountAsync("select count(*) from crm_events where connection_id = @Id and content_type not in ('recheck', 'log', 'sweep')", new { Id = id });

    private async Task<HttpResponseMessage> PostAsync(string address, string body) =>
        await api.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));
}
