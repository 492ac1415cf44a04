using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Crm;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>An answer read to its end, or why there is none.</summary>
/// <param name="Status">HTTP status; 0: no answer.</param>
/// <param name="Body">Null: none, or longer than <see cref="CabinetHttp.MostBytes"/>.</param>
/// <param name="After">The pause that the answer asks for.</param>
/// <param name="Why">Without an answer: in words.</param>
internal sealed record CabinetReply(int Status, byte[]? Body, TimeSpan? After, string Why = "")
{
    public bool IsTooLong => Status != 0 && Body is null;

    /// <summary>The body as a JSON object; null when it is anything else.</summary>
    public JsonElement? Json()
    {
        try
        {
            return Body is { Length: > 0 } && JsonSerializer.Deserialize<JsonElement>(Body) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What an answer that says nothing of its own looks like, for people.</summary>
    public string Sketch(string vendor) => Status == 0 ? Why : $"{vendor} answered HTTP {Status}" + (Body is { Length: > 0 } ? " without an explanation." : " with nothing in it.");
}

/// <summary>
/// The way of every call to a cabinet: total time-out → retry → pace → attempt time-out → call. Nothing here changes anything at the vendor's, so what was not
/// answered is asked again; a new token alone is not, because each one that is given counts. Longer pauses are the queue's.
/// </summary>
internal sealed class CabinetHttp : IDisposable
{
    /// <summary>Of one answer, unpacked. More is asked for in fewer days.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private static readonly ResiliencePropertyKey<bool> MayRepeat = new("may-repeat");
    private static readonly TimeSpan LongestAfter = TimeSpan.FromHours(6);

    private readonly HttpClient _http;
    private readonly ResiliencePipeline<CabinetReply> _pipeline;
    private readonly ConcurrentDictionary<string, Pace> _paces = new();
    private readonly TimeSpan _attempt;
    private readonly TimeProvider _clock;

    public CabinetHttp(IOptions<CabinetOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _attempt = options.Value.AttemptTimeout;
        var handler = CrmAccounts.CreateHandler();
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("LeadIngest", "1.0"));
        _pipeline = new ResiliencePipelineBuilder<CabinetReply> { TimeProvider = clock }
            .AddTimeout(options.Value.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<CabinetReply>
            {
                MaxRetryAttempts = 2,
                // 502 is Direct's word for too much at once: the same again would end the same.
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Status: 0 or 500 or 503 or 504 } && args.Context.Properties.GetValue(MayRepeat, false)),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
            })
            .Build();
    }

    /// <param name="account">What the vendor counts calls by; a secret is as good as any name, it is not kept.</param>
    /// <param name="pace">Of such an account.</param>
    /// <param name="request">Makes a request for one attempt.</param>
    /// <param name="mayRepeat">False: the call may have its effect without its answer.</param>
    /// <param name="ct">The caller's.</param>
    public async Task<CabinetReply> SendAsync(string account, Func<TimeProvider, Pace> pace, Func<HttpRequestMessage> request, bool mayRepeat, CancellationToken ct)
    {
        var turn = _paces.GetOrAdd(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(account))), _ => pace(_clock));
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(MayRepeat, mayRepeat);
        try
        {
            return await _pipeline.ExecuteAsync(static (c, s) => s.Self.AttemptAsync(s.Turn, s.Request, s.Caller, c.CancellationToken), context, (Self: this, Turn: turn, Request: request, Caller: ct));
        }
        catch (TimeoutRejectedException)
        {
            return new(0, null, null, "No time was left for the call.");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var pace in _paces.Values) pace.Dispose();
    }

    private async ValueTask<CabinetReply> AttemptAsync(Pace turn, Func<HttpRequestMessage> make, CancellationToken caller, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        using var patience = new CancellationTokenSource(_attempt, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var request = make();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new((int)response.StatusCode, await BodyAsync(response, limit.Token), After(response));
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new(0, null, null, "The vendor did not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            return new(0, null, null, e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } h ? $"The connection to the vendor failed ({h.HttpRequestError})." : "The connection to the vendor failed.");
        }
    }

    private static async Task<byte[]?> BodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var buffer = new MemoryStream();
        var chunk = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, ct)) > 0)
        {
            if (buffer.Length + read > MostBytes) return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    private TimeSpan? After(HttpResponseMessage response)
    {
        var said = response.Headers.TryGetValues("retryIn", out var told) && int.TryParse(told.FirstOrDefault(), out var seconds) ? TimeSpan.FromSeconds(seconds)
            : response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - _clock.GetUtcNow());
        return said is not { } pause || pause <= TimeSpan.Zero ? null : pause < LongestAfter ? pause : LongestAfter;
    }
}
