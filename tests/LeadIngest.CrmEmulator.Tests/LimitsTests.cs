using System.Net;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class LimitsTests
{
    [Fact]
    public async Task Eighth_request_within_a_second_is_429_in_three_flavours()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        for (var i = 0; i < 7; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
        var types = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var (status, _, type) = await emulator.AmoTextAsync("GET", "account");
            Assert.Equal(HttpStatusCode.TooManyRequests, status);
            types.Add(type);
        }
        Assert.Equal(["application/problem+json", "text/html", null], types);
        clock.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account")).Status);
    }

    [Fact]
    public async Task Who_does_not_listen_is_locked_out_until_reset()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits, o.Amocrm.BlockAfterViolations) = (clock, true, 5));
        for (var i = 0; i < 12; i++)
            await emulator.AmoTextAsync("GET", "account");
        clock.Move(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.AmoTextAsync("GET", "account")).Status);
        await emulator.ActAsync("amocrm", """{"entity":"account","set":{"blocked":false}}""");
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoTextAsync("GET", "account")).Status);
    }

    [Theory]
    [InlineData("standard", 50, 2)]
    [InlineData("enterprise", 250, 5)]
    public async Task Bucket_overflows_at_the_plans_threshold_and_drains(string plan, int threshold, int drain)
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits, o.Bitrix24.Plan) = (clock, true, plan));
        for (var i = 0; i < threshold; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("server.time")).Status);
        var (status, body) = await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "QUERY_LIMIT_EXCEEDED"), (status, body["error"]!.GetValue<string>()));
        Assert.Empty(await emulator.StateAsync("bitrix24", "deals"));
        clock.Move(TimeSpan.FromSeconds(1));
        for (var i = 0; i < drain; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("server.time")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await emulator.BitrixAsync("server.time")).Status);
    }

    [Fact]
    public async Task Batch_counts_as_one_request()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        for (var i = 0; i < 50; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("batch", """{"cmd":["profile","profile","profile"]}""")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await emulator.BitrixAsync("batch")).Status);
    }

    [Fact]
    public async Task Operating_time_blocks_one_method_and_leaves_the_others()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.Bitrix24.OperatingSecondsPerCall, o.Bitrix24.OperatingLimit) = (clock, 200, 480));
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.list")).Status);
        var (status, body) = await emulator.BitrixAsync("crm.deal.list");
        Assert.Equal((HttpStatusCode.TooManyRequests, "OPERATION_TIME_LIMIT"), (status, body["error"]!.GetValue<string>()));
        var (inner, batch) = await emulator.BitrixAsync("batch", """{"cmd":{"a":"crm.deal.list","b":"crm.lead.list"}}""");
        Assert.Equal(HttpStatusCode.OK, inner);
        Assert.Equal("OPERATION_TIME_LIMIT", batch["result"]!["result_error"]!["a"]!["error"]!.GetValue<string>());
        clock.Move(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.OK, (await emulator.BitrixAsync("crm.deal.list")).Status);
    }

    [Fact]
    public async Task Limits_can_be_switched_while_running()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => (o.Clock, o.RateLimits) = (clock, true));
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"rate_limit","probability":0}""");
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await emulator.AmoTextAsync("GET", "account")).Status);
        await emulator.FaultAsync("""{"crm":"amocrm","kind":"rate_limit","probability":1}""");
        for (var i = 0; i < 7; i++)
            await emulator.AmoTextAsync("GET", "account");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await emulator.AmoTextAsync("GET", "account")).Status);
    }
}
