using Dapper;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Texts;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import.Deals;

/// <summary>
/// One small step of reading deals, when neither a delivery nor a person's card is due. First the deals that webhooks spoke of, then a page of the pass that is
/// under way (everything once, later what changed), then products of deals whose cards do not carry them, last the slow comparison. Where a step got to is
/// committed with what it brought.
/// </summary>
internal sealed class DealRound(DeliveryTools tools, AccountLease lease, CallWatch watch, ImportOptions options)
{
    private const int KeysAStep = 50;

    private readonly DealWriter _deals = new(tools.ImportDb, tools.ImportPlaces, tools.Clock);
    private readonly DealSweep _sweep = new(tools, lease, watch, options);

    /// <returns>True when a step was made.</returns>
    public async Task<bool> StepAsync(ConnectionRow connection, ICrmAccount account, Func<bool> mayRead, CancellationToken ct, CancellationToken call)
    {
        if (!options.Deals || await DealReading.DueAsync(tools.Db, connection, options, ct) is not { } row) return false;
        if (account.Deals is not { } reader)
        {
            await EndAsync(connection, row, "failed", "The deals of this CRM cannot be read.", null);
            return true;
        }
        if (!mayRead()) return false;
        try
        {
            if (row.HasEvents) return await ReadEventsAsync(connection, row, reader, ct, call);
            if (row.IsPassDue) return await ReadPageAsync(connection, row, reader, ct, call);
            if (row.HasProductsDue && !reader.CardsHaveProducts) return await ReadProductsAsync(connection, row, reader, ct, call);
            if (row.IsSweepDue)
            {
                if (await _sweep.StepAsync(connection, row, reader, ct, call) is { } failed) await PutSweepOffAsync(connection, failed);
                await ScheduleAsync(connection);
                return true;
            }
            await ScheduleAsync(connection);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
        {
            // The lease is lost, or a person paused or cancelled meanwhile: nothing was written, the next look tells.
            tools.Log.ReadingStale(connection.Id);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
        {
            // A deal that cannot be stored must not take the account's deliveries with it.
            tools.Log.ReadingThrew(e, connection.Id);
            await EndAsync(connection, row, row.State, $"What was read could not be stored ({e.GetType().Name}).", options.PollEvery);
            return true;
        }
    }

    private async Task<bool> ReadEventsAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        List<(Guid Id, DateTimeOffset ReceivedAt, string[] Deals)> events;
        await using (var session = await tools.Db.OpenConnectionAsync(ct))
            events = (await session.QueryAsync<(Guid, DateTimeOffset, string[])>(new CommandDefinition(PendingEvents,
                new { connection.ProjectId, connection.Id, Limit = KeysAStep }, cancellationToken: ct))).AsList();
        var keys = events.SelectMany(e => e.Deals).Distinct().Select(CrmEvent.DealKey).Take(KeysAStep).ToList();
        if (keys.Count == 0) return true;
        if (await watch.OverAsync(() => reader.GetAsync(keys, lease, call)) is var read && read is not DealsRead.Page page)
        {
            await FailAsync(connection, row, read);
            return true;
        }
        var answered = page.Deals.Select(d => d.Key).Concat(page.Gone).Concat(page.Hidden).Select(CrmEvent.Text).ToArray();
        await _deals.WriteAsync(connection, page, DealSource.Asked, _ => [Command(Answered, connection,
            Columns.Of(events.Select(e => e.Id).ToArray(), NpgsqlDbType.Uuid), Columns.Of(answered, NpgsqlDbType.Text),
            new NpgsqlParameter<DateTime> { TypedValue = events.Max(e => e.ReceivedAt).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz })], ct);
        tools.Log.DealEventsRead(connection.Id, page.Deals.Count, page.Gone.Count);
        return true;
    }

    private async Task<bool> ReadPageAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        if (row.PassBegan is null)
        {
            await using var session = await tools.Db.OpenConnectionAsync(ct);
            await session.ExecuteAsync(new CommandDefinition(BeginPass, new { connection.ProjectId, connection.Id, row.State, options.Overlap, First = Wire(reader.Parts[0]) }, cancellationToken: ct));
            return true;
        }
        var index = Math.Max(0, reader.Parts.Select(Wire).ToList().IndexOf(row.Part));
        var part = reader.Parts[index];
        var isFirst = row.Since is null;
        // The dictionaries change seldom: once an hour, and when a deal stands in a stage that they do not have.
        var read = part == DealPart.Directories && !isFirst && !row.AreDirectoriesDue ? new DealsRead.Page()
            : await watch.OverAsync(() => reader.ReadAsync(new DealQuery(part, row.Since, row.Cursor), lease, call));
        var wasRead = read is DealsRead.Page { Directories: not null };
        var refused = part is not (DealPart.Deals or DealPart.Directories) && read is DealsRead.Refused or DealsRead.AccountBlocked;
        // Without the right to a part the others are read all the same.
        if (refused)
        {
            tools.Log.PartRefused(connection.Id, Wire(part));
            read = new DealsRead.Page();
        }
        if (read is not DealsRead.Page page)
        {
            await FailAsync(connection, row, read);
            return true;
        }
        var (next, over) = page.Next is not null ? (part, false) : index + 1 < reader.Parts.Count ? (reader.Parts[index + 1], false) : (reader.Parts[0], true);
        await _deals.WriteAsync(connection, page, isFirst ? DealSource.All : DealSource.Changed, written => [Command(PageRead, connection,
            new NpgsqlParameter<string> { TypedValue = row.Part }, Fenced.TextOrNull(row.Cursor), Fenced.TextOrNull(page.Next), new NpgsqlParameter<string> { TypedValue = Wire(next) },
            new NpgsqlParameter<bool> { TypedValue = over }, Columns.Of(page.Deals.Count), Columns.Of(written.Changes), Columns.Of(page.Tasks.Count), Columns.Of(page.Touches.Count),
            new NpgsqlParameter<bool> { TypedValue = wasRead }, Fenced.TextOrNull(written.Currency), Fenced.TextOrNull(refused ? Wire(part) : null))], ct);
        if (over) tools.Log.PassRead(connection.Id, isFirst ? "deals.full" : "deals.changes");
        return true;
    }

