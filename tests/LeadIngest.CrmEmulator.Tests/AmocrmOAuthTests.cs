using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmOAuthTests
{
    private const string Keys = "\"client_id\":\"demo-client-id\",\"client_secret\":\"demo-client-secret\",\"redirect_uri\":\"https://example.org/oauth\"";

    private static async Task<(HttpStatusCode Status, JsonNode Body)> TradeAsync(Running emulator, string fields, string host = "acme.amocrm.ru", string keys = Keys)
    {
        var (status, text, _) = await emulator.SendAsync("POST", $"amocrm@{host}/oauth2/access_token", $"{{{keys},{fields}}}");
        return (status, JsonNode.Parse(text)!);
    }

    private static Task<(HttpStatusCode Status, JsonNode Body)> TradeCodeAsync(Running emulator, string code, string host = "acme.amocrm.ru") =>
        TradeAsync(emulator, $"\"grant_type\":\"authorization_code\",\"code\":\"{code}\"", host);

    private static Task<(HttpStatusCode Status, JsonNode Body)> RefreshAsync(Running emulator, string token, string host = "acme.amocrm.ru") =>
        TradeAsync(emulator, $"\"grant_type\":\"refresh_token\",\"refresh_token\":\"{token}\"", host);

    private static async Task<string> CodeAsync(Running emulator, string account = "acme.amocrm.ru")
    {
        var (status, _, location) = await emulator.SendAsync("GET", $"amocrm@www.amocrm.ru/oauth?client_id=demo-client-id&state=s%201&account={account}&decision=allow");
        Assert.Equal(HttpStatusCode.Redirect, status);
        return HttpUtility.ParseQueryString(new Uri(location!).Query)["code"]!;
    }

    private static string Hint((HttpStatusCode Status, JsonNode Body) answer) => $"{(int)answer.Status} {answer.Body["hint"]}";

    [Fact]
    public async Task Consent_asks_and_sends_the_browser_back_with_code_state_and_account()
    {
        await using var emulator = await Running.StartAsync();
        const string Ask = "amocrm@www.amocrm.ru/oauth?client_id=demo-client-id&state=s%201&mode=popup";
        var (status, page, _) = await emulator.SendAsync("GET", Ask);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("name=\"decision\" value=\"allow\"", page, StringComparison.Ordinal);
        var (_, _, location) = await emulator.SendAsync("GET", Ask + "&account=acme.kommo.com&decision=allow");
        var answer = HttpUtility.ParseQueryString(new Uri(location!).Query);
        Assert.StartsWith("https://example.org/oauth?code=", location, StringComparison.Ordinal);
        Assert.Equal(("acme.kommo.com", "s 1", "2"), (answer["referer"], answer["state"], answer["platform"]));
        var (_, _, refused) = await emulator.SendAsync("GET", Ask + "&decision=deny");
        Assert.Equal("https://example.org/oauth?error=access_denied&state=s%201", refused);
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.SendAsync("GET", "amocrm/oauth?client_id=stranger")).Status);
    }

    [Fact]
    public async Task Logins_of_each_account_are_counted()
    {
        await using var emulator = await Running.StartAsync();
        async Task<(int Codes, int Refreshes, int Refused, int Reused)> CountsAsync(string account)
        {
            var counts = await emulator.JsonAsync("GET", "_logins/amocrm?account=" + account);
            int Of(string name) => counts[name]!.GetValue<int>();
            return (Of("codes"), Of("refreshes"), Of("refused"), Of("reused"));
        }
        var first = (await TradeCodeAsync(emulator, await CodeAsync(emulator))).Body["refresh_token"]!.GetValue<string>();
        var second = (await RefreshAsync(emulator, first)).Body;
        await RefreshAsync(emulator, first);
        Assert.Equal((1, 1, 1, 0), await CountsAsync("acme.amocrm.ru"));
        // The answer had arrived after all: its token is in use.
        for (var i = 0; i < 2; i++)
            await emulator.SendAsync("GET", "amocrm@acme.amocrm.ru/api/v4/leads", token: second["access_token"]!.GetValue<string>());
        Assert.Equal((1, 1, 1, 1), await CountsAsync("acme.amocrm.ru"));
        await RefreshAsync(emulator, first);
        Assert.Equal((1, 1, 2, 2), await CountsAsync("acme.amocrm.ru"));
        Assert.Equal((0, 0, 0, 0), await CountsAsync("emulator.amocrm.ru"));
    }

    [Fact]
    public async Task Consent_can_answer_at_once()
    {
        await using var emulator = await Running.StartAsync(o => o.Amocrm.Consent = "allow");
        var (status, _, location) = await emulator.SendAsync("GET", "amocrm/oauth?client_id=demo-client-id", host: "acme.amocrm.ru");
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Contains("referer=acme.amocrm.ru&platform=1", location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_works_once_within_twenty_minutes_and_only_at_its_account()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        var code = await CodeAsync(emulator);
        Assert.Equal("400 Invalid account", Hint(await TradeCodeAsync(emulator, code, "other.amocrm.ru")));
        var (status, pair) = await TradeCodeAsync(emulator, code);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(86_400, pair["expires_in"]!.GetValue<int>());
        Assert.Equal("400 Authorization code has been revoked", Hint(await TradeCodeAsync(emulator, code)));
        Assert.Equal("400 Cannot decrypt the authorization code", Hint(await TradeCodeAsync(emulator, "x")));
        var late = await CodeAsync(emulator);
        clock.Move(TimeSpan.FromMinutes(20));
        Assert.Equal("400 Authorization code has expired", Hint(await TradeCodeAsync(emulator, late)));
    }

    [Fact]
    public async Task Access_lives_a_day_and_every_refresh_gives_a_new_pair()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        var (_, first) = await TradeCodeAsync(emulator, await CodeAsync(emulator));
        Task<(HttpStatusCode Status, string, string?)> CallAsync(JsonNode pair, string host = "acme.amocrm.ru") =>
            emulator.SendAsync("GET", $"amocrm@{host}/api/v4/account", token: pair["access_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(first, "other.amocrm.ru")).Status);
        await emulator.SendAsync("POST", "_clock", """{"seconds":86400}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(first)).Status);
        var (_, second) = await RefreshAsync(emulator, first["refresh_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(second)).Status);
        Assert.Equal("401 Token has been revoked", Hint(await RefreshAsync(emulator, first["refresh_token"]!.GetValue<string>())));
        Assert.Equal("401 Cannot decrypt the refresh token", Hint(await RefreshAsync(emulator, "x")));
        await emulator.SendAsync("POST", "_clock", """{"seconds":7776000}""");
        Assert.Equal("401 Token has been revoked", Hint(await RefreshAsync(emulator, second["refresh_token"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Of_many_refreshes_at_once_exactly_one_succeeds()
    {
        await using var emulator = await Running.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefreshAsync(emulator, "demo-refresh-token")));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal("401 Token has been revoked", Hint(a)));
    }

    [Fact]
    public async Task Used_refresh_token_can_have_a_grace()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        await emulator.AccountAsync("amocrm", """{"refresh_grace_seconds":60}""", "acme.amocrm.ru");
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(emulator, "demo-refresh-token")).Status);
        clock.Move(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(emulator, "demo-refresh-token")).Status);
        clock.Move(TimeSpan.FromSeconds(1));
        Assert.Equal("401 Token has been revoked", Hint(await RefreshAsync(emulator, "demo-refresh-token")));
    }

    [Fact]
    public async Task Access_token_tells_its_account_and_shard()
    {
        await using var emulator = await Running.StartAsync();
        var (_, pair) = await TradeCodeAsync(emulator, await CodeAsync(emulator));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(pair["access_token"]!.GetValue<string>().Split('.')[1]))!;
        var account = await emulator.JsonAsync("GET", "amocrm@acme.amocrm.ru/api/v4/account", token: pair["access_token"]!.GetValue<string>());
        Assert.Equal(account["id"]!.GetValue<long>(), claims["account_id"]!.GetValue<long>());
        Assert.Equal(("api-b.amocrm.ru", "amocrm.ru"), (claims["api_domain"]!.GetValue<string>(), claims["base_domain"]!.GetValue<string>()));
        Assert.Contains("crm", ((JsonArray)claims["scopes"]!).Select(s => s!.GetValue<string>()));
        await emulator.AccountAsync("amocrm", """{"api_domain":""}""", "old.amocrm.ru");
        var (_, old) = await RefreshAsync(emulator, "demo-refresh-token", "old.amocrm.ru");
        Assert.Null(JsonNode.Parse(Base64Url.DecodeFromChars(old["access_token"]!.GetValue<string>().Split('.')[1]))!["api_domain"]);
    }

    [Theory]
    [InlineData("""{"client_id":"x"}""", "400 Check the `client_id` parameter")]
    [InlineData("""{"client_secret":"x"}""", "400 Check the `client_secret` parameter")]
    [InlineData("""{"redirect_uri":"https://example.org/oauth/"}""", "400 Redirect URI is not associated with client")]
    [InlineData("""{"grant_type":"password"}""", "400 Check the `grant_type` parameter")]
    public async Task Wrong_keys_are_told_by_a_hint(string change, string expected)
    {
        await using var emulator = await Running.StartAsync();
        var body = (JsonObject)JsonNode.Parse($"{{{Keys},\"grant_type\":\"refresh_token\",\"refresh_token\":\"demo-refresh-token\"}}")!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(change)!)
            body[name] = value!.DeepClone();
        var (status, text, _) = await emulator.SendAsync("POST", "amocrm/oauth2/access_token", body.ToJsonString());
        Assert.Equal(expected, Hint((status, JsonNode.Parse(text)!)));
    }

    [Fact]
    public async Task Rotated_secret_can_also_be_401_without_a_hint()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"client_error_hint":false,"integration":{"client_secret":"rotated"}}""", "acme.amocrm.ru");
        var (status, body) = await RefreshAsync(emulator, "demo-refresh-token");
        Assert.Equal((HttpStatusCode.Unauthorized, null), (status, body["hint"]));
    }

    [Fact]
    public async Task One_class_of_refusal_can_have_either_status()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"token_error_status":400}""", "acme.amocrm.ru");
        Assert.Equal("400 Cannot decrypt the refresh token", Hint(await RefreshAsync(emulator, "x")));
        await emulator.AccountAsync("amocrm", """{"token_error_status":401}""", "acme.amocrm.ru");
        Assert.Equal("401 Cannot decrypt the authorization code", Hint(await TradeCodeAsync(emulator, "x")));
    }

    [Theory]
    [InlineData(404, HttpStatusCode.NotFound)]
    [InlineData(401, HttpStatusCode.Unauthorized)]
    public async Task Renamed_account_leaves_its_old_host_and_is_found_by_its_refresh_token(int old, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        var (_, pair) = await TradeCodeAsync(emulator, await CodeAsync(emulator));
        var access = pair["access_token"]!.GetValue<string>();
        await emulator.SendAsync("POST", "amocrm@acme.amocrm.ru/api/v4/leads", """[{"name":"A"}]""", access);
        await emulator.AccountAsync("amocrm", $$"""{"rename":"acme2.amocrm.ru","old_host":{{old}}}""", "acme.amocrm.ru");
        Assert.Equal(expected, (await emulator.SendAsync("GET", "amocrm@acme.amocrm.ru/api/v4/leads", token: access)).Status);
        Assert.Equal(expected, (await emulator.SendAsync("POST", "amocrm@acme.amocrm.ru/oauth2/access_token", "{}")).Status);
        using var ask = new HttpRequestMessage(HttpMethod.Get, "amocrm@api-b.amocrm.ru/oauth2/account/current/subdomain");
        ask.Headers.Add("X-Refresh-Token", pair["refresh_token"]!.GetValue<string>());
        using var told = await emulator.Http.SendAsync(ask);
        var where = JsonNode.Parse(await told.Content.ReadAsStringAsync())!;
        Assert.Equal(("acme2", "acme2.amocrm.ru"), (where["subdomain"]!.GetValue<string>(), where["domain"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync("GET", "amocrm@acme2.amocrm.ru/api/v4/leads", token: access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(emulator, pair["refresh_token"]!.GetValue<string>(), "acme2.amocrm.ru")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await emulator.SendAsync("GET", "amocrm@api-b.amocrm.ru/oauth2/account/current/subdomain")).Status);
    }

    [Fact]
    public async Task Integration_switched_off_loses_its_tokens_and_is_told_with_a_signature()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync(o => o.Amocrm.DisconnectUri = receiver.Url);
        var (_, pair) = await TradeCodeAsync(emulator, await CodeAsync(emulator));
        var id = (await emulator.JsonAsync("GET", "_account/amocrm?account=acme.amocrm.ru"))["id"]!.GetValue<long>();
        await emulator.AccountAsync("amocrm", """{"uninstall":"demo-client-id"}""", "acme.amocrm.ru");
        Assert.Equal(HttpStatusCode.Unauthorized, (await emulator.SendAsync("GET", "amocrm@acme.amocrm.ru/api/v4/account", token: pair["access_token"]!.GetValue<string>())).Status);
        Assert.Equal("401 Token has been revoked", Hint(await RefreshAsync(emulator, pair["refresh_token"]!.GetValue<string>())));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData("demo-client-secret"u8, Encoding.UTF8.GetBytes($"demo-client-id|{id}")));
        Assert.Equal($"?account_id={id}&client_uuid=demo-client-id&signature={signature}", await receiver.NextAsync());
    }
}
