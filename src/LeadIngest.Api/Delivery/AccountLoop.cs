using LeadIngest.Api.Import;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>What all loops of a process share.</summary>
internal sealed record DeliveryTools(NpgsqlDataSource Db, DeliverySignal Signal, CrmAccountPool Accounts, DeliveryMetrics Metrics, TimeProvider Clock,
    DeliveryOptions Options, ILogger Log)
{
    public required ImportOptions Import { get; init; }
    public required HookSecrets HookSecrets { get; init; }
}

/// <summary>
/// Works on one CRM account for as long as the lease is held: looks up what is in doubt, sends what is due, waits for more. Anything unexpected
/// ends the loop and hands the account back: the next holder, with a new token, finds every row in a state that can be trusted.
/// </summary>
internal sealed class AccountLoop(DeliveryTools tools, AccountLease lease)
{
    private readonly DeliveryQueue _queue = new(tools.Db, tools.Options);
    private readonly CallRound _round = new(tools, lease);
    private readonly ReadingRound _reading = new(tools, lease, tools.Import, tools.HookSecrets);
    private long? _idleSince;
    private readonly HashSet<Guid> _reachable = [];
    private volatile bool _yield;

    public string AccountKey => lease.AccountKey;

    /// <summary>Another account waits for a place: this one is handed back when its turn is over, or at once when it is idle.</summary>
    public void AskToYield()
    {
        if (_yield) return;
        _yield = true;
        tools.Signal.Wake();
    }

    /// <param name="stopping">No more claims; the running call is given <see cref="DeliveryOptions.StopWithin"/>.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var calls = new CancellationTokenSource();
        using var lastWord = stopping.Register(() => calls.CancelAfter(tools.Options.StopWithin));
        using var anyEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost);
        try
        {
            if (lease.TakenOver) tools.Metrics.TakenOver();
            _round.PauseFor(lease.PausedFor);
            await DoubtOrphansAsync(stopping);
            while (!anyEnd.IsCancellationRequested && !TurnIsOver())
            {
                // Taken before the look into the queue: a row committed after the look still ends the wait.
                var wake = tools.Signal.Next;
                var connections = await ConnectionRow.OfAccountAsync(tools.Db, lease.AccountKey, anyEnd.Token);
                if (_round.Pause <= TimeSpan.Zero
                    && (await WorkAsync(connections, anyEnd.Token, calls.Token) || await ReadAsync(connections, anyEnd.Token, calls.Token))) _idleSince = null;
                else if (!await WaitAsync(connections, wake, anyEnd.Token)) return;
            }
        }
        catch (OperationCanceledException) when (anyEnd.IsCancellationRequested)
        {
            // Stopping, or the lease is gone: both are ends of the loop.
        }
        finally
        {
            await lease.HandBackAsync(stopping);
            lease.Dispose();
        }
    }

    private async Task DoubtOrphansAsync(CancellationToken ct)
    {
        foreach (var connection in await ConnectionRow.OfAccountAsync(tools.Db, lease.AccountKey, ct))
        {
            // The longest of the first look-ups: at this moment nothing has to be able to speak to the CRM.
            var firstLookup = TimeSpan.FromSeconds(connection.Crm == "bitrix24" ? 65 : 5);
            if (connection.Active && await _round.AccountAsync(connection, ct) is { LookupDelays: [var first, ..] }) firstLookup = first;
            var found = await _queue.DoubtOrphansAsync(lease, connection, firstLookup, ct);
            if (found == 0) continue;
            tools.Log.OrphansInDoubt(lease.AccountKey, connection.Id, found);
            tools.Metrics.InDoubt("orphan", found);
        }
    }

    /// <returns>True when there was anything to do: the next round follows without a wait.</returns>
    private async Task<bool> WorkAsync(IReadOnlyList<ConnectionRow> connections, CancellationToken ct, CancellationToken call)
    {
        var worked = false;
        _reachable.Clear();
        foreach (var connection in connections.Where(c => c.Active))
        {
            if (await _round.AccountAsync(connection, ct) is not { } account) continue;
            _reachable.Add(connection.Id);
            worked |= await _round.LookUpAsync(connection, account, ct, call);
            if (_round.Pause > TimeSpan.Zero) return worked;
            worked |= await _round.SendAsync(_queue, connection, account, ct, call);
            if (_round.Pause > TimeSpan.Zero) return worked;
        }
        if (_reachable.Count == 0 && connections.Any(c => c.Active)) await _round.PauseUnreadableAsync();
        return worked;
    }

    /// <summary>One step of reading, when no delivery is due and nobody waits for this one's place.</summary>
    private async Task<bool> ReadAsync(IReadOnlyList<ConnectionRow> connections, CancellationToken ct, CancellationToken call)
    {
        if (_round.Pause > TimeSpan.Zero || _yield) return false;
        foreach (var connection in connections.Where(c => c.Active && _reachable.Contains(c.Id)))
            if (await _round.AccountAsync(connection, ct) is { } account && await _reading.StepAsync(connection, account, ct, call)) return true;
        return false;
    }

    /// <returns>False when the account has been idle long enough to be handed back.</returns>
    private async Task<bool> WaitAsync(IReadOnlyList<ConnectionRow> connections, Task wake, CancellationToken ct)
    {
        _idleSince ??= tools.Clock.GetTimestamp();
        if (_yield || tools.Clock.GetElapsedTime(_idleSince.Value) > tools.Options.IdleHold) return false;
        var wait = tools.Options.PollEvery;
        if (_round.Pause > TimeSpan.Zero)
        {
            // New leads do not shorten a pause that the CRM asked for.
            wake = Task.Delay(Timeout.InfiniteTimeSpan, tools.Clock, ct);
            if (_round.Pause < wait) wait = _round.Pause;
        }
        else
        {
            var mine = connections.Where(c => c.Active && _reachable.Contains(c.Id)).ToList();
            if (await _queue.NextDueAsync(mine, ct) is { } due && due < wait) wait = due;
            if (await ReadingRound.NextDueAsync(tools.Db, mine.Select(c => c.Id), ct) is { } reading && reading < wait) wait = reading;
        }
        await Task.Delay(MinPause, tools.Clock, ct);
        await wake.AtMostAsync(wait - MinPause, tools.Clock, ct);
        return true;
    }

    private bool TurnIsOver() => _yield && tools.Clock.GetElapsedTime(lease.TakenAt) > tools.Options.MaxHold;

    // Under a storm of wake-ups an idle account looks into the queue at most so often.
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
}
