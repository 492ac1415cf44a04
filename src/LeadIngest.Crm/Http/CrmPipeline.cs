using System.Net.Http.Headers;
using LeadIngest.Crm.Failures;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace LeadIngest.Crm.Http;

/// <summary>One request to a CRM.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Relative to the account's base address, encoded, without a leading slash.</param>
/// <param name="Body">JSON in UTF-8; empty for GET.</param>
/// <param name="IsRead">True when the request changes nothing and may be repeated whatever became of it.</param>
internal sealed record CrmCall(HttpMethod Method, string Path, ReadOnlyMemory<byte> Body, bool IsRead)
{
    /// <summary>Null: <see cref="PipelineSettings.BaseAddress"/>.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>amoCRM's access token; null where it travels in the body or the path.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Work that leads must not wait for: it goes out only while half of the account's burst is free.</summary>
    public bool IsBackground { get; init; }

    /// <summary>Without the body, which may hold a token.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What the pipeline of one account is made of.</summary>
internal sealed record PipelineSettings
{
    public required Uri BaseAddress { get; init; }
    public required Secrets Secrets { get; init; }
    public required TimeSpan AttemptTimeout { get; init; }
    public required TimeSpan ReadTimeout { get; init; }
    public required TimeSpan TotalTimeout { get; init; }
    public required TimeSpan BreakerPause { get; init; }
    public required LeakyBucket Bucket { get; init; }

    /// <summary>The vendor's table: what an answer means.</summary>
    public required Func<HttpReply, CallEnd> Read { get; init; }
}

/// <summary>
/// The way of every call to one account: total time-out → retry → breaker → limiter → attempt time-out → call. Retries are for reads and
/// for what was certainly not done; a create of unknown outcome is never repeated here. Nothing is thrown but the caller's own cancellation.
/// </summary>
internal sealed class CrmPipeline : IDisposable
{
    private static readonly ResiliencePropertyKey<bool> IsRead = new("is-read");

    private readonly PipelineSettings _settings;
    private readonly HttpClient _http;
    private readonly Breaker _breaker;
    private readonly ResiliencePipeline<CallEnd> _pipeline;
    private readonly TimeProvider _clock;
    private volatile string? _lastError;

    public CrmPipeline(PipelineSettings settings, HttpMessageHandler handler, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("LeadIngest", "1.0"));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _breaker = new Breaker(settings.BreakerPause, clock);
        _pipeline = new ResiliencePipelineBuilder<CallEnd> { TimeProvider = clock }
            .AddTimeout(settings.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<CallEnd>
            {
                MaxRetryAttempts = 2,
                ShouldHandle = args => ValueTask.FromResult(MayRepeat(args.Outcome.Result, args.Context)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Pause(args.Outcome.Result, args.AttemptNumber)),
            })
            .AddStrategy(_ => _breaker, new NoOptions())
            .AddStrategy(_ => new Limiter(settings.Bucket, clock, settings.TotalTimeout, settings.AttemptTimeout), new NoOptions())
            .AddTimeout(settings.AttemptTimeout)
            .Build();
    }

    public AccountHealth Health => new(_breaker.IsOpen, _lastError) { Rate = _settings.Bucket.Use };

    public void ContinueRate(double level, TimeSpan age) => _settings.Bucket.Continue(level, age);

    /// <summary>For words taken out of a successful answer: a batch carries errors of its commands inside.</summary>
    public string Mask(string text) => _settings.Secrets.Mask(text);

    /// <summary>Masks this value too from now on.</summary>
    public void Hide(string? secret) => _settings.Secrets.Add(secret);

    public async Task<CallEnd> SendAsync(CrmCall call, ICallGuard guard, CancellationToken ct)
    {
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(Limiter.BegunAt, _clock.GetTimestamp());
        context.Properties.Set(IsRead, call.IsRead);
        context.Properties.Set(Limiter.IsBackground, call.IsBackground);
        CallEnd end;
        try
        {
            end = await _pipeline.ExecuteAsync(
                static (c, s) => s.Self.AttemptAsync(s.Call, s.Guard, s.Caller, c.CancellationToken),
                context,
                (Self: this, Call: call, Guard: guard, Caller: ct)).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            // An attempt reports its own time-out, so this one struck between attempts: in the limiter's queue or in a pause.
            end = TransportFailures.NoTime.End("No time was left for the call.");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        end = Masked(end);
        _lastError = end switch
        {
            CallEnd.Ok => null,
            { Status: 0, Vitals: Vitals.Silent } => _lastError,
            _ => end.Why,
        };
        return end;
    }

    public void Dispose() => _http.Dispose();

    private static bool MayRepeat(CallEnd? end, ResilienceContext context) =>
        end is { MayRepeat: true } || (end is CallEnd.Unknown && context.Properties.GetValue(IsRead, false));

    // After a rate answer the limiter knows the pause; here only the network's faults are waited out.
    private static TimeSpan Pause(CallEnd? end, int attempt) => end is { IsRate: true }
        ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(400 * (1 << attempt) * (0.8 + (Random.Shared.NextDouble() * 0.4)));

    private async ValueTask<CallEnd> AttemptAsync(CrmCall call, ICallGuard guard, CancellationToken caller, CancellationToken ct)
    {
        if (!guard.MayCall)
        {
            return LeaseLost();
        }

        using var request = new HttpRequestMessage(call.Method, new Uri(call.BaseAddress ?? _settings.BaseAddress, call.Path));
        if (call.BearerToken is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        var content = call.Body.IsEmpty ? null : new GuardedContent(call.Body, guard);
        request.Content = content;
        // A read may be repeated: its silence is cut short, or a CRM that hangs would hold the whole account for each of many look-ups.
        using var patience = new CancellationTokenSource(call.IsRead ? _settings.ReadTimeout : Timeout.InfiniteTimeSpan, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            var end = _settings.Read(await HttpReply.ReadAsync(response, limit.Token).ConfigureAwait(false));
            return end with { Status = (int)response.StatusCode };
        }
        catch (Exception) when (content is { Held: true })
        {
            return LeaseLost();
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var why = e switch
            {
                OperationCanceledException => "The CRM did not answer in time.",
                HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } h => $"The connection to the CRM failed ({h.HttpRequestError}).",
                _ => "The connection to the CRM failed.",
            };
            return call.IsRead || content is { Started: true }
                ? (e is OperationCanceledException ? TransportFailures.Silent : TransportFailures.Broken).End(why)
                : TransportFailures.NotConnected.End(why) with { MayRepeat = true };
        }
    }

    private static CallEnd LeaseLost() => TransportFailures.LeaseLost.End("lease lost");

    private CallEnd Masked(CallEnd end)
    {
        var masked = end with { Why = Words.Short(_settings.Secrets.Mask(end.Why), 500) };
        return masked is CallEnd.Data data
            ? data with { Errors = [.. data.Errors.Select(e => e with { Words = _settings.Secrets.Mask(e.Words), Path = _settings.Secrets.Mask(e.Path) })] }
            : masked;
    }

    private sealed class NoOptions : ResilienceStrategyOptions;
}
