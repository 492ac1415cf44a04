using System.Threading.Channels;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Numbers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Visits;

/// <summary>
/// The node's writer of visits (group commit, like <see cref="Writer"/> for leads): its one loop takes all beacons that wait, writes those of one project in
/// one transaction and answers each only after its commit. One batch at a time: what comes meanwhile makes the next one larger, no two batches wait for
/// each other's rows, and a visitor is never in two of them. A flood of beacons does not stand in the way of leads: it has its own channel and its own limits.
/// </summary>
internal sealed partial class VisitWriter(Database db, DatabaseGate gate, IOptions<VisitOptions> options, IOptions<IngestOptions> ingest, VisitDirectory directory,
    NumberMetrics metrics, IHeartbeat heartbeat, TimeProvider clock, ILogger<VisitWriter> log) : BackgroundService
{
    /// <summary>After a fault of the loop itself, so that it cannot spin.</summary>
    private static readonly TimeSpan LoopPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How often an idle loop says that it is there; health asks for every 30 s.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(10);

    private const int Attempts = 6;
    private readonly VisitOptions _options = options.Value;
    private readonly Channel<VisitItem> _channel = Channel.CreateUnbounded<VisitItem>(new() { SingleReader = true });
    private readonly SemaphoreSlim _slots = new(options.Value.ChannelCapacity);
    private readonly Queue<VisitItem> _others = new(); // beacons of other projects, met while a batch of one project was gathered
    private Task<bool>? _more;
    private volatile bool _stopping;

    /// <summary>The driver waits for a silent server beyond the token's end; callers are not kept for that.</summary>
    private TimeSpan Bound => TimeSpan.FromMilliseconds(ingest.Value.DatabaseTimeoutMs + 200);

    /// <summary>Hands a beacon to the loop and waits until it is committed.</summary>
    /// <returns>Null when no place came free in time: nothing was taken.</returns>
    public async Task<VisitResult?> WriteAsync(VisitItem item, CancellationToken ct)
    {
        if (!gate.IsOpen) return new VisitResult.Unavailable();
        if (_stopping || (!_slots.Wait(0, ct) && !await _slots.WaitAsync(ingest.Value.SlotWaitMs, ct))) return null;
        try
        {
            if (!_channel.Writer.TryWrite(item)) return null;
            return await item.Written;
        }
        finally
        {
            _slots.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Everything admitted is committed and answered; the loop ends when the channel is empty.
        _stopping = true;
        _channel.Writer.TryComplete();
        if (ExecuteTask is { } loop) await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var items = Gather();
            try
            {
                heartbeat.Beat(nameof(VisitWriter));
                if (items.Count > 0)
                {
                    await CommitAsync(items);
                    continue;
                }
                if (_more is null or { IsCompleted: true }) _more = _channel.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
                // A wait that is over leaves no timer behind: there may be thousands of them a second.
                await ((Task)_more).WaitAsync(BeatEvery, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_more.IsCompleted && !await _more) break;
            }
            catch (Exception e)
            {
                LogFailed(e);
                Refuse(items);
                await Task.Delay(LoopPause, CancellationToken.None);
            }
        }
        heartbeat.Stop(nameof(VisitWriter));
    }

    /// <summary>Takes what waits, of one project: that of the beacon that has waited longest.</summary>
    private List<VisitItem> Gather()
    {
        var items = new List<VisitItem>();
        // All the way round, so that what stays keeps its order.
        for (var others = _others.Count; others > 0; others--) Sort(_others.Dequeue());
        while (items.Count < _options.MaxBatch && _channel.Reader.TryRead(out var item)) Sort(item);
        return items;

        void Sort(VisitItem item)
        {
            if (items.Count < _options.MaxBatch && (items.Count == 0 || items[0].Facts.Site.ProjectId == item.Facts.Site.ProjectId)) items.Add(item);
            else _others.Enqueue(item);
        }
    }

    /// <summary>Writes and answers one batch. Never throws for the database or the data: every item gets its answer.</summary>
    private async Task CommitAsync(List<VisitItem> items)
    {
        using var limit = new CancellationTokenSource(ingest.Value.DatabaseTimeoutMs);
        for (var attempt = 1; ; attempt++)
        {
            if (!gate.IsOpen)
            {
                Refuse(items);
                return;
            }
            try
            {
                var strays = await TryCommitAsync(items, limit.Token).WaitAsync(Bound);
                if (strays.Count == 0) return;
                // Somebody else's visit is not touched: the beacon opens one of its own, and its sender learns the id.
                foreach (var stray in strays) stray.Facts = stray.Facts with { Id = Guid.CreateVersion7(clock.GetUtcNow()) };
                items = strays;
            }
            catch (PostgresException e) when (DatabaseFaults.IsStale(e) && attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(1, 10 * attempt));
            }
            catch (Exception e) when (DatabaseFaults.IsData(e))
            {
                await SplitAsync(items, DatabaseFaults.SqlStateOf(e));
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or TimeoutException)
            {
                // Too slow for callers who wait, which is no reason to turn leads away. Whoever waits behind this batch would only wait as long once more.
                LogSlow(items.Count);
                Refuse(items);
                for (var waiting = Gather(); waiting.Count > 0; waiting = Gather()) Refuse(waiting);
                return;
            }
            catch (Exception e)
            {
                if (DatabaseFaults.IsAway(e)) gate.Close($"{e.GetType().Name}: {e.Message}");
                else LogFailed(e);
                Refuse(items);
                return;
            }
        }
    }

    /// <returns>Beacons that named a visit of somebody else, unanswered.</returns>
    private async Task<List<VisitItem>> TryCommitAsync(List<VisitItem> items, CancellationToken limit)
    {
        var batch = new VisitBatch(items);
        await using var connection = await db.Ingest.OpenConnectionAsync(limit);
        metrics.Lent(await batch.ExecuteAsync(connection, clock.GetUtcNow(), limit));
        foreach (var visit in batch.Opened) directory.Remember(visit);
        batch.Answer();
        return batch.Strays;
    }

    /// <summary>One poisoned beacon never fails its neighbours: halves until it stands alone.</summary>
    private async Task SplitAsync(List<VisitItem> items, string sqlState)
    {
        if (items.Count == 1)
        {
            LogPoisoned(sqlState);
            items[0].Complete(new VisitResult.Poisoned(sqlState));
            return;
        }
        var half = items.Count / 2;
        await CommitAsync(items.GetRange(0, half));
        await CommitAsync(items.GetRange(half, items.Count - half));
    }

    private static void Refuse(List<VisitItem> items)
    {
        foreach (var item in items) item.Complete(new VisitResult.Unavailable());
    }

    [LoggerMessage(1, LogLevel.Error, "a beacon could not be stored: SQLSTATE {SqlState}")]
    private partial void LogPoisoned(string sqlState);

    [LoggerMessage(3, LogLevel.Warning, "{Items} beacons were told to come again: the database is slow with them")]
    private partial void LogSlow(int items);

    [LoggerMessage(2, LogLevel.Error, "batch of visits failed")]
    private partial void LogFailed(Exception e);
}