    private async Task<bool> ReadProductsAsync(ConnectionRow connection, DealReading row, IDealReader reader, CancellationToken ct, CancellationToken call)
    {
        List<(string Kind, long RemoteId)> due;
        await using (var session = await tools.Db.OpenConnectionAsync(ct))
            due = (await session.QueryAsync<(string, long)>(new CommandDefinition(ProductsDue, new { connection.ProjectId, connection.Id, Limit = KeysAStep }, cancellationToken: ct))).AsList();
        var keys = due.Select(d => new DealKey(d.Kind == "lead" ? DealKind.Lead : DealKind.Deal, d.RemoteId.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToList();
        if (keys.Count == 0) return true;
        var read = await watch.OverAsync(() => reader.ReadProductsAsync(keys, lease, call));
        // Without the right to products the deals stand without them.
        if (read is DealsRead.Refused or DealsRead.AccountBlocked)
            read = new DealsRead.Page { Products = keys.ToDictionary(k => k, _ => (IReadOnlyList<RemoteProduct>)[]) };
        if (read is not DealsRead.Page page)
        {
            await FailAsync(connection, row, read);
            return true;
        }
        await _deals.WriteAsync(connection, page, DealSource.Asked, _ => [Command(Held, connection)], ct);
        return true;
    }

    /// <summary>Reading never stops a connection: whether leads can be delivered is found out by delivering them.</summary>
    private async Task FailAsync(ConnectionRow connection, DealReading row, DealsRead read)
    {
        // Whoever holds the account now goes on from the same page.
        if (!lease.MayCall) return;
        var (why, after) = DealReading.WhyNot(read, options);
        tools.Log.ReadingFailed(connection.Id, PersonalData.Mask(why));
        await EndAsync(connection, row, after is null && row is { State: "running", Since: null } ? "failed" : row.State, why, after ?? (row is { State: "running", Since: null } ? null : options.PollEvery));
    }

    private async Task EndAsync(ConnectionRow connection, DealReading row, string state, string why, TimeSpan? again)
    {
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(Failed, new { connection.ProjectId, connection.Id, From = row.State, State = state, Why = why, Again = again }));
    }

    private async Task PutSweepOffAsync(ConnectionRow connection, DealsRead read)
    {
        if (!lease.MayCall) return;
        var (why, after) = DealReading.WhyNot(read, options);
        tools.Log.ReadingFailed(connection.Id, PersonalData.Mask(why));
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition("update deal_readings set sweep_at = clock_timestamp() + @Wait where project_id = @ProjectId and connection_id = @Id",
            new { connection.ProjectId, connection.Id, Wait = after ?? options.SweepEvery }));
    }

