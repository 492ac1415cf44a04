using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>A row marked <c>sending</c>: committed before the call, so that a crash leaves its trace.</summary>
/// <param name="DealId">For a note or a call's entry: the deal it goes to.</param>
internal sealed record Claim(Guid Id, Guid LeadId, Guid ClientId, OutgoingKind Kind, string? ContactId, string? DealId, int Attempt, int CrashClaims, int Redirects = 0);

/// <summary>
/// Takes due rows of one connection out of the queue. Only the holder of the account's lease does this, and every write proves it: the row of
/// the account is locked for the moment of the write, so that a take-over comes wholly before it (and it writes nothing) or wholly after it
/// (and finds what it marked).
/// </summary>
internal sealed class DeliveryQueue(NpgsqlDataSource db, DeliveryOptions options)
{
    private readonly Turns _turns = new(db);

    /// <summary>How many of the oldest due rows a claim looks at.</summary>
    public const int Window = 100;

    /// <returns>The rows to send now, call by call, in order; and whether anything moved, sent or not. <c>Fenced</c>: the lease belongs to somebody else.</returns>
    public async Task<(IReadOnlyList<IReadOnlyList<Claim>> Calls, Choice Choice, bool Fenced)> ClaimAsync(AccountLease lease, ConnectionRow connection, Room room, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        var due = await session.QueryAsync<DueDelivery>(new CommandDefinition(Due, new
        {
            connection.ProjectId,
            Connection = connection.Id,
            Prefix = $"{connection.Id}/",
            Suspicious = options.MaxSendsPerMinute,
        }, cancellationToken: ct));
        var choice = Choice.Of(due, room, options);
        if (choice.Send.Count == 0 && !choice.Moved) return ([], choice, false);

        // From here on nothing is cancelled: a mark whose commit was cut off would have to be looked up in the CRM.
        ct = CancellationToken.None;
        var deals = await DealsAsync(session, connection, choice.Send, ct);
        var rows = choice.Send.Select(row => (Row: row, Kind: KindOf(row, deals), Deal: DealOf(row, deals))).ToList();
        var turns = await _turns.WantedAsync(connection, [.. rows.Select(r => new Claim(r.Row.Id, r.Row.LeadId, r.Row.ClientId, r.Kind, r.Row.ContactId, r.Deal, 0, 0))], ct);
        await using var tx = await session.BeginTransactionAsync(ct);
        var marked = (await session.QueryAsync<(Guid Id, int Attempt, int CrashClaims, int Redirects)>(new CommandDefinition(Mark, new
        {
            connection.ProjectId,
            Connection = connection.Id,
            lease.AccountKey,
            lease.Token,
            options.ParkFor,
            Ids = rows.Select(r => r.Row.Id).ToArray(),
            Kinds = rows.Select(r => r.Kind switch { OutgoingKind.Note => DueDelivery.Note, OutgoingKind.Call => DueDelivery.Call, _ => "deal" }).ToArray(),
            Deals = rows.Select(r => r.Deal).ToArray(),
            Parked = choice.Park.Select(r => r.Id).ToArray(),
            Waiting = choice.Wait.Select(r => r.Id).ToArray(),
            Parents = choice.Wait.Select(r => r.ParentId!.Value).ToArray(),
            ParentLeads = choice.Wait.Select(r => r.ParentLeadId.ToString()).ToArray(),
            Dead = choice.Dead.Select(d => d.Row.Id).ToArray(),
            Reasons = choice.Dead.Select(d => d.Reason).ToArray(),
        }, tx, cancellationToken: ct))).ToDictionary(m => m.Id);
        // The first row is always there and carries no id: without it the lease was lost.
        if (!marked.Remove(Guid.Empty)) return ([], choice, true);
        await Turns.TakeAsync(session, tx, connection, [.. turns.Where(t => marked.ContainsKey(t.Delivery))], ct);
        await Followers.ReleaseAsync(session, tx, connection, [.. choice.Wait.Select(r => r.ClientId), .. choice.Dead.Select(d => d.Row.ClientId)], room.Batch, ct);
        await tx.CommitAsync(ct);
        // Cut as it was chosen, and only then without the rows that were not there any more: what moves up must not come into the next client's call.
        return ([.. rows.Chunk(room.Batch).Select(part => part.Where(r => marked.ContainsKey(r.Row.Id)).Select(r => new Claim(r.Row.Id, r.Row.LeadId, r.Row.ClientId, r.Kind,
            r.Row.ContactId, r.Deal, marked[r.Row.Id].Attempt, marked[r.Row.Id].CrashClaims, marked[r.Row.Id].Redirects)).ToList()).Where(part => part.Count > 0)], choice, false);
    }

