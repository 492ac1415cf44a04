using LeadIngest.Crm.Http;
using static LeadIngest.Crm.Tests.ScriptedCrm;

namespace LeadIngest.Crm.Tests;

public class PipelineTests
{
    private readonly StandingClock _clock = new();

    [Fact]
    public async Task A_create_of_unknown_outcome_is_not_repeated()
    {
        var crm = new ScriptedCrm(() => Json(502, "{}"));
        Assert.IsType<CallEnd.Unknown>(await Pipeline(crm).SendAsync(Write, new Guard(), default));
        Assert.Single(crm.Requests);
    }

    [Fact]
    public async Task A_read_is_repeated_twice_at_most()
    {
        var crm = new ScriptedCrm(_ => Json(502, "{}"));
        Assert.IsType<CallEnd.Unknown>(await Pipeline(crm).SendAsync(Read, new Guard(), default));
        Assert.Equal(3, crm.Requests.Count);
    }

    [Fact]
    public async Task A_create_that_was_certainly_not_done_is_repeated()
    {
        var crm = new ScriptedCrm(() => Json(429, "{\"retry_after\":0.01}"), () => Json(200, "[]"));
        Assert.IsType<CallEnd.Ok>(await Pipeline(crm).SendAsync(Write, new Guard(), default));
        Assert.Equal(2, crm.Requests.Count);
    }

    [Fact]
    public async Task A_long_pause_is_left_to_the_schedule_and_binds_the_next_call_too()
    {
        var crm = new ScriptedCrm(() => Json(429, "{\"retry_after\":300}"));
        var pipeline = Pipeline(crm);
        var first = Assert.IsType<CallEnd.NotExecuted>(await pipeline.SendAsync(Write, new Guard(), default));
        var second = Assert.IsType<CallEnd.NotExecuted>(await pipeline.SendAsync(Write, new Guard(), default));
        Assert.Equal(300, first.After!.Value.TotalSeconds);
        Assert.Equal(300, second.After!.Value.TotalSeconds, tolerance: 0.1);
        Assert.Single(crm.Requests);
    }

    [Fact]
    public async Task Five_failures_in_a_row_hold_the_calls_back_and_one_probe_lets_them_through_again()
    {
        var ill = true;
        var crm = new ScriptedCrm(_ => Json(ill ? 500 : 200, "[]"));
        var pipeline = Pipeline(crm);
        for (var i = 0; i < 5; i++)
        {
            await pipeline.SendAsync(Write, new Guard(), default);
        }

        Assert.True(pipeline.Health.BreakerOpen);
        var held = Assert.IsType<CallEnd.NotExecuted>(await pipeline.SendAsync(Write, new Guard(), default));
        Assert.Equal(TimeSpan.FromSeconds(30), held.After);
        Assert.Equal(5, crm.Requests.Count);

        _clock.Advance(TimeSpan.FromSeconds(31));
        await pipeline.SendAsync(Write, new Guard(), default);
        held = Assert.IsType<CallEnd.NotExecuted>(await pipeline.SendAsync(Write, new Guard(), default));
        Assert.Equal(TimeSpan.FromSeconds(60), held.After);
        Assert.Equal(6, crm.Requests.Count);

        _clock.Advance(TimeSpan.FromSeconds(61));
        ill = false;
        Assert.IsType<CallEnd.Ok>(await pipeline.SendAsync(Write, new Guard(), default));
        Assert.False(pipeline.Health.BreakerOpen);
        Assert.Null(pipeline.Health.LastError);
    }

    [Fact]
    public async Task Half_of_the_calls_failing_does_not_hold_the_rest_back()
    {
        var count = 0;
        var crm = new ScriptedCrm(_ => Json(count++ % 2 == 0 ? 200 : 500, "[]"));
        var pipeline = Pipeline(crm);
        for (var i = 0; i < 60; i++)
        {
            await pipeline.SendAsync(Write, new Guard(), default);
        }

        Assert.False(pipeline.Health.BreakerOpen);
    }

    [Fact]
    public async Task Three_of_four_calls_failing_holds_the_calls_back_too()
    {
        var count = 0;
        var crm = new ScriptedCrm(_ => Json(count++ % 4 == 0 ? 200 : 500, "[]"));
        var pipeline = Pipeline(crm);
        for (var i = 0; i < 20; i++)
        {
            Assert.False(pipeline.Health.BreakerOpen);
            await pipeline.SendAsync(Write, new Guard(), default);
        }

        Assert.True(pipeline.Health.BreakerOpen);
    }

    [Fact]
    public async Task Refusals_and_rate_answers_do_not_open_the_breaker()
    {
        var crm = new ScriptedCrm(_ => Json(400, "{}"));
        var pipeline = Pipeline(crm);
        for (var i = 0; i < 12; i++)
        {
            await pipeline.SendAsync(Write, new Guard(), default);
        }

        Assert.False(pipeline.Health.BreakerOpen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_lost_lease_is_noticed_before_the_call_and_again_before_the_body(int yes)
    {
        var crm = new ScriptedCrm(_ => Json(200, "[]"));
        var end = await Pipeline(crm).SendAsync(Write, new ExpiringGuard(yes), default);
        Assert.Equal("lease lost", Assert.IsType<CallEnd.NotExecuted>(end).Why);
        Assert.Empty(crm.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_not_a_doubt()
    {
        var crm = new RefusingCrm();
        Assert.IsType<CallEnd.NotExecuted>(await Pipeline(crm).SendAsync(Write, new Guard(), default));
        Assert.Equal(3, crm.Calls);
    }

    [Fact]
    public async Task The_callers_cancellation_is_thrown()
    {
        using var cts = new CancellationTokenSource();
        var crm = new ScriptedCrm(_ =>
        {
            cts.Cancel();
            throw new OperationCanceledException(cts.Token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pipeline(crm).SendAsync(Write, new Guard(), cts.Token));
    }

    [Fact]
    public void The_bucket_lets_a_burst_through_and_then_keeps_the_pace()
    {
        var bucket = new LeakyBucket(drain: 2, threshold: 3, _clock);
        var waits = Enumerable.Range(0, 5).Select(_ => bucket.TryTake(TimeSpan.FromMinutes(1), out var wait) ? wait.TotalSeconds : -1);
        Assert.Equal([0, 0, 0, 0.5, 1], waits);
        Assert.False(bucket.TryTake(TimeSpan.FromSeconds(1), out _));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(bucket.TryTake(TimeSpan.Zero, out _));
    }

    private static CrmCall Write { get; } = new(HttpMethod.Post, "x", "[]"u8.ToArray(), IsRead: false);

    private static CrmCall Read { get; } = new(HttpMethod.Get, "x", default, IsRead: true);

    private CrmPipeline Pipeline(HttpMessageHandler crm) => new(
        new PipelineSettings
        {
            BaseAddress = new Uri("https://crm.example/"),
            Secrets = new Secrets(),
            AttemptTimeout = TimeSpan.FromSeconds(20),
            ReadTimeout = TimeSpan.FromSeconds(10),
            TotalTimeout = TimeSpan.FromSeconds(45),
            BreakerPause = TimeSpan.FromSeconds(30),
            Bucket = new LeakyBucket(1000, 1000, _clock),
            Read = reply => Amocrm.AmocrmErrors.Read(reply, _clock.GetUtcNow()),
        },
        crm,
        _clock);

    private sealed class RefusingCrm : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }
    }
}