    private async Task ScheduleAsync(ConnectionRow connection)
    {
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(Schedule, new { connection.ProjectId, connection.Id, options.PollEvery, options.SweepEvery }));
    }

    private NpgsqlBatchCommand Command(string sql, ConnectionRow connection, params NpgsqlParameter[] parameters) => Fenced.Command(sql, connection, lease, parameters);

    private static string Wire(DealPart part) => part switch { DealPart.LeadHistory => "lead_history", _ => part.ToString().ToLowerInvariant() };

    private const string PendingEvents = """
        select id, received_at, deals from crm_events where project_id = @ProjectId and connection_id = @Id and deals <> '{}' order by received_at limit @Limit
        """;

    private const string ProductsDue = """
        select kind, remote_id from deals where project_id = @ProjectId and connection_id = @Id and products_due order by remote_id desc limit @Limit
        """;

    private const string Held = $"select {Fenced.Fence}";

    // What came again while the deals were read is to be read again.
    private const string Answered = $"""
        with answered as (
            update crm_events set deals = array(select p from unnest(deals) p where p <> all($6))
            where project_id = $1 and connection_id = $2 and id = any($5) and received_at <= $7)
        select {Fenced.Fence}
        """;

    // The cursor must still be the one that was read from: a person may have cancelled or begun anew meanwhile. Another currency of the account means all
    // of its deals: what changed becomes everything.
    private const string PageRead = $"""
        with moved as (
            update deal_readings set cursor = $7, part = $8, last_error = null,
                deals = deals + case when state = 'running' then $10 else 0 end, changes = changes + case when state = 'running' then $11 else 0 end,
                tasks = tasks + case when state = 'running' then $12 else 0 end, touches = touches + case when state = 'running' then $13 else 0 end,
                since = case when $15::text is not null and currency <> $15 then null else since end,
                currency = coalesce($15, currency), directories_at = case when $14 then clock_timestamp() else directories_at end,
                refused = case when $16::text is null then array_remove(refused, $5) when $16 = any(refused) then refused else refused || $16 end,
                state = case when $9 and state = 'running' then 'done' else state end,
                finished_at = case when $9 and state = 'running' then clock_timestamp() else finished_at end,
                read_until = case when $9 then pass_began else read_until end,
                pass_began = case when $9 then null else pass_began end,
                next_at = clock_timestamp()
            where project_id = $1 and connection_id = $2 and part = $5 and cursor is not distinct from $6 and pass_began is not null and state in ('running', 'done', 'cancelled')
            returning 1)
        select require_rows((select count(*) from moved), 1), {Fenced.Fence}
        """;

    private const string BeginPass = """
        update deal_readings set pass_began = clock_timestamp(), cursor = null, part = @First,
            since = case when state in ('waiting', 'running') then null else coalesce(read_until, requested_at) - @Overlap end,
            started_at = case when state in ('waiting', 'running') then clock_timestamp() else started_at end,
            state = case when state = 'waiting' then 'running' else state end
        where project_id = @ProjectId and connection_id = @Id and state = @State and pass_began is null
        """;

    private const string Failed = """
        update deal_readings set state = @State, last_error = left(@Why, 500), next_at = clock_timestamp() + @Again
        where project_id = @ProjectId and connection_id = @Id and state = @From
        """;

    // A webhook that came this very moment is not slept over.
    private const string Schedule = """
        update deal_readings i set next_at = case
            when exists (select 1 from crm_events e where e.project_id = i.project_id and e.connection_id = i.connection_id and e.deals <> '{}') then clock_timestamp()
            when state = 'waiting' then clock_timestamp() + interval '1 second'
            else least(case when state in ('done', 'cancelled') then coalesce(read_until + @PollEvery, clock_timestamp()) end,
                case when state = 'done' then coalesce(sweep_at, finished_at + @SweepEvery) end) end
        where project_id = @ProjectId and connection_id = @Id
        """;
}