    /// <summary>After a take-over: what an older token was sending may have arrived. It is looked up before anything is sent again.</summary>
    /// <param name="firstLookup">Counted from the sending, as the worker before would have counted it.</param>
    /// <returns>How many rows fell into doubt.</returns>
    public async Task<int> DoubtOrphansAsync(AccountLease lease, ConnectionRow connection, TimeSpan firstLookup, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        var all = 0;
        int some;
        do
        {
            some = await session.ExecuteAsync(new CommandDefinition(Doubt, new { Connection = connection.Id, lease.AccountKey, lease.Token, FirstLookup = firstLookup }, cancellationToken: ct));
            all += some;
        }
        while (some == Bound);
        return all;
    }

    /// <returns>How long until a row of the account comes due; null when none is waiting.</returns>
    public async Task<TimeSpan?> NextDueAsync(IEnumerable<ConnectionRow> connections, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        var seconds = await session.ExecuteScalarAsync<double?>(new CommandDefinition(NextDue,
            new { Connections = connections.Select(c => c.Id).ToArray() }, cancellationToken: ct));
        return seconds is { } s ? TimeSpan.FromSeconds(Math.Clamp(s, 0, 3600)) : null;
    }

    // A repeat whose project wants notes goes into the card of the client's last deal. Rows are walked backwards from the lead itself: all
    // earlier ones are finished by now, so the first is mostly the one. Asked only for rows that need it.
    private static async Task<Dictionary<Guid, string>> DealsAsync(NpgsqlConnection session, ConnectionRow connection, List<DueDelivery> rows, CancellationToken ct)
    {
        var notes = rows.Where(r => r.Kind == DueDelivery.Note && (r.DealId ?? r.ParentDealId) is null).ToList();
        if (notes.Count == 0) return [];
        var found = await session.QueryAsync<(Guid Id, string Deal)>(new CommandDefinition(LastDeals, new
        {
            connection.ProjectId,
            Connection = connection.Id,
            Ids = notes.Select(r => r.Id).ToArray(),
            Leads = notes.Select(r => r.LeadId).ToArray(),
            Clients = notes.Select(r => r.ClientId).ToArray(),
        }, cancellationToken: ct));
        return found.ToDictionary(f => f.Id, f => f.Deal);
    }

    private static string? DealOf(DueDelivery row, Dictionary<Guid, string> deals) =>
        row.Kind is DueDelivery.Note or DueDelivery.Call ? row.DealId ?? row.ParentDealId ?? deals.GetValueOrDefault(row.Id) : null;

    // No deal of the client at all (the connection is younger than the client): the enquiry must not be lost for want of a card.
    // A call's entry says nothing that its lead does not: it never becomes a deal of its own.
    private static OutgoingKind KindOf(DueDelivery row, Dictionary<Guid, string> deals) =>
        row.Kind == DueDelivery.Call ? OutgoingKind.Call : DealOf(row, deals) is null ? OutgoingKind.Deal : OutgoingKind.Note;

    private const int Bound = 500;

