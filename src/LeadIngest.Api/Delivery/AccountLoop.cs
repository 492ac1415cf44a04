using LeadIngest.Api.Data;
using LeadIngest.Api.Import;
using LeadIngest.Api.Privacy;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>What all loops of a process share.</summary>
internal sealed record DeliveryTools(NpgsqlDataSource Db, DeliverySignal Signal, CrmAccountPool Accounts, DeliveryMetrics Metrics, TimeProvider Clock,
    DeliveryOptions Options, ILogger Log)
{
    /// <summary>Places for accounts that wait for their next lead.</summary>
    public SemaphoreSlim IdlePlaces { get; } = new(Options.MaxIdle);

    /// <summary>For what is read. A thousand accounts may read at a time: each page waits for one of <see cref="ImportPlaces"/> before it takes a session.</summary>
    public required NpgsqlDataSource ImportDb { get; init; }
    public SemaphoreSlim ImportPlaces { get; } = new(Database.ImportPlaces);
    public required ImportOptions Import { get; init; }
    public required HookSecrets HookSecrets { get; init; }
    public required ErasedPeople Erased { get; init; }
}

/// <summary>
/// Works on one CRM account for as long as the lease is held: looks up what is in doubt, sends what is due, waits for more. It alone touches the account's queue. Anything unexpected
/// ends the loop and hands the account back: the next holder, with a new token, finds every row in a state that can be trusted.
/// </summary>
internal sealed class AccountLoop(DeliveryTools tools, AccountLease lease, CallWatch watch)
{
    private readonly DeliveryQueue _queue = new(tools.Db, tools.Options);
    private readonly CallRound _round = new(tools, lease, watch);
    private readonly ReadingRound _reading = new(tools, lease, watch, tools.Import, tools.HookSecrets);
    private Guid _lastRead;
    private long? _idleSince;
    private readonly HashSet<Guid> _reachable = [];
    private readonly TaskCompletionSource _yield = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string AccountKey => lease.AccountKey;

    /// <summary>True while a call has been waiting for the CRM's answer for longer than <see cref="DeliveryOptions.HangsAfter"/>.</summary>
    public bool Hangs => watch.CallingFor > tools.Options.HangsAfter;

    /// <summary>Another account waits for a place: this one is handed back when its turn is over, or at once when it is idle.</summary>
    public void AskToYield() => _yield.TrySetResult();

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
                if (_round.Pause <= TimeSpan.Zero && (await WorkAsync(connections, anyEnd.Token, calls.Token) || await ReadAsync(connections, anyEnd.Token, calls.Token))) LeaveIdle();
                else if (_reading.UntilTurn is var turn && turn > TimeSpan.Zero && turn <= SoonToRead)
                {
                    // Not idle: the next page has its turn in a moment. Waited for here and not inside the call, a lead that comes goes first.
                    LeaveIdle();
                    await Task.WhenAny(wake, _yield.Task).AtMostAsync(turn, tools.Clock, anyEnd.Token);
                }
                else if (!await WaitAsync(connections, wake, anyEnd.Token)) return;
            }
        }
        catch (OperationCanceledException) when (anyEnd.IsCancellationRequested)
        {
            // Stopping, or the lease is gone: both are ends of the loop.
        }
        finally
        {
            LeaveIdle();
            await _round.LeaveAsync();
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
        // What is still in the air belongs to a connection that may not go on: nobody else would record it.
        if (!worked && await _round.LandAsync()) return true;
        if (_reachable.Count == 0 && connections.Any(c => c.Active)) await _round.PauseUnreadableAsync();
        return worked;
    }

    /// <summary>One step of reading, when no delivery is due and nobody waits for this one's place.</summary>
    private async Task<bool> ReadAsync(IReadOnlyList<ConnectionRow> connections, CancellationToken ct, CancellationToken call)
    {
        _reading.UntilTurn = TimeSpan.Zero;
        if (_round.Pause > TimeSpan.Zero || _yield.Task.IsCompleted) return false;
        // Connections to one account take turns: a long reading through one must not hold up the others.
        var last = connections.Index().FirstOrDefault(c => c.Item.Id == _lastRead, (-1, null!)).Index;
        foreach (var connection in connections.Skip(last + 1).Concat(connections.Take(last + 1)).Where(MayRead))
        {
            if (await _round.AccountAsync(connection, ct) is not { } account || !await _reading.StepAsync(connection, account, ct, call)) continue;
            _lastRead = connection.Id;
            await _round.MirrorAsync(account);
            return true;
        }
        return false;
    }

    // A refused account is tried with a lead: what reads says nothing about that.
    private bool MayRead(ConnectionRow connection) => connection is { Active: true, Probing: false } && _reachable.Contains(connection.Id);

    private void LeaveIdle()
    {
        if (_idleSince is null) return;
        _idleSince = null;
        tools.IdlePlaces.Release();
    }

    /// <returns>False when the account is to be handed back: it has been idle for long, too many are idle, or another account waits.</returns>
    private async Task<bool> WaitAsync(IReadOnlyList<ConnectionRow> connections, Task wake, CancellationToken ct)
    {
        if (_idleSince is null)
        {
            if (!await tools.IdlePlaces.WaitAsync(TimeSpan.Zero, ct)) return false;
            _idleSince = tools.Clock.GetTimestamp();
        }
        if (_yield.Task.IsCompleted || tools.Clock.GetElapsedTime(_idleSince.Value) > tools.Options.IdleHold) return false;
        var wait = tools.Options.PollEvery;
        if (_round.Pause > TimeSpan.Zero)
        {
            // New leads do not shorten a pause that the CRM asked for.
            wake = _yield.Task;
            if (_round.Pause < wait) wait = _round.Pause;
        }
        else
        {
            if (await _queue.NextDueAsync(connections.Where(c => c.Active && _reachable.Contains(c.Id)), ct) is { } due && due < wait) wait = due;
            if (await ReadingRound.NextDueAsync(tools.Db, connections.Where(MayRead).Select(c => c.Id), ct) is { } reading && reading < wait)
                wait = reading > _reading.UntilTurn ? reading : _reading.UntilTurn < wait ? _reading.UntilTurn : wait;
        }
        await Task.Delay(MinPause, tools.Clock, ct);
        await Task.WhenAny(wake, _yield.Task).AtMostAsync(wait - MinPause, tools.Clock, ct);
        return true;
    }

    private bool TurnIsOver() => _yield.Task.IsCompleted && tools.Clock.GetElapsedTime(lease.TakenAt) > tools.Options.MaxHold;

    // As long as the CRMs' limits make two pages wait for each other; after a burst of leads it takes longer, and the account is idle.
    private static readonly TimeSpan SoonToRead = TimeSpan.FromSeconds(2);

    // Under a storm of wake-ups an idle account looks into the queue at most so often.
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
}
