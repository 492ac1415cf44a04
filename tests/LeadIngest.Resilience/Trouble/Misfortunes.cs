using System.Collections.Concurrent;
using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Trouble;

/// <summary>What befalls the processes, each by its own dice: kill -9 and a new start, or standing still for longer than a lease.</summary>
internal sealed class Misfortunes(IReadOnlyList<ServiceProcess> services, int seed) : IDisposable
{
    /// <summary>Longer than the shortened lease of 3 s: somebody else has the accounts when the process wakes up.</summary>
    private static readonly (double Shortest, double Longest) StandsStill = (4, 9);

    private readonly SemaphoreSlim[] _turns = [.. services.Select(_ => new SemaphoreSlim(1))];
    private readonly ConcurrentQueue<DateTimeOffset> _killedAt = [];
    private readonly ConcurrentQueue<(DateTimeOffset From, DateTimeOffset To)> _stoodStill = [];

    public int Kills => _killedAt.Count;

    public int Stops => _stoodStill.Count;

    /// <param name="pause">Seconds between two misfortunes of one process.</param>
    /// <param name="enough">No more of it; all processes run again when the task completes.</param>
    public Task RunAsync((double Shortest, double Longest) pause, CancellationToken enough, CancellationToken ct) =>
        Task.WhenAll(services.Select((s, i) => BefallAsync(s, _turns[i], new Random(seed + i), pause, enough, ct)));

    /// <summary>All processes die at this moment, as in a power cut, and start again.</summary>
    public async Task KillAllAsync(CancellationToken ct)
    {
        // Without waiting for a turn: the moment is what matters. Who is being started at the moment is started again by whoever does that.
        foreach (var service in services) Kill(service);
        await Task.WhenAll(services.Select(async (service, i) =>
        {
            await _turns[i].WaitAsync(ct);
            try
            {
                if (!service.Process.IsRunning) await service.StartAsync(ct);
            }
            finally
            {
                _turns[i].Release();
            }
        }));
    }

    /// <summary>All processes stand still at this moment, and go on.</summary>
    public async Task StopAllAsync(TimeSpan time, CancellationToken ct)
    {
        var from = TimeProvider.System.GetUtcNow();
        foreach (var service in services) service.Process.Freeze();
        await Task.Delay(time, ct);
        foreach (var service in services)
        {
            service.Process.Thaw();
            _stoodStill.Enqueue((from, TimeProvider.System.GetUtcNow()));
        }
    }

    /// <summary>True when a process was killed at this moment, or so soon after it; the time for which processes stood still does not count.</summary>
    public bool KilledAt(DateTimeOffset moment, TimeSpan within)
    {
        var until = moment + within;
        foreach (var (from, to) in _stoodStill.OrderBy(s => s.From))
        {
            if (from < until && to + within > until) until = to + within;
        }
        return _killedAt.Any(k => k > moment.AddSeconds(-0.1) && k < until);
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private async Task BefallAsync(ServiceProcess service, SemaphoreSlim turn, Random dice, (double Shortest, double Longest) pause, CancellationToken enough,
        CancellationToken ct)
    {
        while (await Pause.PassesAsync(Pause.Between(dice, pause.Shortest, pause.Longest), enough))
        {
            await turn.WaitAsync(ct);
            try
            {
                if (dice.Next(3) < 2)
                {
                    Kill(service);
                    await service.Process.ExitedAsync(ct);
                    // Some supervisors start it again at once, others take their time.
                    if (dice.Next(2) == 0) await Task.Delay(Pause.Between(dice, 0, 3), ct);
                    await service.StartAsync(ct);
                }
                else
                {
                    var from = TimeProvider.System.GetUtcNow();
                    service.Process.Freeze();
                    await Task.Delay(Pause.Between(dice, StandsStill.Shortest, StandsStill.Longest), ct);
                    service.Process.Thaw();
                    _stoodStill.Enqueue((from, TimeProvider.System.GetUtcNow()));
                }
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private void Kill(ServiceProcess service)
    {
        _killedAt.Enqueue(TimeProvider.System.GetUtcNow());
        service.Process.Kill();
    }
}
