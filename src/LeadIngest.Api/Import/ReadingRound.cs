using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Import.Deals;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Texts;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import;

/// <summary>
/// What an account's worker does when no delivery is due: one small step of reading at a time. First the cards that webhooks spoke of, then a page of the
/// pass that is under way (everything once, later what changed), then the webhooks' own health, last a page of the slow comparison that finds what was
/// deleted. Where a step got to is committed with what it brought. With none of that due, a step of reading deals.
/// </summary>
internal sealed class ReadingRound(DeliveryTools tools, AccountLease lease, CallWatch watch, ImportOptions options, HookSecrets secrets)
{
    private const int EventsAStep = 50;
    /// <summary>The way to the request takes some time itself; what is left of it is waited for inside the call.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(40);

    private readonly ContactWriter _contacts = new(tools.ImportDb, tools.ImportPlaces, tools.Erased, tools.Clock);
    private readonly DealRound _deals = new(tools, lease, watch, options);

    /// <summary>There is something to read, and the account's request limit allows it only after so long; set by <see cref="StepAsync"/>.</summary>
    public TimeSpan UntilTurn { get; set; }

    /// <returns>True when a step was made: look for deliveries before the next.</returns>
    public async Task<bool> StepAsync(ConnectionRow connection, ICrmAccount account, CancellationToken ct, CancellationToken call) =>
        await StepOfCardsAsync(connection, account, ct, call) || (UntilTurn <= TimeSpan.Zero && await _deals.StepAsync(connection, account, () => IsOurTurn(account), ct, call));

    /// <summary>Sets <see cref="UntilTurn"/> where it is not yet.</summary>
    private bool IsOurTurn(ICrmAccount account)
    {
        if (account.Health.Rate?.UntilReading is not { } turn || turn <= Ahead) return true;
        UntilTurn = turn - Ahead;
        return false;
    }

    private async Task<bool> StepOfCardsAsync(ConnectionRow connection, ICrmAccount account, CancellationToken ct, CancellationToken call)
    {
        if (await DueAsync(connection, ct) is not { } row) return false;
        if (account.Contacts is not { } reader)
        {
            await EndAsync(connection, row, "failed", "This CRM cannot be read.", null);
            return true;
        }
        if (!IsOurTurn(account)) return false;
        try
        {
            if (await ReadEventsAsync(connection, row, reader, ct, call)) return true;
            if (row.IsPassDue) return await ReadPageAsync(connection, row, reader, ct, call);
            if (row.IsHookDue) return await CheckHookAsync(connection, row, reader, call);
            if (row.IsSweepDue) return await SweepAsync(connection, row, reader, ct, call);
            // Nothing was left to do: the time of the next is written down.
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
            // A card that cannot be stored must not take the account's deliveries with it.
            tools.Log.ReadingThrew(e, connection.Id);
            var code = (e as PostgresException)?.SqlState ?? e.GetType().Name;
            await EndAsync(connection, row, row.State, $"What was read could not be stored ({code}).", DatabaseFaults.IsAway(e) ? options.RetryAfter : options.PollEvery);
            return true;
        }
    }

    /// <returns>How long until something is to be read over one of the connections; null: nothing by itself.</returns>
    public static async Task<TimeSpan?> NextDueAsync(NpgsqlDataSource db, IEnumerable<Guid> connections, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        var seconds = await session.ExecuteScalarAsync<double?>(new CommandDefinition(
            """
            select extract(epoch from min(next_at) - clock_timestamp())::float8
            from (select next_at from crm_imports where connection_id = any(@Ids) union all select next_at from deal_readings where connection_id = any(@Ids)) r
            """, new { Ids = connections.ToArray() }, cancellationToken: ct));
        return seconds is { } s ? TimeSpan.FromSeconds(Math.Clamp(s, 0, 3600)) : null;
    }

