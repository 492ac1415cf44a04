using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using LeadIngest.CrmEmulator.Faults;

namespace LeadIngest.CrmEmulator.Hooks;

/// <param name="Crm">Whose faults fit.</param>
/// <param name="Again">From the number of the attempt (1, 2, …) and the HTTP status (0: no answer) to the pause before the next; null: give up.</param>
internal sealed record HookJob(string Crm, string Url, string Body, string UserAgent, Func<int, int, TimeSpan?>? Again)
{
    public int Attempt { get; init; } = 1;

    /// <summary>A GET without a body instead of a POST.</summary>
    public bool IsGet { get; init; }
}

/// <summary>Sends webhooks in the background, a few at a time, with the vendors' two seconds for an answer.</summary>
internal sealed class HookSender(FaultBoard faults, TimeProvider clock) : BackgroundService
{
    private const int Senders = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private readonly Channel<HookJob> _jobs = Channel.CreateBounded<HookJob>(new BoundedChannelOptions(100_000) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Deadline };

    private CancellationToken _stopping;

    public void Send(HookJob job)
    {
        var verdict = faults.RollHook(job.Crm);
        if (verdict.IsDropped)
            return;
        for (var copies = verdict.IsDoubled ? 2 : 1; copies > 0; copies--)
        {
            if (verdict.DelayMs > 0)
                _ = LaterAsync(job, TimeSpan.FromMilliseconds(verdict.DelayMs), _stopping);
            else
                _jobs.Writer.TryWrite(job);
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        return Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => RunAsync(stoppingToken)));
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(ct))
        {
            var status = await PostAsync(job, ct);
            if (job.Again?.Invoke(job.Attempt, status) is { } pause)
                _ = LaterAsync(job with { Attempt = job.Attempt + 1 }, pause, ct);
        }
    }

    private async Task LaterAsync(HookJob job, TimeSpan pause, CancellationToken ct)
    {
        try
        {
            await Task.Delay(pause, clock, ct);
            _jobs.Writer.TryWrite(job);
        }
        catch (OperationCanceledException)
        {
            // Shutting down: what was not sent is lost, as a stand-in may.
        }
    }

    private async Task<int> PostAsync(HookJob job, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(job.IsGet ? HttpMethod.Get : HttpMethod.Post, job.Url);
            if (!job.IsGet)
                request.Content = new StringContent(job.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
            request.Headers.UserAgent.ParseAdd(job.UserAgent);
            using var response = await _http.SendAsync(request, ct);
            return (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return 0;
        }
    }
}
