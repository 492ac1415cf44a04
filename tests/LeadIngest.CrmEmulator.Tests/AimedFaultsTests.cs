using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AimedFaultsTests
{
    [Fact]
    public async Task Fault_hits_only_the_named_call_of_the_named_account_so_many_times()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"status_after","path":"POST /api/v4/leads/complex","account":"acme.amocrm.ru","times":2}""");
        async Task<HttpStatusCode> CallAsync(string account, string path) =>
            (await emulator.SendAsync("POST", $"amocrm@{account}/api/v4/{path}", """[{"name":"A"}]""", Running.Token)).Status;
        Assert.Equal(HttpStatusCode.OK, await CallAsync("other.amocrm.ru", "leads/complex"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync("acme.amocrm.ru", "leads"));
        Assert.Equal(HttpStatusCode.GatewayTimeout, await CallAsync("acme.amocrm.ru", "leads/complex"));
        Assert.Equal(HttpStatusCode.GatewayTimeout, await CallAsync("acme.amocrm.ru", "leads/complex"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync("acme.amocrm.ru", "leads/complex"));
        Assert.Empty((JsonArray)await emulator.JsonAsync("GET", "_faults"));
        Assert.Equal(4, ((JsonArray)await emulator.JsonAsync("GET", "_state/amocrm/leads?account=acme.amocrm.ru")).Count);
    }

    [Fact]
    public async Task Credentials_in_queries_are_not_logged()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.SendAsync("GET", "bitrix24/rest/profile?auth=demo-bitrix-app-token&x=1");
        await emulator.SendAsync("GET", "bitrix24/oauth/token/?grant_type=refresh_token&client_secret=s3cret&refresh_token=t0ken");
        var log = (await emulator.JsonAsync("GET", "_requests/bitrix24")).ToJsonString();
        Assert.Contains("auth=***", log, StringComparison.Ordinal);
        foreach (var secret in new[] { "demo-bitrix-app-token", "s3cret", "t0ken" })
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_answer_is_no_json_and_the_work_is_done()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"kind":"truncated","times":2}""");
        var (status, text, type) = await emulator.AmoTextAsync("POST", "leads", """[{"name":"A"}]""");
        Assert.Equal((HttpStatusCode.OK, "application/hal+json"), (status, type));
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
        await Assert.ThrowsAnyAsync<JsonException>(() => emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}"""));
        Assert.Single(await emulator.StateAsync("amocrm", "leads"));
        Assert.Single(await emulator.StateAsync("bitrix24", "deals"));
    }

    [Fact]
    public async Task A_late_answer_comes_after_work_that_was_done_at_once()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"late","ms":600000,"times":1}""");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var asked = emulator.Http.PostAsync(new Uri("amocrm@acme.amocrm.ru/oauth2/access_token", UriKind.Relative), JsonContent.Create(new
        {
            client_id = "demo-client-id",
            client_secret = "demo-client-secret",
            redirect_uri = "https://example.org/oauth",
            grant_type = "refresh_token",
            refresh_token = "demo-refresh-token",
        }), patience.Token);
        while ((await emulator.JsonAsync("GET", "_logins/amocrm?account=acme.amocrm.ru"))["refreshes"]!.GetValue<int>() == 0)
        {
            Assert.False(asked.IsCompleted);
        }
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"late","ms":1,"times":1}""");
        Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync("POST", "amocrm/api/v4/leads", """[{"name":"A"}]""", Running.Token)).Status);
    }

    [Fact]
    public async Task Search_lag_and_limits_can_be_of_one_account()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"search_lag","ms":60000,"account":"acme.amocrm.ru"}""");
        foreach (var (account, expected) in new[] { ("acme.amocrm.ru", HttpStatusCode.NoContent), ("other.amocrm.ru", HttpStatusCode.OK) })
        {
            await emulator.SendAsync("POST", $"amocrm@{account}/api/v4/leads", """[{"name":"needle"}]""", Running.Token);
            Assert.Equal(expected, (await emulator.SendAsync("GET", $"amocrm@{account}/api/v4/leads?query=needle", token: Running.Token)).Status);
        }
    }

    [Theory]
    [InlineData("""{"kind":"html","times":0}""")]
    [InlineData("""{"kind":"hook_drop","probability":-1}""")]
    public async Task Wrong_aim_is_refused(string json)
    {
        await using var emulator = await Running.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await emulator.FaultAsync(json));
    }

    [Theory]
    [InlineData("_clock", """{"seconds":-1}""")]
    [InlineData("_seed/amocrm", """{"contacts":-1}""")]
    [InlineData("_seed/amocrm", """{"contacts":3000000}""")]
    [InlineData("_seed/bitrix24", """{"people":1}""")]
    [InlineData("_seed/bitrix24", "{")]
    public async Task Slips_at_the_doors_are_refused(string door, string json)
    {
        await using var emulator = await Running.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.SendAsync("POST", door, json)).Status);
    }
}
