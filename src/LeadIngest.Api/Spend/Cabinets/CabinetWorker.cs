using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Operations;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Wakes this process's worker when a person has asked for something. Other nodes look by themselves.</summary>
internal sealed class CabinetSignal
{
    private readonly DeliverySignal _signal = new();

    public Task Next => _signal.Next;

    public void Wake() => _signal.Wake();
}

/// <summary>One a process: finds cabinets with something to load, takes their leases, those that have waited longest first, and gives each its turn.</summary>
internal sealed class CabinetWorker(Database db, CabinetWork work, CabinetSignal signal, IHeartbeat heartbeat, TimeProvider clock, IOptions<CabinetOptions> options, ILogger<CabinetWorker> log) : BackgroundService
{
    private readonly CabinetOptions _options = options.Value;
    private readonly string _owner = $"{Environment.MachineName}/{Guid.CreateVersion7():N}";
    private readonly ConcurrentDictionary<Guid, Task> _turns = new();
    private readonly ConcurrentDictionary<Guid, (long FailedAt, TimeSpan Pause)> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        await Task.Yield();
        await Task.WhenAll(new SteadyLoop("cabinets", clock, log).RunAsync(LookAsync, stoppingToken), new SteadyLoop("cabinets measure", clock, log).RunAsync(MeasureAsync, stoppingToken));
        await Task.WhenAll(_turns.Values);
    }

    private async Task LookAsync(CancellationToken ct)
    {
        heartbeat.Beat(nameof(CabinetWorker));
        var wake = signal.Next;
        List<Due> waiting;
        double? next;
        await using (var session = await db.Reading.OpenConnectionAsync(ct))
        {
            var args = new { Now = clock.GetUtcNow(), Mine = _turns.Keys.ToArray(), Limit = _options.MaxAccounts * 4 };
            waiting = (await session.QueryAsync<Due>(new CommandDefinition(Waiting, args, cancellationToken: ct))).AsList();
            next = await session.ExecuteScalarAsync<double?>(new CommandDefinition(NextDue, args, cancellationToken: ct));
        }
        foreach (var due in waiting)
        {
            if (_turns.Count >= _options.MaxAccounts) break;
            await TakeAsync(due, ct);
        }
        await Task.Delay(MinPause, clock, ct);
        await wake.AtMostAsync(next is { } seconds && seconds < _options.LookEvery.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : _options.LookEvery, clock, ct);
    }

    private async Task TakeAsync(Due due, CancellationToken ct)
    {
        if (_failed.TryGetValue(due.AccountId, out var failure) && clock.GetElapsedTime(failure.FailedAt) < failure.Pause) return;
        if (await CabinetLease.TryTakeAsync(db.Reading, clock, due.ProjectId, due.AccountId, _owner, _options.Lease, ct) is not { } lease) return;
        // Registered before it runs: a turn that ends at once must find itself to take itself out.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _turns[due.AccountId] = RunAsync(lease, started.Task, ct);
        started.SetResult();
    }

    private async Task RunAsync(CabinetLease lease, Task started, CancellationToken ct)
    {
        await started;
        var account = lease.Row.AccountId;
        try
        {
            await using (lease) await work.RunAsync(lease, ct);
            _failed.TryRemove(account, out _);
        }
        catch (Exception e)
        {
            var pause = _failed.TryGetValue(account, out var before) ? TimeSpan.FromSeconds(Math.Min(before.Pause.TotalSeconds * 2, 60)) : TimeSpan.FromSeconds(1);
            _failed[account] = (clock.GetTimestamp(), pause);
            log.Threw(e, account, pause);
        }
        finally
        {
            _turns.TryRemove(account, out _);
            signal.Wake();
        }
    }

    private async Task MeasureAsync(CancellationToken ct)
    {
        await using (var session = await db.Reading.OpenConnectionAsync(ct))
            CabinetMetrics.Measured((await session.QueryAsync<CabinetMetrics.Measure>(new CommandDefinition(State, new { Now = clock.GetUtcNow() }, cancellationToken: ct))).AsList());
        await Task.Delay(MeasureEvery, clock, ct);
    }

    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(30);

    // However often it is woken, it looks at most so often.
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Due(Guid ProjectId, Guid AccountId);

    private const string Waiting = """
        select c.project_id, c.account_id from spend_cabinets c
        where c.state = 'active' and not c.paused and c.lease_until < clock_timestamp() and not c.account_id = any(@Mine)
            and (c.schedule_at <= @Now or exists (select 1 from spend_loads l where l.project_id = c.project_id and l.account_id = c.account_id and l.state = 'waiting' and l.next_at <= @Now))
        order by c.worked_at nulls first limit @Limit
        """;

    private const string NextDue = """
        select extract(epoch from min(n.at) - @Now)::float8 from (
            select least(c.schedule_at, (select min(l.next_at) from spend_loads l where l.project_id = c.project_id and l.account_id = c.account_id and l.state = 'waiting')) as at
            from spend_cabinets c where c.state = 'active' and not c.paused and c.lease_until < clock_timestamp() and not c.account_id = any(@Mine)) n
        where n.at > @Now
        """;

    private const string State = """
        select a.kind, count(*) filter (where c.state = 'needs_reauth')::float8 as needs_reauth,
            greatest(0, coalesce(max(extract(epoch from @Now - l.at)) filter (where c.state = 'active' and not c.paused), 0))::float8 as oldest_due_seconds
        from spend_cabinets c join spend_accounts a on a.project_id = c.project_id and a.id = c.account_id
        cross join lateral (select min(l.created_at) as at from spend_loads l where l.project_id = c.project_id and l.account_id = c.account_id and l.state = 'waiting' and l.reason <> 'first') l
        group by a.kind
        """;
}
