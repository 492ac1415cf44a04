using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AccountsTests
{
    [Theory]
    [InlineData("amocrm@acme.amocrm.ru/api/v4/leads", null)]
    [InlineData("amocrm/api/v4/leads", "acme.amocrm.ru")]
    [InlineData("api/v4/leads", "acme.amocrm.ru")]
    [InlineData("api/v4/leads", "ACME.amocrm.ru:443")]
    public async Task Every_host_is_an_account_of_its_own(string path, string? host)
    {
        await using var emulator = await Running.StartAsync();
        var (status, _, _) = await emulator.SendAsync("POST", path, """[{"name":"A"}]""", Running.Token, host);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single((JsonArray)await emulator.JsonAsync("GET", "_state/amocrm/leads?account=acme.amocrm.ru"));
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
        Assert.Single((JsonArray)await emulator.JsonAsync("GET", "_state/amocrm/leads?account=*"));
        var log = await emulator.JsonAsync("GET", "_requests/amocrm?account=acme.amocrm.ru");
        Assert.Equal("acme.amocrm.ru", log["requests"]![0]!["host"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("bitrix24@acme.bitrix24.ru/rest/1/demo-bitrix-secret/crm.deal.add", null)]
    [InlineData("bitrix24/rest/1/demo-bitrix-secret/crm.deal.add", "acme.bitrix24.ru")]
    [InlineData("rest/1/demo-bitrix-secret/crm.deal.add", "acme.bitrix24.ru")]
    [InlineData("bitrix24/rest/1/demo-bitrix-secret/crm.deal.add", "crm.acme.example")]
    public async Task Every_host_is_a_portal_of_its_own(string path, string? host)
    {
        await using var emulator = await Running.StartAsync();
        var (status, _, _) = await emulator.SendAsync("POST", path, """{"fields":{"TITLE":"A"}}""", host: host);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single((JsonArray)await emulator.JsonAsync("GET", "_state/bitrix24/deals?account=" + (host ?? "acme.bitrix24.ru")));
        Assert.Empty(await emulator.StateAsync("bitrix24", "deals"));
    }

    [Fact]
    public async Task Limits_are_kept_for_each_account_and_for_all_its_integrations()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits, o.Amocrm.AccountRatePerSecond, o.Amocrm.Tokens) = (clock, true, 10, "one,two"));
        async Task<HttpStatusCode> CallAsync(string account, string token) => (await emulator.SendAsync("GET", $"amocrm@{account}/api/v4/account", token: token)).Status;
        for (var i = 0; i < 7; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync("a.amocrm.ru", "one"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await CallAsync("a.amocrm.ru", "one"));
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync("a.amocrm.ru", "two"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await CallAsync("a.amocrm.ru", "two"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync("b.amocrm.ru", "one"));
    }

    [Theory]
    [InlineData("json", "application/problem+json")]
    [InlineData("html", "text/html")]
    [InlineData("empty", null)]
    public async Task A_429_can_keep_to_one_flavour(string flavour, string? expected)
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        await emulator.AccountAsync("amocrm", $$"""{"rate_answer":"{{flavour}}","retry_after_seconds":300}""");
        for (var i = 0; i < 7; i++)
            await emulator.AmoTextAsync("GET", "account");
        for (var i = 0; i < 3; i++)
        {
            var (status, text, type) = await emulator.AmoTextAsync("GET", "account");
            Assert.Equal((HttpStatusCode.TooManyRequests, expected), (status, type));
            if (flavour == "json")
                Assert.Equal(300, JsonNode.Parse(text)!["retry_after"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task A_thousand_accounts_cost_little()
    {
        await using var emulator = await Running.StartAsync();
        // The first request of each kind pays for what all accounts share.
        await emulator.SendAsync("GET", "amocrm@warm.amocrm.ru/api/v4/account", token: Running.Token);
        await emulator.SendAsync("POST", "bitrix24@warm.bitrix24.ru/rest/1/demo-bitrix-secret/profile", "{}");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 500; i++)
        {
            await emulator.SendAsync("GET", $"amocrm@c{i}.amocrm.ru/api/v4/account", token: Running.Token);
            await emulator.SendAsync("POST", $"bitrix24@c{i}.bitrix24.ru/rest/1/demo-bitrix-secret/profile", "{}");
        }
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1000;
        Assert.Equal(502, ((JsonArray)await emulator.JsonAsync("GET", "_accounts/amocrm")).Count);
        Assert.InRange(each, 0, 15_000);
    }

    [Theory]
    [InlineData("amocrm", """{"nonsense":1}""")]
    [InlineData("amocrm", """{"paid":"perhaps"}""")]
    [InlineData("amocrm", """{"remove_user":999}""")]
    [InlineData("bitrix24", """{"nonsense":1}""")]
    [InlineData("bitrix24", """{"fail":{"code":"X"}}""")]
    [InlineData("bitrix24", """{"dismiss_user":999}""")]
    [InlineData("bitrix24", """{"required":null}""")]
    [InlineData("bitrix24", "[]")]
    public async Task A_slip_in_a_state_is_refused(string crm, string json)
    {
        await using var emulator = await Running.StartAsync();
        var (status, text, _) = await emulator.SendAsync("POST", "_account/" + crm, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotNull(JsonNode.Parse(text)!["error"]);
    }

    [Fact]
    public async Task Forgetting_the_accounts_brings_back_the_first_state()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"paid":false}""");
        await emulator.SendAsync("DELETE", "_account/amocrm");
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
    }
}