    // Reads a window of the oldest due rows by the index (a literal, Window: the planner takes a parameter for a tenth of the table) and looks at each
    // row's client by keys: the length of the backlog does not matter. A
    // client's family (those merged into it) is walked member by member, each by equality: given an array instead, and statistics from before
    // the backlog, the planner walks the whole index of unfinished rows for every row of the window (seconds instead of milliseconds). So too the client's
    // contact: by the kind alone it would read every contact of the project for each row, were the kind a condition that an index can answer.
    // Planned anew every time: a plan kept from when the tables were empty reads them from end to end once they are not.
    private const string Due = $"""
        set plan_cache_mode = force_custom_plan;
        with due as materialized (
            select project_id, id, lead_id, client_id, kind, attempts, crash_claims, remote_lead_id
            from deliveries
            where project_id = @ProjectId and connection_id = @Connection and state = 'pending' and next_attempt_at <= clock_timestamp()
            order by next_attempt_at limit 100),
        rooted as materialized (
            select d.*, coalesce(c.merged_into, d.client_id) as root
            from due d left join lateral (select merged_into from clients c where c.project_id = d.project_id and c.id = d.client_id limit 1) c on true),
        families as materialized (
            select d.*, array_append(array(select m.id from clients m where m.project_id = d.project_id and m.merged_into = d.root), d.root) as family
            from rooted d)
        select d.id, d.lead_id, d.root as client_id, d.kind, d.attempts, d.crash_claims, case when d.kind in ('note', 'call') and parent.is_heir is not true then d.remote_lead_id end as deal_id,
            case when d.attempts < @Suspicious then 0 else (
                select count(*)::int from delivery_attempts a
                where a.project_id = d.project_id and a.delivery_id = d.id and a.action = 'send' and a.outcome not in ('not_executed', 'redirected')
                    and a.started_at > clock_timestamp() - interval '1 minute') end as recent_sends,
            (select known.contact from unnest(d.family) member (id) cross join lateral (
                    select substr(i.value, length(@Prefix) + 1) as contact, i.created_at from identities i
                    where i.project_id = d.project_id and i.client_id = member.id and i.kind || '' = 'crm_contact' and starts_with(i.value, @Prefix)
                    order by i.created_at limit 1) known
                order by known.created_at limit 1) as contact_id,
            earlier.blocked, not earlier.blocked and exists ({Earlier} limit 1) o) as behind_call,
            parent.id as parent_id, parent.lead_id as parent_lead_id, parent.state as parent_state, parent.remote_lead_id as parent_deal_id
        from families d
        cross join lateral (select exists ({Earlier} and not {IsInCall} limit 1) o) as blocked) earlier
        left join lateral (
            -- The deal of the first lead, or the one that took its place (deliveries.heir_id).
            select coalesce(h.id, p.id) as id, coalesce(h.lead_id, p.lead_id) as lead_id, coalesce(h.state, p.state) as state,
                case when h.id is null then p.remote_lead_id else h.remote_lead_id end as remote_lead_id, h.id is not null as is_heir
            from leads l join deliveries p on p.project_id = l.project_id and p.lead_id = case d.kind when 'call' then l.id else l.duplicate_of end
                and p.connection_id = @Connection and p.kind <> 'call'
            left join deliveries h on h.project_id = p.project_id and h.id = p.heir_id and h.id <> d.id
                and not exists (select 1 from leads s where s.project_id = h.project_id and s.id = h.lead_id and s.status in ('spam', 'test'))
            where d.kind in ('note', 'call') and l.project_id = d.project_id and l.id = d.lead_id limit 1) parent on true;
        reset plan_cache_mode
        """;

    // Unfinished rows of the client before this one that are not due; to be closed by "limit 1) o", which keeps the walk by keys.
    private const string Earlier = """
        select 1 from unnest(d.family) member (id) cross join lateral (
            select 1 from deliveries o
            where o.project_id = d.project_id and o.connection_id = @Connection and o.client_id = member.id and o.id < d.id
                and o.state in ('pending', 'sending', 'in_doubt') and o.waits_for is null and o.id not in (select id from due)
        """;

    // Nobody has tried it: it waits for the end of its call, minutes. A look by key for each, which no plan can turn into a reading of all leads.
    private const string IsInCall = """
        (o.state = 'pending' and o.attempts = 0 and not o.parked and o.next_attempt_at > clock_timestamp()
            and (select l.call_id from leads l where l.project_id = o.project_id and l.id = o.lead_id limit 1) is not null)
        """;

