using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class FaultsTests
{
    private const string OneLead = """[{"name":"A"}]""";

    [Theory]
    [InlineData("status_before", 0, HttpStatusCode.InternalServerError)]
    [InlineData("status_after", 1, HttpStatusCode.GatewayTimeout)]
    public async Task Status_comes_before_or_after_the_work(string kind, int leads, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync($$"""{"crm":"amocrm","kind":"{{kind}}"}""");
        var (status, _) = await emulator.AmoAsync("POST", "leads", OneLead);
        Assert.Equal(expected, status);
        Assert.Equal(leads, (await emulator.StateAsync("amocrm", "leads")).Count);
    }

    [Theory]
    [InlineData("drop_before", 0)]
    [InlineData("drop_after", 1)]
    [InlineData("down", 0)]
    public async Task Connection_is_dropped_before_or_after_the_work(string kind, int deals)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync($$"""{"crm":"bitrix24","kind":"{{kind}}"}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}"""));
        Assert.Equal(deals, (await emulator.StateAsync("bitrix24", "deals")).Count);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
    }

    [Fact]
    public async Task Hang_holds_the_request_and_drops_it_with_the_work_done_or_not()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"hang","ms":20}""");
        for (var i = 0; i < 12; i++)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => emulator.AmoAsync("POST", "leads", OneLead));
        Assert.InRange((await emulator.StateAsync("amocrm", "leads")).Count, 1, 11);
    }

    [Fact]
    public async Task Html_is_a_gateways_page_with_the_work_done_or_not()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"kind":"html"}""");
        for (var i = 0; i < 12; i++)
        {
            var (status, _, type) = await emulator.AmoTextAsync("POST", "leads", OneLead);
            Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (status, type));
        }
        Assert.InRange((await emulator.StateAsync("amocrm", "leads")).Count, 1, 11);
    }

    [Fact]
    public async Task Latency_delays_and_answers()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"kind":"latency","ms":150}""");
        var watch = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
        Assert.True(watch.ElapsedMilliseconds >= 140);
    }

    [Fact]
    public async Task Probability_is_per_request()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"kind":"status_before","status":503,"probability":0.5}""");
        var failed = 0;
        for (var i = 0; i < 60; i++)
            failed += (await emulator.AmoAsync("GET", "account")).Status == HttpStatusCode.ServiceUnavailable ? 1 : 0;
        Assert.InRange(failed, 10, 50);
    }

    [Fact]
    public async Task Expired_tokens_are_refused_by_both()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.FaultAsync("""{"kind":"expire_tokens"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await emulator.AmoAsync("GET", "account")).Status);
        Assert.Equal("expired_token", (await emulator.BitrixAsync("profile")).Body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Search_lag_hides_from_searches_but_not_from_reads_by_id()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        await emulator.FaultAsync("""{"kind":"search_lag","ms":5000}""");
        var id = await emulator.AmoLeadAsync("A", "ext-1");
        await emulator.BitrixAsync("crm.lead.add", """{"fields":{"ORIGIN_ID":"k","PHONE":[{"VALUE":"+79161112233"}]}}""");
        async Task<(HttpStatusCode, int, bool)> Look() => (
            (await emulator.AmoAsync("GET", "leads?query=ext-1")).Status,
            (await emulator.BitrixAsync("crm.item.list", """{"entityTypeId":1,"filter":{"=originId":"k"}}""")).Body["total"]!.GetValue<int>(),
            (await emulator.BitrixAsync("crm.duplicate.findbycomm", """{"type":"PHONE","values":["+79161112233"]}""")).Body["result"] is JsonObject);
        Assert.Equal((HttpStatusCode.NoContent, 0, false), await Look());
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", $"leads/{id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.lead.get", """{"id":1}""")).Status);
        clock.Move(TimeSpan.FromSeconds(5));
        Assert.Equal((HttpStatusCode.OK, 1, true), await Look());
    }

    [Fact]
    public async Task Fault_goes_off_by_itself_or_when_cleared()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        await emulator.FaultAsync("""{"kind":"status_before","seconds":10}""");
        Assert.Equal(HttpStatusCode.InternalServerError, (await emulator.AmoAsync("GET", "account")).Status);
        clock.Move(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
        await emulator.FaultAsync("""{"kind":"status_before"}""");
        Assert.Contains("status_before", await emulator.Http.GetStringAsync(new Uri("_faults", UriKind.Relative)), StringComparison.Ordinal);
        using var cleared = await emulator.Http.DeleteAsync(new Uri("_faults", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
    }

    [Theory]
    [InlineData("""{"kind":"nope"}""")]
    [InlineData("""{"kind":"html","probability":2}""")]
    [InlineData("""{"kind":"html","crm":"other"}""")]
    [InlineData("{")]
    public async Task Wrong_fault_is_refused(string json)
    {
        await using var emulator = await Running.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await emulator.FaultAsync(json));
    }
}
