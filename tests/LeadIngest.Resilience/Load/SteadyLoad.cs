using System.Diagnostics;

namespace LeadIngest.Resilience.Load;

/// <summary>Leads at a steady rate, whatever becomes of the earlier ones: people do not wait for each other.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenSource _enough = new();
    private readonly SemaphoreSlim _places;
    private readonly Task _made;
    private Task[] _sending = [];

    private SteadyLoad(LeadPlan plan, LeadSender sender, double perSecond, int most, int senders, CancellationToken ct)
    {
        _cut = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _places = new SemaphoreSlim(senders);
        _made = Task.Run(() => MakeAsync(plan, sender, perSecond, most), CancellationToken.None);
    }

    /// <summary>Completes when the last lead of <c>most</c> has been given to a sender.</summary>
    public Task Made => _made;

    /// <param name="most">After so many leads it ends by itself.</param>
    /// <param name="senders">Leads on their way at a time; more than that wait.</param>
    public static SteadyLoad Start(LeadPlan plan, LeadSender sender, double perSecond, int most, int senders, CancellationToken ct) =>
        new(plan, sender, perSecond, most, senders, ct);

    /// <summary>No more new leads; waits until every lead that was begun is acknowledged.</summary>
    /// <returns>False when some were not after <paramref name="patience"/>: they are given up.</returns>
    public async Task<bool> FinishAsync(TimeSpan patience)
    {
        await _enough.CancelAsync();
        await _made;
        var all = Task.WhenAll(_sending);
        var done = await Task.WhenAny(all, Task.Delay(patience, _cut.Token)) == all;
        await _cut.CancelAsync();
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return done && all.IsCompletedSuccessfully;
    }

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        await _enough.CancelAsync();
        await _made.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cut.Dispose();
        _enough.Dispose();
        _places.Dispose();
    }

    private async Task MakeAsync(LeadPlan plan, LeadSender sender, double perSecond, int most)
    {
        var since = Stopwatch.GetTimestamp();
        var sending = new List<Task>();
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, _enough.Token);
            while (sending.Count < most)
            {
                var due = Math.Min(most, (int)(Stopwatch.GetElapsedTime(since).TotalSeconds * perSecond) + 1);
                while (sending.Count < due)
                {
                    await _places.WaitAsync(stop.Token);
                    sending.Add(SendAsync(sender, plan.Next()));
                }
                await Task.Delay(Beat, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
        finally
        {
            _sending = [.. sending];
        }
    }

    private async Task SendAsync(LeadSender sender, PlannedLead lead)
    {
        try
        {
            await sender.SendAsync(lead, _cut.Token);
        }
        finally
        {
            _places.Release();
        }
    }
}
