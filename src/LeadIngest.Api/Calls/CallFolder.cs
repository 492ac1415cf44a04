using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Operations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Calls;

/// <summary>
/// One a process: takes calls whose events the row does not show yet and has them folded. Any number of nodes: a call is leased by moving its
/// <c>fold_at</c>, so that a node that dies leaves it to others; what two of them write is the same.
/// </summary>
internal sealed partial class CallFolder(Database db, CallFold fold, CallSignal signal, CallMetrics metrics, IHeartbeat heartbeat, TimeProvider clock,
    IOptions<CallsOptions> options, ILogger<CallFolder> log) : BackgroundService
{
    private const int AtOnce = 4;
    private readonly CallsOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        // BackgroundService runs the first synchronous part inside the host's start.
        await Task.Yield();
        await Task.WhenAll(
            new SteadyLoop("calls", clock, log).RunAsync(TurnAsync, stoppingToken),
            new SteadyLoop("calls listener", clock, log).RunAsync(ListenAsync, stoppingToken));
        heartbeat.Stop(nameof(CallFolder));
    }

    private async Task TurnAsync(CancellationToken ct)
    {
        heartbeat.Beat(nameof(CallFolder));
        var wake = signal.Next;
        var now = clock.GetUtcNow();
        List<CallKey> due;
        double? next;
        await using (var connection = await db.Delivery.OpenConnectionAsync(ct))
        {
            due = (await connection.QueryAsync<CallKey>(new CommandDefinition(Claim, new { Now = now, Lease = now + _options.Lease, _options.Batch }, cancellationToken: ct))).AsList();
            next = due.Count > 0 ? null : await connection.ExecuteScalarAsync<double?>(new CommandDefinition(Next, new { Now = now }, cancellationToken: ct));
        }
        if (due.Count > 0)
        {
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, FoldAsync);
            return;
        }
        var pause = next is { } seconds && seconds < _options.PollEvery.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0.01, seconds)) : _options.PollEvery;
        await wake.AtMostAsync(pause, clock, ct);
    }

    /// <summary>A call that cannot be folded stays leased, comes back when the lease is over, and stops nobody else.</summary>
    private async ValueTask FoldAsync(CallKey call, CancellationToken ct)
    {
        try
        {
            metrics.Fold(await fold.FoldAsync(call, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            metrics.Fold("failed");
            LogFailed(e, call.Id);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        connection.Notification += (_, _) => signal.Wake();
        await using (var listen = new NpgsqlCommand($"listen {CallSignal.Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        // What was committed while nobody listened.
        signal.Wake();
        while (true) await connection.WaitAsync(ct);
    }

    private const string Claim = """
        update calls c set fold_at = @Lease
        from (select project_id, id from calls where fold_at <= @Now order by fold_at limit @Batch for update skip locked) due
        where c.project_id = due.project_id and c.id = due.id
        returning c.project_id, c.id
        """;

    private const string Next = "select extract(epoch from min(fold_at) - @Now)::float8 from calls where fold_at is not null";

    [LoggerMessage(1, LogLevel.Error, "call {Call} could not be folded")]
    private partial void LogFailed(Exception e, Guid call);
}

/// <summary>One call's row.</summary>
internal sealed record CallKey(Guid ProjectId, Guid Id);
