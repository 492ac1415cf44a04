using System.Threading.Channels;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Core;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// The node's one writer loop (group commit). It takes all that wait, resolves their clients and writes them in one transaction a project; an item is
/// answered only after its commit. While one batch is being written the next is already looked up; what the first changes is laid over what the
/// second read, so that resolution inside a node never races.
/// </summary>
internal sealed partial class Writer(Database db, DatabaseGate gate, IOptions<IngestOptions> options, DeliverySignal signal, IngestMetrics metrics,
    IHeartbeat heartbeat, TimeProvider clock, ILogger<Writer> log) : BackgroundService
{
    /// <summary>After a fault of the loop itself, so that it cannot spin.</summary>
    private static readonly TimeSpan LoopPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How often an idle loop says that it is there; health asks for every 30 s.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(10);

    private readonly IngestOptions _options = options.Value;

    /// <summary>The driver asks a silent server to cancel and waits for its word, for seconds beyond the token's end; callers are not kept for that.</summary>
    private TimeSpan Bound => TimeSpan.FromMilliseconds(_options.DatabaseTimeoutMs + 200);

    private readonly Channel<IngestItem> _channel = Channel.CreateUnbounded<IngestItem>(new() { SingleReader = true });
    private readonly SemaphoreSlim _slots = new(options.Value.ChannelCapacity);
    private readonly Queue<IngestItem> _others = new(); // items of other projects, met while a batch of one project was gathered
    private readonly BatchPlanner _planner = new(new OrderedIds(clock));
    private Task<bool>? _more;

    /// <summary>How many waiting leads are worth a look-up while the batch before is still being written: half of that batch. One by one costs a round trip each.</summary>
    private int _worthALookUp = 1;
    private volatile bool _stopping;

    /// <summary>Hands an item to the loop and waits until it is committed; the caller's hang-up does not matter any more once it was taken.</summary>
    /// <returns>Null when no place came free in time: nothing was taken, the caller may come again.</returns>
    public async Task<IngestResult?> WriteAsync(IngestItem item, CancellationToken ct)
    {
        if (!gate.IsOpen) return new IngestResult.Unavailable();
        if (_stopping || (!_slots.Wait(0, ct) && !await _slots.WaitAsync(_options.SlotWaitMs, ct))) return null;
        IngestMetrics.Entered();
        try
        {
            if (!_channel.Writer.TryWrite(item)) return null;
            return await item.Written;
        }
        finally
        {
            IngestMetrics.Left();
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
        var inFlight = Task.FromResult<BatchPlan?>(null);
        while (true)
        {
            var items = new List<IngestItem>();
            try
            {
                heartbeat.Beat(nameof(Writer));
                if (_others.Count == 0 && !_channel.Reader.TryPeek(out _))
                {
                    // One wait at a time: the channel has a single reader.
                    if (_more is null or { IsCompleted: true }) _more = _channel.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
                    if (!_more.IsCompleted && await Task.WhenAny(_more, Task.Delay(BeatEvery, clock, CancellationToken.None)) != _more) continue;
                    if (!await _more) break;
                }
                var overlapping = !inFlight.IsCompleted;
                var known = await GatherAsync(items, inFlight);
                var previous = await inFlight;
                if (items.Count == 0) continue;
                // A batch that failed or was split may have changed more than its plan says: read anew.
                if (overlapping && previous is null) known = null;
                inFlight = CommitAsync(items, known, overlapping ? previous : null);
            }
            catch (Exception e)
            {
                Fail(items, e);
                inFlight = Task.FromResult<BatchPlan?>(null);
                await Task.Delay(LoopPause, CancellationToken.None);
            }
        }
        await inFlight;
        heartbeat.Stop(nameof(Writer));
    }

    /// <summary>Collects a batch of one project and looks it up, piece by piece as items come, for as long as the batch before it is being written.</summary>
    /// <returns>Null when the look-up failed: it is then done again before writing.</returns>
    private async Task<Knowledge?> GatherAsync(List<IngestItem> items, Task inFlight)
    {
        var known = new Knowledge();
        var (failed, lookedUp) = (false, 0);
        while (true)
        {
            Drain(items);
            var last = inFlight.IsCompleted || items.Count >= _options.MaxBatch;
            // While the door is closed these only came too late to be refused at it: not another round of waiting for a silent database.
            failed |= !gate.IsOpen;
            if (items.Count > lookedUp && !failed && (last || items.Count - lookedUp >= _worthALookUp))
            {
                try
                {
                    await LookUpAsync(items.GetRange(lookedUp, items.Count - lookedUp), known).WaitAsync(Bound);
                    lookedUp = items.Count;
                }
                catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
                {
                    failed = true;
                    // An answer, even a refusal, is the business of the commit; silence is not waited for a second time.
                    if (e is not PostgresException) gate.Close($"{e.GetType().Name}: {e.Message}");
                }
            }
            if (last)
            {
                metrics.Batch(items.Count);
                _worthALookUp = Math.Max(1, items.Count / 2);
                return failed ? null : known;
            }
            if (_more is null or { IsCompleted: true }) _more = _channel.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(inFlight, _more);
            if (_channel.Reader.Completion.IsCompleted) await inFlight;
        }
    }

    private async Task LookUpAsync(List<IngestItem> items, Knowledge known)
    {
        using var limit = new CancellationTokenSource(_options.DatabaseTimeoutMs);
        await using var connection = await db.Ingest.OpenConnectionAsync(limit.Token);
        await BatchLookup.ReadAsync(connection, items, known, limit.Token);
    }

    private void Drain(List<IngestItem> items)
    {
        // All the way round, so that what stays keeps its order.
        for (var others = _others.Count; others > 0; others--)
        {
            var item = _others.Dequeue();
            if (items.Count == 0 || (items.Count < _options.MaxBatch && items[0].Site.ProjectId == item.Site.ProjectId)) items.Add(item);
            else _others.Enqueue(item);
        }
        while (items.Count < _options.MaxBatch && _channel.Reader.TryRead(out var item))
        {
            if (items.Count == 0 || items[0].Site.ProjectId == item.Site.ProjectId) items.Add(item);
            else _others.Enqueue(item);
        }
    }

    /// <summary>Plans, writes and answers one batch. Never throws: every item gets its answer.</summary>
    /// <returns>The committed plan, to be laid over what the next batch read; null when there is none or it was split.</returns>
    private async Task<BatchPlan?> CommitAsync(List<IngestItem> items, Knowledge? known, BatchPlan? previous)
    {
        // Off the loop's turn: planning of this batch must not delay gathering of the next.
        await Task.Yield();
        const int Attempts = 6;
        if (!gate.IsOpen)
        {
            // The batch before this one met the outage: to wait for it once more would only keep these callers longer.
            Refuse(items);
            return null;
        }
        using var limit = new CancellationTokenSource(_options.DatabaseTimeoutMs);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryCommitAsync(items, known, previous, limit.Token).WaitAsync(Bound);
            }
            catch (PostgresException e) when (DatabaseFaults.IsStale(e) && attempt < Attempts)
            {
                // Another node was first, or an unwritten twin of a key: read again and decide anew.
                metrics.Stale();
                (known, previous) = (null, null); // the one before is committed: what is read now includes it
                await Task.Delay(Random.Shared.Next(1, 10 * attempt));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // Somebody holds a row or a table for longer than callers may wait; the database itself is well.
                LogLocked(items.Count);
                Refuse(items);
                return null;
            }
            catch (Exception e) when (DatabaseFaults.IsData(e) || DatabaseFaults.IsStale(e))
            {
                await SplitAsync(items, e);
                return null;
            }
            catch (Exception e)
            {
                Fail(items, e);
                return null;
            }
        }
    }

    /// <summary>After its limit an attempt writes and plans nothing any more: nobody may be waiting for it, and the planner is the next batch's.</summary>
    private async Task<BatchPlan> TryCommitAsync(List<IngestItem> items, Knowledge? known, BatchPlan? previous, CancellationToken limit)
    {
        await using var connection = await db.Ingest.OpenConnectionAsync(limit);
        if (known is null)
        {
            known = new Knowledge();
            previous = null;
            await BatchLookup.ReadAsync(connection, items, known, limit);
        }
        limit.ThrowIfCancellationRequested();
        var book = ClientBooks.Open(items, known, previous);
        var plan = await _planner.PlanAsync(items, book, known, async clients =>
        {
            await BatchLookup.FactsAsync(connection, items[0].Site.ProjectId, clients, limit);
            limit.ThrowIfCancellationRequested();
        });
        if (!plan.IsEmpty) await BatchWrite.ExecuteAsync(connection, plan, limit);
        foreach (var (item, result) in plan.Settled) item.Complete(result);
        foreach (var (item, result) in plan.Answers) item.Complete(result);
        if (plan.WakesDelivery) signal.Wake();
        ClientBooks.Committed(plan);
        return plan;
    }

    /// <summary>One poisoned item never fails its neighbours: halves until it stands alone.</summary>
    private async Task SplitAsync(List<IngestItem> items, Exception e)
    {
        if (items.Count == 1)
        {
            var state = DatabaseFaults.SqlStateOf(e);
            LogPoisoned(state, items[0].GetType().Name);
            items[0].Complete(DatabaseFaults.IsStale(e) ? new IngestResult.Unavailable() : new IngestResult.Poisoned(state));
            return;
        }
        var half = items.Count / 2;
        await CommitAsync(items.GetRange(0, half), null, null);
        await CommitAsync(items.GetRange(half, items.Count - half), null, null);
    }

    private void Fail(List<IngestItem> items, Exception e)
    {
        if (DatabaseFaults.IsAway(e)) gate.Close($"{e.GetType().Name}: {e.Message}");
        else LogFailed(e);
        Refuse(items);
    }

    private static void Refuse(List<IngestItem> items)
    {
        foreach (var item in items) item.Complete(new IngestResult.Unavailable());
    }

    [LoggerMessage(10, LogLevel.Error, "{Item} could not be stored: SQLSTATE {SqlState}")]
    private partial void LogPoisoned(string sqlState, string item);

    [LoggerMessage(12, LogLevel.Warning, "{Items} items were told to come again: what they write is locked")]
    private partial void LogLocked(int items);

    [LoggerMessage(11, LogLevel.Error, "batch failed")]
    private partial void LogFailed(Exception e);
}
