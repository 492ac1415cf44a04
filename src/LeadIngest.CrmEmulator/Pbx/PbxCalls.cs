using System.Security.Cryptography;
using System.Text.Json;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Pbx;

/// <summary>A PBX without phones: makes calls up and tells a webhook about them, as a real one would.</summary>
internal sealed class PbxCalls(PbxOptions options, TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 1_000;

    private static readonly JsonSerializerOptions Body = new(JsonSerializerDefaults.Web) { Encoder = Json.Readable.Encoder };

    private readonly Lock _gate = new();
    private readonly Queue<PbxCall> _calls = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds) };

    public DateTimeOffset Now => clock.GetUtcNow();

    public string? Webhook => options.Webhook;

    /// <summary>Oldest first, as many as are kept.</summary>
    public IReadOnlyList<PbxCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Sends the events of one call one after another; each waits for the answer to the one before.</summary>
    /// <param name="records">Where this process serves recordings.</param>
    public async Task<PbxCall> MakeAsync(PbxOrder order, string records, CancellationToken ct)
    {
        var id = $"pbx-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var url = $"{records}/{id}.wav";
        var sent = new List<PbxSent>();
        foreach (var message in PbxEvent.Of(id, order, url))
        {
            var (status, answer) = await PostAsync(order.Webhook, message, ct);
            sent.Add(new PbxSent(message, status, answer));
        }
        var call = new PbxCall(id, order.From, order.To, order.IsAnswered ? "answered" : "missed", order.StartedAt, order.WaitSeconds, order.TalkSeconds, order.HasRecording ? url : null, sent);
        lock (_gate)
        {
            _calls.Enqueue(call);
            while (_calls.Count > options.CallsKept)
                _calls.Dequeue();
        }
        return call;
    }

    public void Clear()
    {
        lock (_gate)
            _calls.Clear();
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string Answer)> PostAsync(Uri webhook, PbxEvent message, CancellationToken ct)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(webhook, message, Body, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            return ((int)response.StatusCode, text.Length > LongestAnswer ? text[..LongestAnswer] : text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (0, e is OperationCanceledException ? $"no answer within {options.TimeoutSeconds} s" : e.Message);
        }
    }
}