    private const string Mark = """
        with lease as materialized (
            select account_key from crm_accounts where account_key = @AccountKey and lease_token = @Token and lease_until > clock_timestamp() for share),
        parked as (
            update deliveries set parked = true, waits_for = null, next_attempt_at = clock_timestamp() + @ParkFor
            where project_id = @ProjectId and id = any(@Parked) and state = 'pending' and exists (select 1 from lease)),
        waiting as (
            update deliveries d set waits_for = w.parent, last_error = 'waits for #' || w.lead, next_attempt_at = clock_timestamp() + @ParkFor
            from unnest(@Waiting::uuid[], @Parents::uuid[], @ParentLeads::text[]) w (id, parent, lead)
            where d.project_id = @ProjectId and d.id = any(@Waiting) and d.id = w.id and d.state = 'pending' and exists (select 1 from lease)),
        dead as (
            update deliveries d set state = 'dead', last_error = x.reason, next_attempt_at = null
            from unnest(@Dead::uuid[], @Reasons::text[]) x (id, reason)
            where d.project_id = @ProjectId and d.id = any(@Dead) and d.id = x.id and d.state = 'pending' and exists (select 1 from lease)),
        sending as (
            update deliveries d
            set state = 'sending', kind = s.kind, remote_lead_id = coalesce(s.deal, d.remote_lead_id), attempts = d.attempts + 1,
                crash_claims = d.crash_claims + 1, lease_token = @Token, sent_at = clock_timestamp(), parked = false, waits_for = null
            from unnest(@Ids::uuid[], @Kinds::text[], @Deals::text[]) s (id, kind, deal)
            where d.project_id = @ProjectId and d.id = any(@Ids) and d.id = s.id and d.state = 'pending' and exists (select 1 from lease)
            returning d.id, d.attempts, d.crash_claims, d.redirects)
        select '00000000-0000-0000-0000-000000000000'::uuid as id, 0 as attempt, 0 as crash_claims, 0 as redirects from lease
        union all select id, attempts, crash_claims, redirects from sending
        """;

    private const string Doubt = """
        with lease as materialized (
            select account_key from crm_accounts where account_key = @AccountKey and lease_token = @Token for share)
        update deliveries d
        set state = 'in_doubt', doubt_since = coalesce(d.sent_at, clock_timestamp()), lookups = 0,
            next_attempt_at = greatest(clock_timestamp(), coalesce(d.sent_at, clock_timestamp()) + @FirstLookup), last_error = 'The worker stopped while it was sending.'
        where (d.project_id, d.id) in (
                select o.project_id, o.id from deliveries o where o.connection_id = @Connection and o.state = 'sending' and o.lease_token < @Token limit 500)
            and d.state = 'sending' and d.lease_token < @Token and exists (select 1 from lease)
        """;

    private const string NextDue = """
        select extract(epoch from min(n.at) - clock_timestamp())::float8
        from unnest(@Connections::uuid[]) c (id)
        cross join lateral (
            select next_attempt_at as at from deliveries
            where connection_id = c.id and state in ('pending', 'in_doubt') order by next_attempt_at limit 1) n
        """;

    private const string LastDeals = """
        select n.id, deal.remote_lead_id
        from unnest(@Ids::uuid[], @Leads::uuid[], @Clients::uuid[]) n (id, lead_id, client_id)
        cross join lateral (
            select own.* from (
                select n.client_id as id union all select m.id from clients m where m.project_id = @ProjectId and m.merged_into = n.client_id) member
            cross join lateral (
                select l.id, p.remote_lead_id from leads l join deliveries p on p.project_id = l.project_id and p.lead_id = l.id
                where l.project_id = @ProjectId and l.client_id = member.id and l.id < n.lead_id
                    and p.connection_id = @Connection and p.state = 'delivered' and p.remote_lead_id is not null
                order by l.id desc limit 1) own
            order by own.id desc limit 1) deal
        """;
}
