using System.Net;
using System.Text.Json.Nodes;
using System.Web;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class Bitrix24OAuthTests
{
    private const string Portal = "bitrix24@acme.bitrix24.ru";
    private const string Server = "bitrix24@oauth.bitrix24.tech/oauth/token/";
    private const string Keys = "client_id=demo-b24-client-id&client_secret=demo-b24-client-secret";

    private static async Task<string> CodeAsync(Running emulator)
    {
        var (status, _, location) = await emulator.SendAsync("GET", $"{Portal}/oauth/authorize/?client_id=demo-b24-client-id&state=s1&decision=allow");
        Assert.Equal(HttpStatusCode.Redirect, status);
        return HttpUtility.ParseQueryString(new Uri(location!).Query)["code"]!;
    }

    private static Task<JsonNode> TradeAsync(Running emulator, string code) => emulator.JsonAsync("GET", $"{Server}?grant_type=authorization_code&{Keys}&code={code}");

    private static async Task<(HttpStatusCode Status, string Error)> CallAsync(Running emulator, string access, string method = "profile", string host = Portal)
    {
        var (status, text, _) = await emulator.SendAsync("POST", $"{host}/rest/{method}", $$"""{"auth":"{{access}}"}""");
        return (status, JsonNode.Parse(text)!["error"]?.GetValue<string>() ?? "");
    }

    [Fact]
    public async Task Logins_of_each_portal_are_counted()
    {
        await using var emulator = await Running.StartAsync();
        async Task<(int Codes, int Refreshes, int Refused, int Reused)> CountsAsync(string account)
        {
            var counts = await emulator.JsonAsync("GET", "_logins/bitrix24?account=" + account);
            int Of(string name) => counts[name]!.GetValue<int>();
            return (Of("codes"), Of("refreshes"), Of("refused"), Of("reused"));
        }
        Task<JsonNode> RefreshAsync(string token) => emulator.JsonAsync("GET", $"{Server}?grant_type=refresh_token&{Keys}&refresh_token={token}");
        var first = (await TradeAsync(emulator, await CodeAsync(emulator)))["refresh_token"]!.GetValue<string>();
        var second = await RefreshAsync(first);
        await RefreshAsync(first);
        await RefreshAsync("stranger");
        Assert.Equal((1, 1, 1, 0), await CountsAsync("acme.bitrix24.ru"));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, second["access_token"]!.GetValue<string>())).Status);
        Assert.Equal((1, 1, 1, 1), await CountsAsync("acme.bitrix24.ru"));
        await RefreshAsync(first);
        Assert.Equal((1, 1, 2, 2), await CountsAsync("acme.bitrix24.ru"));
        Assert.Equal((0, 0, 0, 0), await CountsAsync("emulator.bitrix24.ru"));
    }

    [Fact]
    public async Task Consent_sends_the_browser_back_with_code_portal_and_member()
    {
        await using var emulator = await Running.StartAsync();
        var (asked, page, _) = await emulator.SendAsync("GET", $"{Portal}/oauth/authorize/?client_id=demo-b24-client-id&state=s1");
        Assert.Equal(HttpStatusCode.OK, asked);
        Assert.Contains("acme.bitrix24.ru", page, StringComparison.Ordinal);
        var (_, _, location) = await emulator.SendAsync("GET", $"{Portal}/oauth/authorize/?client_id=demo-b24-client-id&state=s1&decision=allow");
        var answer = HttpUtility.ParseQueryString(new Uri(location!).Query);
        Assert.Equal(("s1", "acme.bitrix24.ru", "oauth.bitrix24.tech"), (answer["state"], answer["domain"], answer["server_domain"]));
        Assert.Equal(32, answer["member_id"]!.Length);
        var (_, _, refused) = await emulator.SendAsync("GET", $"{Portal}/oauth/authorize/?client_id=demo-b24-client-id&state=s1&decision=deny");
        Assert.Equal("https://example.org/oauth?error=access_denied&state=s1", refused);
    }

    [Fact]
    public async Task Code_lives_thirty_seconds_and_works_once()
    {
        await using var emulator = await Running.StartAsync();
        var code = await CodeAsync(emulator);
        var pair = await TradeAsync(emulator, code);
        Assert.Equal((3600, "oauth.bitrix24.tech"), (pair["expires_in"]!.GetValue<int>(), pair["domain"]!.GetValue<string>()));
        Assert.EndsWith($"/{Portal}/rest/", pair["client_endpoint"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("invalid_grant", (await TradeAsync(emulator, code))["error"]!.GetValue<string>());
        var late = await CodeAsync(emulator);
        await emulator.SendAsync("POST", "_clock", """{"seconds":30}""");
        Assert.Equal("invalid_grant", (await TradeAsync(emulator, late))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Access_lives_an_hour_and_every_refresh_gives_a_new_pair()
    {
        await using var emulator = await Running.StartAsync();
        var first = await TradeAsync(emulator, await CodeAsync(emulator));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, first["access_token"]!.GetValue<string>())).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), await CallAsync(emulator, first["access_token"]!.GetValue<string>(), host: "bitrix24@other.bitrix24.ru"));
        Assert.Equal((HttpStatusCode.Unauthorized, "NO_AUTH_FOUND"), await CallAsync(emulator, ""));
        await emulator.SendAsync("POST", "_clock", """{"seconds":3600}""");
        Assert.Equal((HttpStatusCode.Unauthorized, "expired_token"), await CallAsync(emulator, first["access_token"]!.GetValue<string>()));
        Task<JsonNode> RefreshAsync() => emulator.JsonAsync("GET", $"{Server}?grant_type=refresh_token&{Keys}&refresh_token={first["refresh_token"]}");
        var second = await RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, second["access_token"]!.GetValue<string>())).Status);
        Assert.Equal("invalid_grant", (await RefreshAsync())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_fault_expires_what_was_issued_before()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        var first = await TradeAsync(emulator, await CodeAsync(emulator));
        clock.Move(TimeSpan.FromSeconds(1));
        await emulator.FaultAsync("""{"crm":"bitrix24","kind":"expire_tokens"}""");
        Assert.Equal("expired_token", (await CallAsync(emulator, first["access_token"]!.GetValue<string>())).Error);
        var second = await emulator.JsonAsync("GET", $"{Server}?grant_type=refresh_token&{Keys}&refresh_token={first["refresh_token"]}");
        Assert.Equal("", (await CallAsync(emulator, second["access_token"]!.GetValue<string>())).Error);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public async Task Wrong_client_may_come_with_200(int expected)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", $$"""{"wrong_client_status":{{expected}}}""", "acme.bitrix24.ru");
        var (status, text, _) = await emulator.SendAsync("POST", $"{Portal}/oauth/token/", "grant_type=refresh_token&client_id=x&client_secret=y&refresh_token=z", type: "application/x-www-form-urlencoded");
        Assert.Equal((expected, "wrong_client"), ((int)status, JsonNode.Parse(text)!["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Portal_on_its_owners_server_does_not_give_tokens_and_has_no_limits()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits, o.Bitrix24.OperatingSecondsPerCall) = (clock, true, 100));
        await emulator.AccountAsync("bitrix24", """{"flavour":"box"}""", "acme.bitrix24.ru");
        var code = await CodeAsync(emulator);
        Assert.Equal(HttpStatusCode.NotFound, (await emulator.SendAsync("GET", $"{Portal}/oauth/token/?grant_type=authorization_code&{Keys}&code={code}")).Status);
        var access = (await TradeAsync(emulator, code))["access_token"]!.GetValue<string>();
        for (var i = 0; i < 60; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, access)).Status);
    }

    [Fact]
    public async Task Installed_without_a_page_the_handler_gets_the_first_tokens_and_the_application_token()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync(o => o.Bitrix24.InstallUri = receiver.Url);
        await emulator.AccountAsync("bitrix24", """{"install":"demo-b24-client-id"}""", "acme.bitrix24.ru");
        var form = HttpUtility.ParseQueryString(await receiver.NextAsync());
        Assert.Equal(("ONAPPINSTALL", "acme.bitrix24.ru"), (form["event"], form["auth[domain]"]));
        Assert.NotEmpty(form["auth[application_token]"]!);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, form["auth[access_token]"]!, "event.get")).Status);
        await emulator.AccountAsync("bitrix24", """{"uninstall":"demo-b24-client-id"}""", "acme.bitrix24.ru");
        Assert.Contains("event=ONAPPUNINSTALL", await receiver.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("invalid_token", (await CallAsync(emulator, form["auth[access_token]"]!)).Error);
        Assert.Equal("invalid_grant", (await emulator.JsonAsync("GET", $"{Server}?grant_type=refresh_token&{Keys}&refresh_token={form["auth[refresh_token]"]}"))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Plan_that_ended_ends_the_tokens_too()
    {
        await using var emulator = await Running.StartAsync();
        var code = await CodeAsync(emulator);
        await emulator.AccountAsync("bitrix24", """{"paid":false}""", "acme.bitrix24.ru");
        Assert.Equal("PAYMENT_REQUIRED", (await TradeAsync(emulator, code))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Scope_of_the_application_decides()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("bitrix24", """{"application":{"client_id":"demo-b24-client-id","scopes":"user"}}""");
        var access = (await TradeAsync(emulator, await CodeAsync(emulator)))["access_token"]!.GetValue<string>();
        Assert.Equal((HttpStatusCode.Unauthorized, "insufficient_scope"), await CallAsync(emulator, access, "crm.deal.list"));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(emulator, access, "user.get")).Status);
    }
}
