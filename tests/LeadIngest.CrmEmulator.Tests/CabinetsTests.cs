using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class CabinetsTests
{
    private const string Rows = """
        [{"day":"2026-09-20","campaignId":81234567,"campaign":"Поиск","groupId":5001,"group":"Внедрение","keyword":"crm","impressions":100,"clicks":7,"cost":122.00},
         {"day":"2026-09-20","campaignId":81234567,"campaign":"Поиск","groupId":5001,"group":"Внедрение","keyword":"crm цена","impressions":50,"clicks":1,"cost":6.10},
         {"day":"2026-09-19","campaignId":81234570,"campaign":"Мастер кампаний","clicks":2,"cost":10}]
        """;

    [Fact]
    public async Task A_report_has_its_title_columns_rows_and_number_and_each_can_be_left_out()
    {
        await using var emulator = await StartAsync();
        var whole = await AskAsync(emulator, "a", "2026-09-19", "2026-09-20");
        Assert.Equal((HttpStatusCode.OK, "\"a (2026-09-19 - 2026-09-20)\"\nDate\tCampaignId\tCampaignName\tAdGroupId\tCost\n2026-09-20\t81234567\tПоиск\t5001\t128100000\n2026-09-19\t81234570\tМастер кампаний\t--\t10000000\nTotal rows: 2\n"), (whole.Status, whole.Text));
        var bare = await AskAsync(emulator, "a", "2026-09-19", "2026-09-20", headers: [("skipReportHeader", "true"), ("skipColumnHeader", "true"), ("skipReportSummary", "true"), ("returnMoneyInMicros", "false")]);
        Assert.Equal("2026-09-20\t81234567\tПоиск\t5001\t128.10\n2026-09-19\t81234570\tМастер кампаний\t--\t10.00\n", bare.Text);
    }

    [Fact]
    public async Task Without_VAT_the_amount_is_less_by_the_rate_of_the_day()
    {
        await using var emulator = await StartAsync();
        Assert.Contains("\t105.00\n", (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20", vat: "NO", headers: [("returnMoneyInMicros", "false")])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_in_the_queue_becomes_ready_under_its_name_and_the_name_means_one_report()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAsync("POST", "_faults/yandex-direct", """{"kind":"offline","times":2,"retryIn":7}""");
        var first = await AskAsync(emulator, "a", "2026-09-20", "2026-09-20");
        Assert.Equal((HttpStatusCode.Created, "7", "1"), (first.Status, first.RetryIn, first.InQueue));
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Status);
        Assert.Contains("4000", (await AskAsync(emulator, "a", "2026-09-19", "2026-09-20")).Text, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Created, (await AskAsync(emulator, $"q{i}", "2026-09-20", "2026-09-20")).Status);
        Assert.Contains("9000", (await AskAsync(emulator, "q5", "2026-09-20", "2026-09-20")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"bad_token"}""", 400, "\"53\"")]
    [InlineData("""{"kind":"points"}""", 400, "\"152\"")]
    [InlineData("""{"kind":"error","code":506}""", 400, "\"506\"")]
    [InlineData("""{"kind":"status","status":502}""", 502, "")]
    public async Task Faults_hit_as_often_as_they_are_told(string fault, int status, string words)
    {
        await using var emulator = await StartAsync();
        await emulator.SendAsync("POST", "_faults/yandex-direct", fault.Replace("}", ",\"times\":1}", StringComparison.Ordinal));
        var hit = await AskAsync(emulator, "a", "2026-09-20", "2026-09-20");
        Assert.Equal(status, (int)hit.Status);
        Assert.Contains(words, hit.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Status);
    }

    [Fact]
    public async Task Twenty_requests_in_ten_seconds_are_the_limit()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Status);
        Assert.Contains("\"56\"", (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Text, StringComparison.Ordinal);
        clock.Move(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(emulator, "a", "2026-09-20", "2026-09-20")).Status);
    }

    [Fact]
    public async Task A_restated_day_is_told_anew()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAsync("POST", "_seed/yandex-direct", """{"account":"okna","mode":"days","rows":[{"day":"2026-09-20","campaignId":81234567,"cost":1}]}""");
        var rows = (JsonArray)await emulator.JsonAsync("GET", "_state/yandex-direct/rows?account=okna");
        Assert.Equal([1m, 10m], rows.Select(r => r!["cost"]!.GetValue<decimal>()).Order());
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.SendAsync("POST", "_seed/yandex-direct", """{"rows":[{"day":"tomorrow"}]}""")).Status);
    }

    [Fact]
    public async Task Tokens_of_a_client_are_few_and_serve_lists_and_statistics()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAsync("POST", "_seed/vk-ads", $$"""{"account":"client","mode":"all","rows":{{Rows}}}""");
        var token = await GrantAsync(emulator, "client");
        var groups = JsonNode.Parse((await emulator.SendAsync("GET", "vk-ads/api/v2/ad_groups.json?fields=id,name,ad_plan_id&limit=200", token: token)).Text)!;
        Assert.Equal((1, 5001L, 81234567L), (groups["count"]!.GetValue<int>(), groups["items"]![0]!["id"]!.GetValue<long>(), groups["items"]![0]!["ad_plan_id"]!.GetValue<long>()));
        var days = JsonNode.Parse((await emulator.SendAsync("GET", "vk-ads/api/v2/statistics/ad_groups/day.json?id=5001&date_from=2026-09-19&date_to=2026-09-20&metrics=base", token: token)).Text)!["items"]![0]!["rows"]!.AsArray();
        Assert.Equal(["2026-09-19 0.00", "2026-09-20 128.10"], days.Select(d => $"{d!["date"]} {d["base"]!["spent"]}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.SendAsync("GET", $"vk-ads/api/v2/statistics/ad_groups/day.json?id={string.Join(',', Enumerable.Range(1, 201))}&date_from=2026-09-19&date_to=2026-09-20", token: token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await emulator.SendAsync("GET", "vk-ads/api/v2/ad_plans.json", token: "wrong")).Status);
        for (var i = 0; i < 4; i++)
            await GrantAsync(emulator, "client");
        Assert.Contains("token_limit_exceeded", (await TokenAsync(emulator, "client")).Text, StringComparison.Ordinal);
        await emulator.SendAsync("POST", "_clock", """{"seconds":86401}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await emulator.SendAsync("GET", "vk-ads/api/v2/ad_plans.json", token: token)).Status);
        await GrantAsync(emulator, "client");
    }

    [Theory]
    [InlineData("yandex-direct")]
    [InlineData("vk-ads")]
    public async Task The_standard_cabinet_has_spent_something_on_each_of_the_last_sixty_days(string kind)
    {
        await using var emulator = await StartAsync();
        var rows = (JsonArray)await emulator.JsonAsync("GET", $"_state/{kind}/rows");
        Assert.Equal(60, rows.Select(r => r!["day"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal("2026-09-21", rows.Max(r => r!["day"]!.GetValue<string>()));
        Assert.All(rows, r => Assert.True(r!["cost"]!.GetValue<decimal>() > 0));
    }

    private static async Task<Running> StartAsync()
    {
        var emulator = await Running.StartAsync(o => o.Clock = new StoppedClock());
        await emulator.SendAsync("POST", "_seed/yandex-direct", $$"""{"account":"okna","mode":"all","rows":{{Rows}}}""");
        return emulator;
    }

    private static async Task<(HttpStatusCode Status, string Text, string? RetryIn, string? InQueue)> AskAsync(Running emulator, string name, string from, string to, string vat = "YES", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "yandex-direct/json/v5/reports")
        {
            Content = new StringContent($$$"""
                {"params":{"SelectionCriteria":{"DateFrom":"{{{from}}}","DateTo":"{{{to}}}"},"FieldNames":["Date","CampaignId","CampaignName","AdGroupId","Cost"],"ReportName":"{{{name}}}",
                 "ReportType":"ADGROUP_PERFORMANCE_REPORT","DateRangeType":"CUSTOM_DATE","Format":"TSV","IncludeVAT":"{{{vat}}}","IncludeDiscount":"NO"}}
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", "demo-direct-token");
        request.Headers.Add("Client-Login", "okna");
        foreach (var (header, value) in headers)
            request.Headers.Add(header, value);
        using var response = await emulator.Http.SendAsync(request);
        string? Header(string header) => response.Headers.TryGetValues(header, out var values) ? values.Single() : null;
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), Header("retryIn"), Header("reportsInQueue"));
    }

    private static Task<(HttpStatusCode Status, string Text, string? Location)> TokenAsync(Running emulator, string client) => emulator.SendAsync("POST", "vk-ads/api/v2/oauth2/token.json",
        $"grant_type=client_credentials&client_id={client}&client_secret=demo-vk-secret", token: null, type: "application/x-www-form-urlencoded");

    private static async Task<string> GrantAsync(Running emulator, string client) => JsonNode.Parse((await TokenAsync(emulator, client)).Text)!["access_token"]!.GetValue<string>();
}
