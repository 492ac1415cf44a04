using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Rebuilds;

/// <summary>A rebuild that this node works on.</summary>
internal sealed class RebuildRow
{
    public Guid ProjectId { get; init; }
    public Guid Id { get; init; }
    public string What { get; init; } = "";
    public string Phase { get; set; } = "";
    public Guid? Cursor { get; set; }
    public string? Request { get; init; }
    public int Attempts { get; init; }
    public Guid Lease { get; init; }

    /// <summary>Whether passports are written again.</summary>
    public bool IsOfPassports => What is "dictionary" or "all";
}

/// <summary>
/// One a process: takes rebuilds that wait, oldest first, one at a time a project over all nodes, and goes on where a node that died has left one. Every
/// batch is a short transaction of its own that also says how far it came; it commits only while the lease is this node's.
/// </summary>
internal sealed partial class RebuildWorker(Database db, SourceDictionaries dictionaries, RebuildSignal signal, TimeProvider clock, IOptions<RebuildOptions> options, ILogger<RebuildWorker> log)
    : BackgroundService
{
    private const int MostAttempts = 5;
    private readonly RebuildOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        await Task.Yield();
        await new SteadyLoop("rebuilds", clock, log).RunAsync(TurnAsync, stoppingToken);
    }

    private async Task TurnAsync(CancellationToken ct)
    {
        var wake = signal.Next;
        if (await TakeAsync(ct) is { } row) await WorkAsync(row, ct);
        else await wake.AtMostAsync(_options.PollEvery, clock, ct);
    }

    private async Task<RebuildRow?> TakeAsync(CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        try
        {
            return await connection.QuerySingleOrDefaultAsync<RebuildRow>(new CommandDefinition(Take, new { Lease = Guid.CreateVersion7(clock.GetUtcNow()), For = _options.Lease }, cancellationToken: ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null; // another node took another one of the project in the same moment
        }
    }

    private async Task WorkAsync(RebuildRow row, CancellationToken ct)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var keeping = KeepAsync(row, own);
        try
        {
            if (row.What == "preview") await PreviewAsync(row, own.Token);
            else await RebuildAsync(row, own.Token);
            LogDone(row.Id, row.What);
        }
        catch (LeaseLostException)
        {
            // Cancelled by a person, or another node goes on.
        }
        catch (Exception e) when (own.IsCancellationRequested && e is OperationCanceledException or NpgsqlException)
        {
            // This node stops, or the lease was lost: another goes on from the last batch.
            await LetGoAsync(row, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, row.Id, row.Phase);
            await LetGoAsync(row, e is PostgresException failed ? $"{row.Phase}: SQLSTATE {failed.SqlState}" : $"{row.Phase}: {e.GetType().Name}");
        }
        finally
        {
            await own.CancelAsync();
            await keeping;
        }
    }

    /// <summary>Keeps the lease, and stops the work when it is lost or a person has cancelled it.</summary>
    private async Task KeepAsync(RebuildRow row, CancellationTokenSource own)
    {
        while (!own.IsCancellationRequested)
        {
            await Task.Delay(_options.Lease / 4, clock, own.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (own.IsCancellationRequested) return;
            try
            {
                await using var connection = await db.Reading.OpenConnectionAsync(own.Token);
                if (await connection.ExecuteAsync(new CommandDefinition($"update rebuilds set lease_until = clock_timestamp() + @For {Mine}", Args(row), cancellationToken: own.Token)) == 0) await own.CancelAsync();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                // The next turn, or the batches themselves, will find out.
            }
        }
    }

    private async Task RebuildAsync(RebuildRow row, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (row.Phase == "before")
        {
            await FigureSnapshot.KeepAsync(connection, row.ProjectId, row.Id, "before", await FormerAsync(connection, row, ct), ct);
            var total = row.IsOfPassports ? await PassportRows.CountAsync(connection, row.ProjectId, null, int.MaxValue, ct) : 0;
            await MoveAsync(connection, row, row.IsOfPassports ? "visits" : "figures", ", total = @Total", total, ct);
        }
        foreach (var table in (string[])["visits", "leads"])
            if (row.Phase == table)
            {
                await PassportsAsync(connection, row, table, ct);
                // Nodes keep young visits at hand, for the leads that come from them.
                await connection.ExecuteAsync(new CommandDefinition("select pg_notify('projects', @Project::text)", Args(row), cancellationToken: ct));
                await MoveAsync(connection, row, table == "visits" ? "leads" : "figures", "", 0, ct);
            }
        if (row.Phase == "figures")
        {
            await connection.ExecuteAsync(new CommandDefinition("select stale_figures(@Project)", Args(row), cancellationToken: ct));
            await MoveAsync(connection, row, "after", "", 0, ct);
        }
        await FigureSnapshot.KeepAsync(connection, row.ProjectId, row.Id, "after", await dictionaries.ReadAsync(connection, row.ProjectId, ct), ct);
        await connection.ExecuteAsync(new CommandDefinition(Forget, new { Project = row.ProjectId, row.Id, Keep }, cancellationToken: ct));
        await MoveAsync(connection, row, "after", $", entries = ({EntriesNow}), state = 'done', finished_at = clock_timestamp(), lease = null, lease_until = null, error = null", 0, ct);
    }

    /// <summary>What the rebuild before went by: spend has no passport that would remember its former name.</summary>
    private static async Task<SourceDictionary> FormerAsync(NpgsqlConnection connection, RebuildRow row, CancellationToken ct)
    {
        var entries = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select entries::text from rebuilds where project_id = @Project and state = 'done' and entries is not null order by finished_at desc limit 1", new { Project = row.ProjectId }, cancellationToken: ct));
        return entries is null ? SourceDictionary.Default : SourceDictionary.Default.With(JsonSerializer.Deserialize<PreviewQuestion.Line[]>(entries, PreviewQuestion.Json)!.Select(l => l.ToEntry()));
    }

    private async Task PassportsAsync(NpgsqlConnection connection, RebuildRow row, string table, CancellationToken ct)
    {
        var rows = await PassportRows.OpenAsync(connection, row.ProjectId, ct);
        while (true)
        {
            // By the dictionary of this moment: a lead that came a moment ago must not be named by an older one.
            var dictionary = await dictionaries.ReadAsync(connection, row.ProjectId, ct);
            var batch = await rows.ReadAsync(connection, table, row.Cursor ?? Guid.Empty, _options.Batch, null, dictionary, ct);
            if (batch.Count == 0) return;
            await using (var tx = await connection.BeginTransactionAsync(ct))
            {
                // All figures are computed anew in the end, or when the rebuild is given up: a mark for each row would only be work.
                await connection.ExecuteAsync(new CommandDefinition("set local leadingest.marks = 'off'", transaction: tx, cancellationToken: ct));
                var changed = await rows.WriteAsync(connection, tx, table, [.. batch.Where(r => r.IsChanged)], ct);
                await ProgressAsync(connection, tx, row, batch[^1].Id, batch.Count, changed, batch.Count(r => r.Again is null), ct);
                await tx.CommitAsync(ct);
            }
            row.Cursor = batch[^1].Id;
            if (_options.Pause > TimeSpan.Zero) await Task.Delay(_options.Pause, clock, ct);
        }
    }

    private async Task PreviewAsync(RebuildRow row, CancellationToken ct)
    {
        var question = JsonSerializer.Deserialize<PreviewQuestion>(row.Request!, PreviewQuestion.Json)!;
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var (within, _) = await Preview.BoundsAsync(connection, row.ProjectId, question, ct);
        // From the beginning: nothing was written, so nothing is kept of an attempt that was cut off.
        await MoveAsync(connection, row, "leads", ", done = 0, total = @Total", await PassportRows.CountAsync(connection, row.ProjectId, within, int.MaxValue, ct), ct);
        await using var progress = await db.Reading.OpenConnectionAsync(ct);
        var answer = await Preview.RunAsync(connection, row.ProjectId, question, (done, token) => ProgressAsync(progress, null, row, null, done, 0, 0, token), ct);
        await OwnedAsync(connection, null, row, $"update rebuilds set phase = 'after', state = 'done', finished_at = clock_timestamp(), lease = null, lease_until = null, error = null, result = @Result::jsonb {Mine}",
            new { Project = row.ProjectId, row.Id, row.Lease, Result = JsonSerializer.Serialize(answer, PreviewQuestion.Json) }, ct);
    }

    private Task ProgressAsync(NpgsqlConnection connection, NpgsqlTransaction? tx, RebuildRow row, Guid? cursor, int done, int changed, int kept, CancellationToken ct) =>
        OwnedAsync(connection, tx, row, $"update rebuilds set cursor = @Cursor, done = done + @Done, changed = changed + @Changed, kept = kept + @Kept, attempts = 0, lease_until = clock_timestamp() + @For {Mine}",
            new { Project = row.ProjectId, row.Id, row.Lease, Cursor = cursor, Done = done, Changed = changed, Kept = kept, For = _options.Lease }, ct);

    private static async Task MoveAsync(NpgsqlConnection connection, RebuildRow row, string phase, string more, long total, CancellationToken ct)
    {
        await OwnedAsync(connection, null, row, $"update rebuilds set phase = @Phase, cursor = null, attempts = 0{more} {Mine}", new { Project = row.ProjectId, row.Id, row.Lease, Phase = phase, Total = total }, ct);
        (row.Phase, row.Cursor) = (phase, null);
    }

    /// <exception cref="OperationCanceledException">The lease is not this node's any more, or a person has cancelled the rebuild.</exception>
    private static async Task OwnedAsync(NpgsqlConnection connection, NpgsqlTransaction? tx, RebuildRow row, string sql, object args, CancellationToken ct)
    {
        if (await connection.ExecuteAsync(new CommandDefinition(sql, args, tx, cancellationToken: ct)) == 0) throw new LeaseLostException(row.Id);
    }

    private sealed class LeaseLostException(Guid rebuild) : OperationCanceledException($"rebuild {rebuild} is not this node's any more");

    /// <param name="error">What went wrong; null: nothing, whoever is next goes on at once.</param>
    private async Task LetGoAsync(RebuildRow row, string? error)
    {
        try
        {
            await using var connection = await db.Reading.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync(new CommandDefinition(error is null ? $"update rebuilds set lease_until = clock_timestamp(), attempts = 0 {Mine}" : $"""
                with let_go as (
                    update rebuilds set error = @Error, lease_until = clock_timestamp() + make_interval(secs => 2 * attempts), state = case when attempts >= {MostAttempts} then 'failed' else state end,
                        finished_at = case when attempts >= {MostAttempts} then clock_timestamp() end {Mine}
                    returning project_id, state)
                select stale_figures(project_id) from let_go where state = 'failed'
                """, new { Project = row.ProjectId, row.Id, row.Lease, Error = error }));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The lease runs out by itself.
        }
    }

    private object Args(RebuildRow row) => new { Project = row.ProjectId, row.Id, row.Lease, For = _options.Lease };

    private const string Mine = "where project_id = @Project and id = @Id and lease = @Lease and state = 'running'";

    /// <summary>Rebuilds of a project that are kept with their figures.</summary>
    private const int Keep = 100;

    private const string EntriesNow = """
        select coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'medium', nullif(s.medium, ''), 'name', s.name, 'channel', s.channel)), '[]') from source_entries s where s.project_id = @Project
        """;

    private const string Forget = """
        delete from rebuilds where project_id = @Project and state in ('done', 'failed', 'cancelled') and id <> all(array(select k.id from rebuilds k where k.project_id = @Project order by k.id desc limit @Keep))
        """;

    private const string Take = """
        update rebuilds r set state = 'running', lease = @Lease, lease_until = clock_timestamp() + @For, started_at = coalesce(started_at, clock_timestamp()), attempts = attempts + 1
        from (
            select c.project_id, c.id from rebuilds c
            where (c.state = 'running' and c.lease_until < clock_timestamp())
                or (c.state = 'waiting' and not exists (select 1 from rebuilds o where o.project_id = c.project_id and o.state = 'running'))
            order by c.created_at limit 1 for update skip locked) due
        where r.project_id = due.project_id and r.id = due.id
        returning r.project_id, r.id, r.what, r.phase, r.cursor, r.request::text as request, r.attempts, r.lease
        """;

    [LoggerMessage(1, LogLevel.Information, "rebuild {Rebuild} of {What} is done")]
    private partial void LogDone(Guid rebuild, string what);

    [LoggerMessage(2, LogLevel.Error, "rebuild {Rebuild} stopped in {Phase}")]
    private partial void LogFailed(Exception e, Guid rebuild, string phase);
}