    private async Task<bool> ReadEventsAsync(ConnectionRow connection, ReadingRow row, IContactReader reader, CancellationToken ct, CancellationToken call)
    {
        var events = await PendingAsync(connection, ct);
        var keys = events.SelectMany(e => e.Pending).Distinct().Select(CrmEvent.Key).Take(EventsAStep).ToList();
        if (keys.Count == 0) return false;
        if (await watch.OverAsync(() => reader.GetAsync(keys, lease, call)) is var read && read is not ContactsRead.Page page)
        {
            await FailAsync(connection, row, read);
            return true;
        }
        var answered = page.Contacts.Select(c => c.Key).Concat(page.Gone).Concat(page.Hidden).Select(CrmEvent.Text).ToArray();
        var changed = events.Where(e => e.ContentType != LookAgain.Recheck).SelectMany(e => e.Pending).Select(CrmEvent.Key).ToHashSet();
        await _contacts.WriteAsync(connection, new CardsToWrite(page.Contacts, page.Gone, changed), _ => [.. AtDeals(connection, page), Command(Answered, connection,
            Columns.Of(events.Select(e => e.Id).ToArray(), NpgsqlDbType.Uuid), Columns.Of(answered, NpgsqlDbType.Text),
            new NpgsqlParameter<DateTime> { TypedValue = events.Max(e => e.ReceivedAt).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz })], ct);
        tools.Log.EventsRead(connection.Id, page.Contacts.Count, page.Gone.Count);
        return true;
    }

    /// <summary>The deals at these cards find their clients; those at cards that are gone stand elsewhere now.</summary>
    private static IEnumerable<NpgsqlBatchCommand> AtDeals(ConnectionRow connection, ContactsRead.Page page)
    {
        var people = page.Contacts.Where(c => c.Key.Kind == ContactKind.Contact).Select(c => c.Key.Id).ToArray();
        var firms = page.Contacts.Where(c => c.Key.Kind == ContactKind.Company).Select(c => c.Key.Id).ToArray();
        var gone = page.Gone.Where(k => k.Kind == ContactKind.Contact).Select(k => k.Id).ToArray();
        if (people.Length + firms.Length > 0) yield return Of(DealSql.JoinOfCards, people, firms);
        if (gone.Length > 0) yield return Of(DealSql.AskAtGone, gone);

        NpgsqlBatchCommand Of(string sql, params string[][] ids)
        {
            var command = new NpgsqlBatchCommand(sql) { Parameters = { Columns.Of(connection.ProjectId), Columns.Of(connection.Id) } };
            foreach (var each in ids) command.Parameters.Add(Columns.Of(each, NpgsqlDbType.Text));
            return command;
        }
    }

    private async Task<List<PendingEvent>> PendingAsync(ConnectionRow connection, CancellationToken ct)
    {
        await using var session = await tools.Db.OpenConnectionAsync(ct);
        return (await session.QueryAsync<PendingEvent>(new CommandDefinition(PendingEvents,
            new { connection.ProjectId, connection.Id, Limit = EventsAStep }, cancellationToken: ct))).AsList();
    }

    private async Task<bool> ReadPageAsync(ConnectionRow connection, ReadingRow row, IContactReader reader, CancellationToken ct, CancellationToken call)
    {
        if (row.PassBegan is null)
        {
            await BeginPassAsync(connection, row, ct);
            return true;
        }
        var kind = Kind(row.Phase);
        var isLog = row.Phase == "log" && row.Since is not null;
        var read = await watch.OverAsync(() => isLog ? reader.ReadLogAsync(row.Since!.Value, row.Cursor, lease, call)
            : reader.ReadAsync(new ContactQuery(kind, row.Since, row.Cursor), lease, call));
        // No log, or no right to it (the account answered just before): the slow comparison finds what it would have told.
        var hasLog = isLog ? read is not (ContactsRead.Refused or ContactsRead.AccountBlocked) : row.HasLog;
        if (isLog && !hasLog) read = new ContactsRead.Page([], null);
        if (read is not ContactsRead.Page page)
        {
            await FailAsync(connection, row, read);
            return true;
        }
        var (phase, over) = page.Next is not null ? (row.Phase, false)
            : row.Phase == "contacts" ? ("companies", false) : row.Phase == "companies" && row.Since is not null ? ("log", false) : ("contacts", true);
        var cards = row.Since is null ? new CardsToWrite(page.Contacts) : new CardsToWrite(page.Contacts, [], page.Contacts.Select(c => c.Key).ToHashSet());
        await _contacts.WriteAsync(connection, cards, written => [.. AtDeals(connection, page), .. isLog ? [LookAgain.AtTold(connection, page)] : Array.Empty<NpgsqlBatchCommand>(), Command(PageRead, connection,
            new NpgsqlParameter<string> { TypedValue = row.Phase }, Fenced.TextOrNull(row.Cursor), Fenced.TextOrNull(page.Next), new NpgsqlParameter<string> { TypedValue = phase },
            new NpgsqlParameter<bool> { TypedValue = over }, Columns.Of(page.Contacts.Count), Columns.Of(written.Identities), Columns.Of(written.Skipped),
            new NpgsqlParameter<bool> { TypedValue = hasLog })], ct);
        if (over)
        {
            tools.Log.PassRead(connection.Id, row.Since is null ? "full" : "changes");
            await ExpireAsync(connection);
        }
        return true;
    }

