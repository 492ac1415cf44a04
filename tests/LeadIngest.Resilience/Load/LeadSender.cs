using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LeadIngest.Resilience.Load;

/// <summary>Sends one lead until it is acknowledged, always with the same key, as the tracker and every good integration do.</summary>
/// <param name="inTurn">A person's next lead is sent when the one before is acknowledged: then the order of a person's leads is known.</param>
/// <param name="choose">Where the next request goes, by a number that grows with every lead and every attempt.</param>
internal sealed class LeadSender(Func<int, Uri> choose, Ledger ledger, Traffic traffic, TimeSpan pause, bool inTurn = false) : IDisposable
{
    /// <summary>Of the acknowledged leads every so manieth is sent once more: a caller that lost the answer.</summary>
    private const int RepeatEvery = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private int _turn;

    public async Task SendAsync(PlannedLead lead, CancellationToken ct)
    {
        if (!inTurn || lead.SharedPhone is not { } person)
        {
            await SendUntilAnsweredAsync(lead, ct);
            return;
        }
        var turn = _turns.GetOrAdd(person, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(ct);
        try
        {
            await SendUntilAnsweredAsync(lead, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SendUntilAnsweredAsync(PlannedLead lead, CancellationToken ct)
    {
        traffic.Sent();
        var turn = Interlocked.Increment(ref _turn);
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0) traffic.Resent();
            if (await TryAsync(lead, choose(turn + attempt), ct) is { } verdict)
            {
                if (verdict && turn % RepeatEvery == 0)
                {
                    traffic.Repeated();
                    await TryAsync(lead, choose(turn), ct);
                }
                return;
            }
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), ct);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var turn in _turns.Values) turn.Dispose();
    }

    /// <returns>True: acknowledged. False: refused for good. Null: to be sent again.</returns>
    private async Task<bool?> TryAsync(PlannedLead lead, Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(lead.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", lead.Key);
        var since = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            var body = await answer.Content.ReadAsByteArrayAsync(ct);
            traffic.Answered((int)answer.StatusCode, Stopwatch.GetElapsedTime(since), answer.Headers.RetryAfter is not null);
            switch ((int)answer.StatusCode)
            {
                case 202:
                    using (var json = JsonDocument.Parse(body)) ledger.Write(lead.Marker, json.RootElement.GetProperty("leadId").GetGuid());
                    return true;
                case 503 or 429 or 409:
                    return null;
                default:
                    traffic.Unexpected(string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} for {lead.Marker}"));
                    return (int)answer.StatusCode >= 500 ? null : false;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            if (e is OperationCanceledException) traffic.GaveUp(Stopwatch.GetElapsedTime(since));
            else if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) traffic.Unreachable();
            else traffic.Broken();
            return null;
        }
    }
}
