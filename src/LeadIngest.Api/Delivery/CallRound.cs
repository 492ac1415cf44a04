using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// Claims or finds rows, calls, records. Nothing is held in the database while a call runs. Where the CRM takes several calls at a time they are in the air together, but
/// only the loop that owns this object touches the queue, one step after the other: no claim ever runs beside a recording.
/// </summary>
internal sealed class CallRound(DeliveryTools tools, AccountLease lease, CallWatch watch)
{
    private readonly OutgoingLeads _leads = new(tools.Db);
    private readonly Endings _endings = new(tools.Db);
    private readonly Doubts _doubts = new(tools.Db);
    private readonly HealthMirror _health = new(tools.Db, lease, tools.Clock);
    private readonly List<Flight> _air = [];
    private readonly HashSet<Guid> _unreadable = [];
    private readonly HashSet<ICrmAccount> _continued = [];
    private long _pausedAt;
    private TimeSpan _pause;

    /// <summary>What is left of the account's pause; zero when calls may be made.</summary>
    public TimeSpan Pause
    {
        get
        {
            var left = _pause - tools.Clock.GetElapsedTime(_pausedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void PauseFor(TimeSpan time)
    {
        if (time > Pause) (_pause, _pausedAt) = (time, tools.Clock.GetTimestamp());
    }

    /// <returns>Null when the connection cannot be spoken to at all; a person has to mend it.</returns>
    public async Task<ICrmAccount?> AccountAsync(ConnectionRow connection, CancellationToken ct)
    {
        // New settings make a new account, and the old one goes: not under a call that is still in the air.
        if (_air.Exists(f => f.Connection.Id == connection.Id && !f.Connection.IsReachedLike(connection))) await LandAsync(all: true);
        try
        {
            var account = await tools.Accounts.GetAsync(connection, ct);
            if (_continued.Add(account)) account.ContinueRate(lease.Rate.Level, lease.Rate.Age + tools.Clock.GetElapsedTime(lease.TakenAt));
            return account;
        }
        catch (Exception e) when (e is InvalidCredentialsException or ArgumentException)
        {
            // Not stopped for good: a key ring that is still to be restored would otherwise cost every connection its state.
            if (_unreadable.Add(connection.Id)) tools.Log.ConnectionUnreadable(connection.Id, e.Message);
            return null;
        }
    }

    /// <summary>Waits for the calls in the air, and leaves behind what the next worker has to know. A database that is away keeps nobody here.</summary>
    public async Task LeaveAsync()
    {
        while (_air.Count > 0)
        {
            try
            {
                await LandAsync(all: true);
            }
            catch (Exception e)
            {
                // Their rows stay marked, and the next holder looks them up.
                tools.Log.RecordFailed(lease.AccountKey, e.Message);
            }
        }
        try
        {
            if (lease.Holds && _continued.Count > 0) await _health.WriteAsync(_continued.Last().Health, Pause, isLast: true);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            tools.Log.RecordFailed(lease.AccountKey, e.Message);
        }
    }

    /// <summary>Shows what something else than deliveries did to the account.</summary>
    public Task MirrorAsync(ICrmAccount account) => _health.WriteAsync(account.Health, Pause);

    /// <summary>No connection of the account can be spoken to: it lets others work for a while.</summary>
    public async Task PauseUnreadableAsync()
    {
        PauseFor(TimeSpan.FromSeconds(30));
        await _health.WriteAsync(new AccountHealth(false, "The credentials of the connection cannot be read."), Pause);
    }

    /// <summary>Claims what is due and calls. A backlog is claimed on while calls are in the air, as far as the CRM takes several; else the call is waited for.</summary>
    /// <returns>True when rows were sent or recorded, or moved out of the way.</returns>
    public async Task<bool> SendAsync(DeliveryQueue queue, ConnectionRow connection, ICrmAccount account, CancellationToken ct, CancellationToken call)
    {
        if (RoomOf(connection, account) is not { Calls: > 0 } room) return await LandAsync();
        var (calls, choice, fenced) = await queue.ClaimAsync(lease, connection, room, ct);
        if (fenced)
        {
            Fenced(connection);
            return false;
        }
        foreach (var (row, reason) in choice.Dead)
        {
            tools.Metrics.Dead();
            tools.Log.DeliveryDead(row.Id, connection.Id, reason);
        }
        foreach (var claims in calls) _air.Add(new Flight(connection, account, choice.IsSuspect, FlyAsync(connection, account, claims, call)));
        return choice.Send.Count == room.Batch * room.Calls && RoomOf(connection, account).Calls > 0 || await LandAsync() || choice.Moved;
    }

    /// <summary>Waits for a call that is in the air and records all that are over by then; waits for every one of them once the account was told to pause.</summary>
    /// <param name="all">Waits for every one in any case.</param>
    /// <returns>False when none was in the air.</returns>
    public async Task<bool> LandAsync(bool all = false)
    {
        var any = _air.Count > 0;
        while (_air.Count > 0)
        {
            await Task.WhenAny(_air.Select(f => f.Ended));
            var over = _air.Where(f => f.Ended.IsCompleted).ToList();
            _air.RemoveAll(over.Contains);
            foreach (var flights in over.Where(f => f.Ended.IsCompletedSuccessfully).GroupBy(f => f.Connection.Id).Select(g => g.ToList()))
                await FinishAsync(flights[0].Connection, flights[0].Account, true, [.. flights.SelectMany(f => f.Ended.Result)]);
            // A fault of ours ends the loop, once what the others brought is recorded.
            await Task.WhenAll(over.Select(f => f.Ended));
            if (!all && Pause <= TimeSpan.Zero) break;
        }
        return any;
    }

    // A look into the queue is worth its price when half of the places are free. A lead that may be what kills the worker has the account to itself.
    private Room RoomOf(ConnectionRow connection, ICrmAccount account)
    {
        var batch = connection.Probing ? 1 : Math.Min(account.MaxBatch, tools.Options.MaxBatch);
        var places = connection.Probing ? 1 : Math.Min(account.MaxCalls, tools.Options.MaxCalls);
        var free = _air.Exists(f => f.IsAlone) ? 0 : places - _air.Count;
        return new Room(batch, _air.Count > 0 && free * 2 < places ? 0 : Math.Clamp(DeliveryQueue.Window / batch, 1, Math.Max(free, 1)), _air.Count == 0);
    }

    private async Task<List<Ended>> FlyAsync(ConnectionRow connection, ICrmAccount account, IReadOnlyList<Claim> claims, CancellationToken call)
    {
        var loaded = await _leads.LoadAsync(connection, claims, CancellationToken.None);
        var startedAt = tools.Clock.GetUtcNow();
        var ready = claims.Where(c => loaded[c.Id].Lead is not null).ToList();
        var ended = claims.Where(c => loaded[c.Id].Lead is null).Select(c => End(c, startedAt, Ending.Unreadable(c, loaded[c.Id].Fault!))).ToList();
        if (ready.Count == 0) return ended;
        var first = account.LookupDelays[0];
        var outcomes = await CallAsync(async () => await account.SendAsync([.. ready.Select(c => loaded[c.Id].Lead!)], lease, call), ready.Count, connection);
        ended.AddRange(ready.Select((c, i) => End(c, startedAt, outcomes.Answers is { } answers
            ? Ending.Of(answers[i], c, first)
            // Nobody knows how far it came: looked up, and remembered against the lead, which may be the cause.
            : new Ending(Ending.InDoubt, "unknown", first, outcomes.Fault) { Suspect = !call.IsCancellationRequested })));
        return Redirects.OneDealEach(ended);
    }

    /// <returns>True when rows in doubt were looked up.</returns>
    public async Task<bool> LookUpAsync(ConnectionRow connection, ICrmAccount account, CancellationToken ct, CancellationToken call)
    {
        var due = await _doubts.DueAsync(connection, account.MaxBatch, ct);
        if (due.Count == 0) return false;
        await LandAsync(all: true);
        if (Pause > TimeSpan.Zero) return true;
        var loaded = await _leads.LoadAsync(connection, [.. due.Select(d => d.Claim)], ct);
        var ready = due.Where(d => loaded[d.Claim.Id].Lead is not null).ToList();
        var startedAt = tools.Clock.GetUtcNow();
        var ended = due.Where(d => loaded[d.Claim.Id].Lead is null).Select(d => End(d.Claim, startedAt, new Ending(Ending.Dead, "unreadable", null, loaded[d.Claim.Id].Fault))).ToList();
        if (ready.Count > 0)
        {
            var answers = await CallAsync(async () => await account.FindAsync([.. ready.Select(d => loaded[d.Claim.Id].Lead!)], lease, call), ready.Count, connection);
            ended.AddRange(ready.Select((d, i) => End(d.Claim, startedAt, Ending.Of(
                answers.Answers is { } found ? found[i] : new LookupOutcome.Failed(answers.Fault!), d.Claim, d.Since, d.Lookups, account.LookupDelays))));
        }
        return await FinishAsync(connection, account, false, ended);
    }

    private static Ended End(Claim claim, DateTimeOffset startedAt, Ending ending) => new(claim, ending, startedAt, Guid.CreateVersion7());

    /// <summary>A call on its way.</summary>
    /// <param name="IsAlone">Nothing else may begin before it is over.</param>
    /// <param name="Ended">What became of its rows. Fails for a fault of ours only.</param>
    private sealed record Flight(ConnectionRow Connection, ICrmAccount Account, bool IsAlone, Task<List<Ended>> Ended);

    // The port promises not to throw; a fault of ours inside it must still not leave rows without an outcome.
    private async Task<(IReadOnlyList<T>? Answers, string? Fault)> CallAsync<T>(Func<Task<IReadOnlyList<T>>> call, int expected, ConnectionRow connection)
    {
        try
        {
            var answers = await watch.OverAsync(call);
            return answers.Count == expected ? (answers, null) : (null, "The CRM connector answered for another number of leads.");
        }
        catch (OperationCanceledException)
        {
            return (null, "The service stopped while the call was running.");
        }
        catch (Exception e)
        {
            tools.Log.CallThrew(e, connection.Id);
            return (null, $"The CRM connector failed ({e.GetType().Name}).");
        }
    }

    private async Task<bool> FinishAsync(ConnectionRow connection, ICrmAccount account, bool fromSending, List<Ended> ended)
    {
        var (written, fenced) = await RecordAsync(connection, fromSending, ended, account.MaxBatch);
        tools.Report(connection, ended, written, fromSending);
        if (fenced)
        {
            Fenced(connection);
            return false;
        }
        foreach (var pause in ended.Select(e => e.Ending.Pause).OfType<TimeSpan>()) PauseFor(pause < RetrySchedule.MaxTold ? pause : RetrySchedule.MaxTold);
        if (connection.Probing && ended.Exists(e => e.Ending.ProvesAccount) && await connection.RecoverAsync(tools.Db, CancellationToken.None)) tools.Log.ConnectionRecovered(connection.Id);
        if (ended.Find(e => e.Ending.StopsConnection is not null) is { } stop
            && await connection.StopAsync(tools.Db, stop.Ending.StopsConnection!, stop.Ending.Error ?? "", stop.Ending.MayPass, CancellationToken.None))
            tools.Log.ConnectionStopped(connection.Id, stop.Ending.StopsConnection!, LeadIngest.Core.Texts.PersonalData.Mask(stop.Ending.Error));
        await _health.WriteAsync(account.Health, Pause);
        return true;
    }

    // The call was made and its outcome is known: a database that is away for a moment must not turn it into a doubt.
    private async Task<(IReadOnlyList<Endings.Written>, bool Fenced)> RecordAsync(ConnectionRow connection, bool fromSending, List<Ended> ended, int maxBatch)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause *= 2)
        {
            try
            {
                return await _endings.RecordAsync(lease, connection, fromSending, ended, maxBatch, CancellationToken.None);
            }
            catch (Exception e) when (lease.Holds && (e is NpgsqlException { IsTransient: true } or TimeoutException or PostgresException { SqlState: ['5', '7', ..] }))
            {
                tools.Log.RecordFailed(lease.AccountKey, e.Message);
                await Task.Delay(pause < TimeSpan.FromSeconds(5) ? pause : TimeSpan.FromSeconds(5), tools.Clock, CancellationToken.None);
            }
        }
    }

    private void Fenced(ConnectionRow connection)
    {
        tools.Metrics.Fenced();
        tools.Log.Fenced(lease.AccountKey, connection.Id);
        lease.Lose();
    }
}