    private async Task<bool> CheckHookAsync(ConnectionRow connection, ReadingRow row, IContactReader reader, CancellationToken call)
    {
        var address = secrets.HookAddress(connection.ProjectId, connection.Id, row.HookAddress!, row.HookSecret);
        var state = address is null ? new HookSubscription("failed", "The stored secret cannot be read: make the webhook anew.") : await watch.OverAsync(() => reader.SubscribeAsync(address, lease, call));
        if (state.State is not "on" and not "manual") tools.Log.HookOff(connection.Id, state.State, PersonalData.Mask(state.Why));
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(HookChecked, new { connection.ProjectId, connection.Id, state.State, state.Why }));
        await ScheduleAsync(connection);
        return true;
    }

    /// <summary>
    /// One page of all cards, compared with those known here: what is known and not listed is asked for by its id, which alone says that it is gone. A card that
    /// is only hidden, or too new for the lists, stays.
    /// </summary>
    private async Task<bool> SweepAsync(ConnectionRow connection, ReadingRow row, IContactReader reader, CancellationToken ct, CancellationToken call)
    {
        var kind = Kind(row.SweepPhase);
        var read = await watch.OverAsync(() => reader.ReadAsync(new ContactQuery(kind, null, row.SweepCursor), lease, call));
        if (read is not ContactsRead.Page page)
        {
            await FailAsync(connection, row, read, ofSweep: true);
            return true;
        }
        var listed = page.Contacts.Select(c => long.Parse(c.Key.Id, CultureInfo.InvariantCulture)).ToArray();
        var (phase, over) = page.Next is not null ? (row.SweepPhase, false) : kind == ContactKind.Contact ? ("companies", false) : ("contacts", true);
        long? until = page.Next is null ? null : Math.Max(row.SweepSeen, listed.DefaultIfEmpty(0).Max());
        await _contacts.WriteAsync(connection, new CardsToWrite(page.Contacts), _ => [Command(Swept, connection,
            new NpgsqlParameter<string> { TypedValue = CardIdentity.Prefix(connection.Id, kind) }, new NpgsqlParameter<string> { TypedValue = kind == ContactKind.Contact ? "contact:" : "company:" },
            new NpgsqlParameter<long> { TypedValue = row.SweepSeen }, new NpgsqlParameter { Value = (object?)until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            Columns.Of(listed, NpgsqlDbType.Bigint), new NpgsqlParameter<string> { TypedValue = row.SweepPhase }, Fenced.TextOrNull(row.SweepCursor), Fenced.TextOrNull(page.Next),
            new NpgsqlParameter<string> { TypedValue = phase }, new NpgsqlParameter<TimeSpan> { TypedValue = over ? options.SweepEvery : options.SweepPause })], ct);
        await ScheduleAsync(connection);
        if (over) tools.Log.PassRead(connection.Id, "sweep");
        return true;
    }

    private static ContactKind Kind(string phase) => phase == "contacts" ? ContactKind.Contact : ContactKind.Company;

    private async Task BeginPassAsync(ConnectionRow connection, ReadingRow row, CancellationToken ct)
    {
        await using var session = await tools.Db.OpenConnectionAsync(ct);
        await session.ExecuteAsync(new CommandDefinition(BeginPass, new { connection.ProjectId, connection.Id, row.State, options.Overlap }, cancellationToken: ct));
    }

    /// <summary>Reading never stops a connection: whether leads can be delivered is found out by delivering them.</summary>
    /// <param name="ofSweep">What failed was the slow comparison: it alone waits.</param>
    private async Task FailAsync(ConnectionRow connection, ReadingRow row, ContactsRead read, bool ofSweep = false)
    {
        // Whoever holds the account now goes on from the same page.
        if (!lease.MayCall) return;
        var (why, after) = read switch
        {
            ContactsRead.Failed failed => (failed.Why, failed.After > options.RetryAfter ? failed.After : options.RetryAfter),
            ContactsRead.Refused refused => (refused.Why, null),
            ContactsRead.CredentialsRefused refused => (refused.Why, options.PollEvery),
            ContactsRead.AccountBlocked blocked => (blocked.Why, options.PollEvery),
            _ => ("The connector answered with nothing.", options.RetryAfter),
        };
        tools.Log.ReadingFailed(connection.Id, PersonalData.Mask(why));
        if (ofSweep)
        {
            await PutSweepOffAsync(connection, after ?? options.SweepEvery);
            return;
        }
        await EndAsync(connection, row, after is null && row is { State: "running", Since: null } ? "failed" : row.State, why, after ?? (row.Since is null ? null : options.PollEvery));
    }

    private async Task EndAsync(ConnectionRow connection, ReadingRow row, string state, string why, TimeSpan? again)
    {
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(Failed, new { connection.ProjectId, connection.Id, From = row.State, State = state, Why = why, Again = again }));
    }

    private async Task PutSweepOffAsync(ConnectionRow connection, TimeSpan wait)
    {
        await using (var session = await tools.Db.OpenConnectionAsync(CancellationToken.None))
            await session.ExecuteAsync(new CommandDefinition(PutSweepOff, new { connection.ProjectId, connection.Id, Wait = wait }));
        await ScheduleAsync(connection);
    }

    private async Task ScheduleAsync(ConnectionRow connection)
    {
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(Schedule, new { connection.ProjectId, connection.Id, options.PollEvery, options.CheckHooksEvery, options.SweepEvery }));
    }

    private async Task ExpireAsync(ConnectionRow connection)
    {
        await using var session = await tools.Db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(new CommandDefinition(Expire, new { connection.ProjectId, connection.Id, options.KeepEvents }));
    }

    private async Task<ReadingRow?> DueAsync(ConnectionRow connection, CancellationToken ct)
    {
        await using var session = await tools.Db.OpenConnectionAsync(ct);
        return await session.QuerySingleOrDefaultAsync<ReadingRow>(new CommandDefinition(Due,
            new { connection.ProjectId, connection.Id, options.PollEvery, options.CheckHooksEvery, options.SweepEvery }, cancellationToken: ct));
    }

    private NpgsqlBatchCommand Command(string sql, ConnectionRow connection, params NpgsqlParameter[] parameters) => Fenced.Command(sql, connection, lease, parameters);

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record ReadingRow
    {
        public required string State { get; init; }
        public DateTimeOffset? PassBegan { get; init; }
        public DateTimeOffset? Since { get; init; }
        public required string Phase { get; init; }
        public string? Cursor { get; init; }
        public required bool IsPassDue { get; init; }
        public required bool IsHookDue { get; init; }
        public required bool IsSweepDue { get; init; }
        public required bool HasLog { get; init; }
        public required string SweepPhase { get; init; }
        public string? SweepCursor { get; init; }
        public required long SweepSeen { get; init; }
        public string? HookAddress { get; init; }
        public required byte[] HookSecret { get; init; }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record PendingEvent
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset ReceivedAt { get; init; }
        public string? ContentType { get; init; }
        public required string[] Pending { get; init; }
    }

    private const string Due = """
        select state, pass_began, since, phase, cursor,
            state in ('waiting', 'running') or (state in ('done', 'cancelled') and (pass_began is not null or read_until is null or read_until + @PollEvery <= clock_timestamp())) as is_pass_due,
            hook_address is not null and (hook_checked_at is null or hook_checked_at + @CheckHooksEvery <= clock_timestamp()) as is_hook_due,
            hook_address, hook_secret,
            state = 'done' and not has_log and coalesce(sweep_at, finished_at + @SweepEvery) <= clock_timestamp() as is_sweep_due, has_log, sweep_phase, sweep_cursor, sweep_seen
        from crm_imports where project_id = @ProjectId and connection_id = @Id and next_at <= clock_timestamp()
        """;

    private const string PendingEvents = """
        select id, received_at, content_type, pending from crm_events
        where project_id = @ProjectId and connection_id = @Id and pending <> '{}' order by received_at limit @Limit
        """;

    // What came again while the cards were read is to be read again.
    private const string Answered = $"""
        with answered as (
            update crm_events set pending = array(select p from unnest(pending) p where p <> all($6))
            where project_id = $1 and connection_id = $2 and id = any($5) and received_at <= $7)
        select {Fenced.Fence}
        """;

    // The cursor must still be the one that was read from: a person may have cancelled or begun anew meanwhile.
    private const string PageRead = $"""
        with moved as (
            update crm_imports set cursor = $7, phase = $8, last_error = null,
                contacts = contacts + case when since is null and $5 = 'contacts' then $10 else 0 end,
                companies = companies + case when since is null and $5 = 'companies' then $10 else 0 end,
                identities = identities + $11, skipped = skipped + case when since is null then $12 else 0 end,
                state = case when $9 and since is null then 'done' else state end,
                finished_at = case when $9 and since is null then clock_timestamp() else finished_at end,
                read_until = case when $9 then pass_began else read_until end,
                pass_began = case when $9 then null else pass_began end,
                has_log = $13,
                next_at = clock_timestamp()
            where project_id = $1 and connection_id = $2 and phase = $5 and cursor is not distinct from $6 and pass_began is not null
                and state in ('running', 'done', 'cancelled')
            returning 1)
        select require_rows((select count(*) from moved), 1), {Fenced.Fence}
        """;

    // As with a page of a pass; the comparison goes up to $8, on the last page to the end.
    private static readonly string Swept = $"""
        with known as materialized (
            select substr(value, length($5) + 1)::bigint as id from identities where project_id = $1 and kind = 'crm_contact' and starts_with(value, $5)),
        missing as (
            select id from known where id > $7 and ($8::bigint is null or id <= $8) and id <> all($9) order by id limit {LookAgain.MostAtOnce}),
        asked as (select array(select $6 || id from missing order by id) as cards),
        again as ({LookAgain.Insert("'sweep'")}),
        moved as (
            update crm_imports set sweep_cursor = $12, sweep_phase = $13, sweep_seen = case when $12 is null then 0 else $8 end,
                sweep_at = clock_timestamp() + $14, next_at = clock_timestamp()
            where project_id = $1 and connection_id = $2 and sweep_phase = $10 and sweep_cursor is not distinct from $11 and state = 'done'
            returning 1)
        select require_rows((select count(*) from moved), 1), {Fenced.Fence}
        """;

    private const string PutSweepOff = "update crm_imports set sweep_at = clock_timestamp() + @Wait where project_id = @ProjectId and connection_id = @Id";

    private const string BeginPass = """
        update crm_imports set pass_began = clock_timestamp(), cursor = null, phase = 'contacts',
            since = case when state in ('waiting', 'running') then null else coalesce(read_until, requested_at) - @Overlap end,
            started_at = case when state in ('waiting', 'running') then clock_timestamp() else started_at end,
            state = case when state = 'waiting' then 'running' else state end
        where project_id = @ProjectId and connection_id = @Id and state = @State and pass_began is null
        """;

    private const string Failed = """
        update crm_imports set state = @State, last_error = left(@Why, 500), next_at = clock_timestamp() + @Again
        where project_id = @ProjectId and connection_id = @Id and state = @From
        """;

    // A webhook that came this very moment is not slept over.
    private const string Schedule = """
        update crm_imports i set next_at = case
            when exists (select 1 from crm_events e where e.project_id = i.project_id and e.connection_id = i.connection_id and e.pending <> '{}') then clock_timestamp()
            else least(case when state in ('done', 'cancelled') then coalesce(read_until + @PollEvery, clock_timestamp()) end,
                case when hook_address is not null then coalesce(hook_checked_at, clock_timestamp()) + @CheckHooksEvery end,
                case when state = 'done' and not has_log then coalesce(sweep_at, finished_at + @SweepEvery) end) end
        where project_id = @ProjectId and connection_id = @Id
        """;

    private const string HookChecked = """
        update crm_imports set hook_state = @State, hook_why = left(@Why, 500), hook_checked_at = clock_timestamp() where project_id = @ProjectId and connection_id = @Id
        """;

    private const string Expire = """
        delete from crm_events where project_id = @ProjectId and id in (
            select id from crm_events where project_id = @ProjectId and connection_id = @Id and pending = '{}' and deals = '{}' and received_at < clock_timestamp() - @KeepEvents limit 10000)
        """;
}
