using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Api.Import;
using LeadIngest.Api.Privacy;
using LeadIngest.Crm;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// One a process: finds accounts with something to do, takes their leases, oldest due first, and runs a loop for each. See README.md beside it.
/// </summary>
internal sealed class DeliveryWorker(Database db, DeliverySignal signal, CrmAccountPool accounts, DeliveryMetrics metrics, IHeartbeat heartbeat, TimeProvider clock,
    IOptions<DeliveryOptions> options, IOptions<CrmTimings> timings, IOptions<ImportOptions> import, HookSecrets hookSecrets, ErasedPeople erased, ILogger<DeliveryWorker> log) : BackgroundService
{
    private readonly DeliveryTools _tools = new(db.Delivery, signal, accounts, metrics, clock, options.Value, log) { ImportDb = db.Import, Import = import.Value, HookSecrets = hookSecrets, Erased = erased };
    private readonly ConcurrentDictionary<string, (AccountLoop Loop, Task Run)> _loops = new();
    private readonly ConcurrentDictionary<string, (long FailedAt, TimeSpan Pause)> _failed = new();
    private readonly string _owner = $"{Environment.MachineName}/{Guid.CreateVersion7():N}";
    private readonly DeliveryOptions _options = options.Value;
    private readonly DeliverySignal _ended = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        // BackgroundService runs the first synchronous part inside the host's start.
        await Task.Yield();
        await Task.WhenAll(
            new SteadyLoop("queue", clock, log).RunAsync(LookForWorkAsync, stoppingToken),
            new SteadyLoop("listener", clock, log).RunAsync(ct => DeliveryListener.RunAsync(db.Delivery, signal, ct), stoppingToken),
            new SteadyLoop("backlog", clock, log).RunAsync(MeasureAsync, stoppingToken));
        await Task.WhenAll(_loops.Values.Select(l => l.Run));
    }

    private async Task LookForWorkAsync(CancellationToken ct)
    {
        heartbeat.Beat(nameof(DeliveryWorker));
        var wake = Task.WhenAny(signal.Next, _ended.Next);
        foreach (var account in await WaitingAccountsAsync(ct))
        {
            var hanging = _loops.Values.Count(l => l.Loop.Hangs);
            if (_loops.Count - Math.Min(hanging, _options.MaxHanging) >= _options.MaxAccounts)
            {
                foreach (var (loop, _) in _loops.Values) loop.AskToYield();
                break;
            }
            await TakeAsync(account, ct);
        }
        await Task.Delay(MinPause, clock, ct);
        await wake.AtMostAsync(_options.PollEvery, clock, ct);
    }

    private async Task TakeAsync(WaitingAccount account, CancellationToken ct)
    {
        if (_failed.TryGetValue(account.AccountKey, out var failure) && clock.GetElapsedTime(failure.FailedAt) < failure.Pause) return;
        var terms = new LeaseTerms(account.AccountKey, _owner, _options.LeaseFor(account.Crm, timings.Value), _options.RenewEvery,
            _options.CallBudget(account.Crm, timings.Value));
        if (await AccountLease.TryTakeAsync(db.Delivery, clock, terms, ct) is not { } lease) return;
        log.AccountTaken(lease.AccountKey, lease.Token, lease.TakenOver);
        var loop = new AccountLoop(_tools, lease, new CallWatch(clock));
        // Registered before it runs: a loop that ends at once must find itself to take itself out.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loops[account.AccountKey] = (loop, RunAsync(loop, started.Task, ct));
        started.SetResult();
    }

    private async Task RunAsync(AccountLoop loop, Task started, CancellationToken ct)
    {
        await started;
        try
        {
            await loop.RunAsync(ct);
            _failed.TryRemove(loop.AccountKey, out _);
        }
        catch (Exception e)
        {
            var pause = _failed.TryGetValue(loop.AccountKey, out var before) ? TimeSpan.FromSeconds(Math.Min(before.Pause.TotalSeconds * 2, 30)) : TimeSpan.FromSeconds(1);
            _failed[loop.AccountKey] = (clock.GetTimestamp(), pause);
            log.AccountFailed(e, loop.AccountKey, pause);
        }
        finally
        {
            _loops.TryRemove(loop.AccountKey, out _);
            // Its place is free for another account, and the account itself may be wanted again.
            _ended.Wake();
        }
    }

    private async Task MeasureAsync(CancellationToken ct)
    {
        await using (var session = await db.Delivery.OpenConnectionAsync(ct))
            DeliveryMetrics.Measured((await session.QueryAsync<DeliveryMetrics.Backlog>(new CommandDefinition(Backlog, cancellationToken: ct))).AsList());
        await Task.Delay(_options.MeasureEvery, clock, ct);
    }

    private async Task<IReadOnlyList<WaitingAccount>> WaitingAccountsAsync(CancellationToken ct)
    {
        await using var session = await db.Delivery.OpenConnectionAsync(ct);
        var waiting = await session.QueryAsync<WaitingAccount>(new CommandDefinition(Waiting,
            new { Mine = _loops.Keys.ToArray(), Limit = _options.MaxAccounts * 4 }, cancellationToken: ct));
        return waiting.AsList();
    }

    private sealed record WaitingAccount(string AccountKey, string Crm);

    // A storm of wake-ups looks for new accounts at most so often; accounts that are held are woken without this loop.
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);

    // Accounts that only have something to read come after all that have something to deliver.
    // A few index probes a connection. A row left in sending is work too: its worker is gone, and nothing else would ever bring it back.
    private const string Waiting = $"""
        select w.account_key, min(w.crm) as crm
        from (
            select c.account_key, c.crm,
                -- An account that was told to wait (breaker, rate limit) must not take the place of one that can work.
                case when {ConnectionRow.MayWork} and (a.retry_at is null or a.retry_at <= clock_timestamp()) then (
                    select d.next_attempt_at from deliveries d
                    where d.connection_id = c.id and d.state in ('pending', 'in_doubt') order by d.next_attempt_at limit 1) end as due,
                (select min(d.sent_at) from deliveries d where d.connection_id = c.id and d.state = 'sending') as orphan,
                case when c.state = 'active' and (a.retry_at is null or a.retry_at <= clock_timestamp()) then (
                    select least(i.next_at, r.next_at) from crm_imports i left join deal_readings r on r.project_id = i.project_id and r.connection_id = i.connection_id
                    where i.project_id = c.project_id and i.connection_id = c.id) end as reading
            from connections c left join crm_accounts a using (account_key)
            where (a.account_key is null or a.lease_until < clock_timestamp()) and not c.account_key = any(@Mine)) w
        where w.due <= clock_timestamp() or w.orphan is not null or w.reading <= clock_timestamp()
        group by w.account_key
        order by min(least(case when w.due <= clock_timestamp() then w.due end, w.orphan)) nulls last, min(w.reading) limit @Limit
        """;

    // Counted up to a bound: past it "many" is all that anybody needs to know, and counting must stay cheap.
    private const string Backlog = """
        select c.id as connection_id, c.crm, n.rows::int as rows, greatest(0, coalesce(extract(epoch from clock_timestamp() - o.due), 0))::float8 as oldest_due_seconds
        from connections c
        cross join lateral (
            select count(*) as rows from (select 1 from deliveries d where d.connection_id = c.id and d.state in ('pending', 'in_doubt') limit 100000) d) n
        left join lateral (
            select d.next_attempt_at as due from deliveries d
            where d.connection_id = c.id and d.state in ('pending', 'in_doubt') order by d.next_attempt_at limit 1) o on true
        """;
}
