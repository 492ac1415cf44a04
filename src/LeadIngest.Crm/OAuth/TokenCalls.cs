using System.Net.Http.Headers;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.OAuth;

/// <summary>One call to a token endpoint. Never repeated here: a code or refresh token works once.</summary>
public sealed class TokenCalls : IDisposable
{
    /// <summary>The longest one call takes; the row of the connection is locked for that time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public TokenCalls(HttpMessageHandler handler, TimeProvider clock)
    {
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("LeadIngest", "1.0"));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _clock = clock;
    }

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <returns>The answer, or in words why there is none.</returns>
    internal async Task<(HttpReply? Reply, string? Why)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return (await HttpReply.ReadAsync(response, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, e is OperationCanceledException ? "The CRM's token endpoint did not answer in time." : "The connection to the CRM's token endpoint failed.");
        }
    }

    public void Dispose() => _http.Dispose();
}
