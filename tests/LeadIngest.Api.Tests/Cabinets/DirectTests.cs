using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Cabinets;

public class DirectTests(CabinetsFixture api) : IClassFixture<CabinetsFixture>
{
    private static readonly DateOnly Yesterday = CabinetsFixture.Today.AddDays(-1);

    [Fact]
    public async Task A_new_cabinet_is_loaded_from_its_first_day_to_yesterday_month_by_month()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var first = new DateOnly(Yesterday.Year, Yesterday.Month, 1).AddMonths(-2).AddDays(9);
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(first, 81234567, 100.05m, group: 5001, keyword: "crm цена -бесплатно"), CabinetsFixture.Row(first, 81234567, 7m, group: 5001, keyword: "crm цена -дёшево"),
            CabinetsFixture.Row(Yesterday, 81234568, 50m), CabinetsFixture.Row(CabinetsFixture.Today, 81234568, 1m));

        var account = await api.LoadedAsync(project, await api.ConnectAsync(project, "yandex_direct", login, first));

        // Minus words are no part of what people see; what becomes one keyword is added up. A campaign of the wizard has no groups.
        Assert.Equal([$"{first:yyyy-MM-dd} 81234567/5001 crm цена 107.05", $"{Yesterday:yyyy-MM-dd} 81234568 50"], await api.CountingAsync(project));
        var asked = await api.AskedAsync("yandex-direct", login);
        var months = ((Yesterday.Year - first.Year) * 12) + Yesterday.Month - first.Month + 1;
        Assert.Equal(months, asked.Length);
        Assert.Contains($"to={Yesterday:yyyy-MM-dd}", asked[0], StringComparison.Ordinal);
        Assert.Contains($"from={first:yyyy-MM-dd}", asked[^1], StringComparison.Ordinal);
        var cabinet = account.GetProperty("cabinet");
        Assert.Equal((true, "active", CabinetsFixture.Day(Yesterday), JsonValueKind.Null), (cabinet.GetProperty("hasCredentials").GetBoolean(), cabinet.Text("state"), cabinet.Text("loadedTo"), cabinet.GetProperty("lastError").ValueKind));
        Assert.Equal(("yandex", "cpc"), (account.Text("source"), account.Text("medium")));
        Assert.DoesNotContain("demo-direct-token", account.ToString(), StringComparison.Ordinal);
        var import = (await api.ReadAsync(project, "/v1/spend/imports")).GetProperty("items")[0];
        Assert.Equal("yandex_direct", import.Text("origin"));
        Assert.Equal(0, await api.CountAsync("select count(*) from spend where project_id = @P and (source <> 'yandex' or medium <> 'cpc')", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_report_from_the_queue_is_asked_for_by_the_same_name_until_it_is_there()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 10m));
        await api.FaultAsync("yandex-direct", new { kind = "offline", account = login, times = 3, retryIn = 1 });

        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        var waiting = await api.UntilAsync(project, id, a => a.GetProperty("cabinet").GetProperty("loads")[0].GetProperty("note").ValueKind == JsonValueKind.String);
        Assert.Contains("Yandex Direct", waiting.GetProperty("cabinet").GetProperty("loads")[0].Text("note"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("cabinet").GetProperty("lastError").ValueKind);
        await api.LoadedAsync(project, id);

        var asked = await api.AskedAsync("yandex-direct", login);
        Assert.Equal(["201", "202", "202", "200"], asked.Select(a => a[..3]));
        Assert.Single(asked.Select(a => a[4..]).Distinct());
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 10"], await api.CountingAsync(project));
    }

    [Fact]
    public async Task The_pause_that_the_vendor_asks_for_is_kept()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.FaultAsync("yandex-direct", new { kind = "offline", account = login, times = 1, retryIn = 2 });
        await api.LoadedAsync(project, await api.ConnectAsync(project, "yandex_direct", login, Yesterday));
        var log = JsonSerializer.Deserialize<JsonElement>(await api.Vendor.GetStringAsync($"/_requests/yandex-direct?account={login}")).GetProperty("requests");
        Assert.Equal(2, log.GetArrayLength());
        Assert.InRange((log[1].GetProperty("at").GetDateTimeOffset() - log[0].GetProperty("at").GetDateTimeOffset()).TotalSeconds, 1.9, 30);
    }

    [Fact]
    public async Task Loaded_twice_counts_once_and_what_the_vendor_restates_is_taken_back()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var day = Yesterday.AddDays(-2);
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(day, 81234567, 100m), CabinetsFixture.Row(day, 81234568, 40m), CabinetsFixture.Row(Yesterday, 81234567, 5m));
        var id = await api.ConnectAsync(project, "yandex_direct", login, day);
        await api.LoadedAsync(project, id);
        var before = await api.CountingAsync(project);

        await api.LoadAsync(project, id, day, Yesterday);
        Assert.Equal(before, await api.CountingAsync(project));
        // What was told before of the same days is not kept.
        Assert.Equal(3, await api.CountAsync("select count(*) from spend where project_id = @P", new { P = project.ProjectId }));

        // Clicks down, money returned, and one campaign is not on the day any more: it cost nothing.
        await api.SpendAsync("yandex-direct", login, "days", CabinetsFixture.Row(day, 81234567, 93.5m, clicks: 8));
        await api.LoadAsync(project, id, day, day);
        Assert.Equal([$"{day:yyyy-MM-dd} 81234567 93.5", $"{Yesterday:yyyy-MM-dd} 81234567 5"], await api.CountingAsync(project));
        Assert.Equal(98.5m, (await api.ReadAsync(project, "/v1/spend/summary")).GetProperty("total").GetProperty("money").GetDecimal());
    }

    [Fact]
    public async Task The_daily_load_restates_a_week_and_comes_once()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        await api.LoadedAsync(project, id);
        await api.SpendAsync("yandex-direct", login, "add", CabinetsFixture.Row(Yesterday.AddDays(-6), 81234567, 3m), CabinetsFixture.Row(Yesterday.AddDays(-7), 81234567, 1m), CabinetsFixture.Row(Yesterday, 81234567, 4m));
        await api.ExecuteAsync("update spend_cabinets set schedule_at = now() where account_id = @id", new { id });

        var account = await api.UntilAsync(project, id, a => a.GetProperty("cabinet").GetProperty("loads").EnumerateArray().Any(l => l.Text("reason") == "daily" && l.Text("state") == "done"));

        Assert.Equal([$"{Yesterday.AddDays(-6):yyyy-MM-dd} 81234567 3", $"{Yesterday:yyyy-MM-dd} 81234567 4"], await api.CountingAsync(project));
        var next = account.GetProperty("cabinet").GetProperty("nextAttemptAt").GetDateTimeOffset();
        Assert.InRange(next, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddHours(24.1));
        Assert.Equal(6, next.ToOffset(TimeSpan.FromHours(3)).Hour);
        Assert.Single(account.GetProperty("cabinet").GetProperty("loads").EnumerateArray(), l => l.Text("reason") == "daily");
    }

    [Fact]
    public async Task Amounts_come_with_VAT_or_without_as_the_account_says()
    {
        var (net, gross, login) = (await api.CreateProjectAsync(), await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 122m));
        await api.LoadedAsync(net, await api.ConnectAsync(net, "yandex_direct", login, Yesterday, vatIncluded: false));
        await api.LoadedAsync(gross, await api.ConnectAsync(gross, "yandex_direct", login, Yesterday));
        var rate = Yesterday.Year < 2026 ? 20 : 22;
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 {FormattableString.Invariant($"{decimal.Round(12200m / (100 + rate), 2):0.##}")}"], await api.CountingAsync(net));
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 122"], await api.CountingAsync(gross));
        // The project counts gross: both are the same money.
        foreach (var project in new[] { net, gross })
            Assert.Equal(122m, (await api.ReadAsync(project, "/v1/spend/summary")).GetProperty("total").GetProperty("money").GetDecimal(), 1);
    }

    [Fact]
    public async Task Millionths_are_told_from_roubles()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 15.25m), CabinetsFixture.Row(Yesterday, 81234568, 20m));
        await api.FaultAsync("yandex-direct", new { kind = "micros", account = login });
        await api.LoadedAsync(project, await api.ConnectAsync(project, "yandex_direct", login, Yesterday));
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 15.25", $"{Yesterday:yyyy-MM-dd} 81234568 20"], await api.CountingAsync(project));
    }

    [Theory]
    [InlineData("points", 0, 400, "points")]
    [InlineData("error", 1002, 400, "1002")]
    [InlineData("error", 9000, 400, "reports")]
    [InlineData("error", 506, 400, "connections")]
    [InlineData("short", 0, 200, "rows came of")]
    [InlineData("status", 0, 418, "418")]
    public async Task What_passes_by_itself_is_told_in_words_and_tried_again(string kind, int code, int status, string words)
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 1m));
        await api.FaultAsync("yandex-direct", new { kind, account = login, code, status });
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        var cabinet = (await api.UntilAsync(project, id, a => a.GetProperty("cabinet").GetProperty("lastError").ValueKind == JsonValueKind.String)).GetProperty("cabinet");
        Assert.Contains(words, cabinet.Text("lastError"), StringComparison.Ordinal);
        Assert.Equal(("active", "waiting", 0), (cabinet.Text("state"), cabinet.GetProperty("loads")[0].Text("state"), (await api.CountingAsync(project)).Length));
        var check = await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/check")).JsonAsync();
        Assert.Equal((false, "later"), (check.GetProperty("ok").GetBoolean(), check.Text("verdict")));

        using (await api.Vendor.DeleteAsync("/_faults/yandex-direct"))
        {
            // The vendor's own pause is minutes long.
            await api.ExecuteAsync("update spend_loads set next_at = now() where account_id = @id", new { id });
        }
        await api.LoadedAsync(project, id);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 1"], await api.CountingAsync(project));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_server_that_stumbles_is_asked_again_at_once(int status)
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.FaultAsync("yandex-direct", new { kind = "status", account = login, status, times = 2 });
        await api.LoadedAsync(project, await api.ConnectAsync(project, "yandex_direct", login, Yesterday));
        Assert.Equal([$"{status}", $"{status}", "200"], (await api.AskedAsync("yandex-direct", login)).Select(a => a[..3]));
    }

    [Fact]
    public async Task Too_much_at_once_is_asked_for_in_fewer_days()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        var last = new DateOnly(Yesterday.Year, Yesterday.Month, 1).AddDays(-1);
        var first = last.AddDays(-15);
        await api.SpendAsync("yandex-direct", login, "all", [.. Enumerable.Range(0, 16).Select(i => CabinetsFixture.Row(first.AddDays(i), 81234567, 1m))]);
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        await api.LoadedAsync(project, id);
        await api.FaultAsync("yandex-direct", new { kind = "status", account = login, status = 502, times = 2 });

        await api.LoadAsync(project, id, first, last);

        Assert.Equal(16, (await api.CountingAsync(project)).Length);
        var asked = (await api.AskedAsync("yandex-direct", login))[1..];
        // 16 days are too many, 8 are too; 4 are told, and then more are tried again: 8, and the last 4.
        Assert.Equal(["502", "502", "200", "200", "200"], asked.Select(a => a[..3]));
        Assert.Contains($"from={last.AddDays(-3):yyyy-MM-dd}&to={last:yyyy-MM-dd}", asked[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_token_stops_the_cabinet_until_a_person_has_given_a_good_one()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.SpendAsync("yandex-direct", login, "all", CabinetsFixture.Row(Yesterday, 81234567, 1m));
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday, token: "wrong-direct-token");
        var stopped = (await api.UntilAsync(project, id, a => a.GetProperty("cabinet").Text("state") == "needs_reauth")).GetProperty("cabinet");
        Assert.Contains("token", stopped.Text("lastError"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("nextAttemptAt").ValueKind);
        var check = await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/check")).JsonAsync();
        Assert.Equal((false, "login"), (check.GetProperty("ok").GetBoolean(), check.Text("verdict")));
        Assert.Contains("token", check.Text("words"), StringComparison.Ordinal);
        var metrics = await api.UntilMetricAsync("leadingest_spend_cabinets_stopped_total{kind=\"yandex_direct\"}");
        Assert.True(metrics >= 1);

        await (await api.SendAsync(project, HttpMethod.Put, $"/v1/spend/accounts/{id}", api.Body("yandex_direct", login, Yesterday))).JsonAsync();
        await api.LoadedAsync(project, id);
        Assert.Equal([$"{Yesterday:yyyy-MM-dd} 81234567 1"], await api.CountingAsync(project));
        Assert.True((await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/check")).JsonAsync()).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_check_that_succeeds_lets_a_stopped_cabinet_go_on()
    {
        var (project, login) = (await api.CreateProjectAsync(), CabinetsFixture.NewLogin());
        await api.FaultAsync("yandex-direct", new { kind = "error", account = login, code = 8800, times = 1 });
        var id = await api.ConnectAsync(project, "yandex_direct", login, Yesterday);
        var stopped = await api.UntilAsync(project, id, a => a.GetProperty("cabinet").Text("state") == "needs_reauth");
        Assert.Contains("clientLogin", stopped.GetProperty("cabinet").Text("lastError"), StringComparison.Ordinal);
        Assert.True((await (await api.PostAsync(project, $"/v1/spend/accounts/{id}/check")).JsonAsync()).GetProperty("ok").GetBoolean());
        Assert.Equal("active", (await api.LoadedAsync(project, id)).GetProperty("cabinet").Text("state"));
    }
}
