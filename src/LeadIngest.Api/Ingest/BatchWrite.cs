using LeadIngest.Api.Delivery;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Writes a plan in one round trip and one transaction: the statements of an <see cref="NpgsqlBatch"/> without barriers commit together or not at
/// all. Rows that several nodes may contend for come first and sorted by key, so that two batches cannot deadlock. What was read before and is
/// stale by now fails the transaction (23505 by a unique key, 40001 by <c>require_rows</c>), and the batch is looked up again.
/// </summary>
internal static class BatchWrite
{
    public static async Task ExecuteAsync(NpgsqlConnection db, BatchPlan plan, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(db);
        if (plan.NewIdentities.Count > 0) Add(batch, Identities(plan));
        if (plan.Touched.Count > 0) Add(batch, Touch(plan));
        if (plan.NewClients.Count > 0) Add(batch, Clients(plan));
        foreach (var merge in plan.Merges) AddMerge(batch, plan.ProjectId, merge);
        foreach (var (doubt, id, lead) in plan.Doubts) Add(batch, Suggestion(plan.ProjectId, doubt, id, lead));
        if (plan.Leads.Count > plan.Released.Count) Add(batch, Leads(plan));
        foreach (var row in plan.Released) Release(batch, plan, row);
        if (plan.Deliveries.Count > 0) Add(batch, Deliveries(plan));
        if (plan.Rejects.Count > 0) Add(batch, Rejects(plan));
        if (plan.Keys.Count > 0) Add(batch, Keys(plan));
        foreach (var row in plan.Leads.Where(l => l.Item.Replays is not null)) Add(batch, CloseReject(plan.ProjectId, row));
        if (plan.WakesDelivery) Add(batch, new NpgsqlBatchCommand($"select pg_notify('{DeliverySignal.Channel}', '')"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static void Add(NpgsqlBatch batch, NpgsqlBatchCommand command) => batch.BatchCommands.Add(command);

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlBatchCommand Identities(BatchPlan plan)
    {
        var rows = plan.NewIdentities;
        rows.Sort(static (a, b) => a.Identity.Kind != b.Identity.Kind ? a.Identity.Kind.CompareTo(b.Identity.Kind) : string.CompareOrdinal(a.Identity.Value, b.Identity.Value));
        return Command("""
            insert into identities (project_id, kind, value, client_id)
            select $1, * from unnest($2, $3, $4)
            """,
            Columns.Of(plan.ProjectId),
            Columns.Of(rows, NpgsqlDbType.Text, r => Identity.Wire(r.Identity.Kind)),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Identity.Value),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.ClientId));
    }

    private static NpgsqlBatchCommand Touch(BatchPlan plan)
    {
        var rows = plan.Touched.OrderBy(t => t.Key).ToList();
        return Command("""
            with asked as (select * from unnest($2, $3, $4, $5, $7, $8) as t (id, version, leads, last_lead_at, first_lead, name)),
            touched as (
                update clients c set version = c.version + 1, lead_count = c.lead_count + a.leads, last_lead_at = greatest(c.last_lead_at, a.last_lead_at),
                    -- A client known from a CRM only has had no lead yet.
                    first_lead_id = coalesce(c.first_lead_id, a.first_lead), name = coalesce(c.name, a.name)
                from asked a where c.project_id = $1 and c.id = any($2) and c.id = a.id and c.version = a.version and c.merged_into is null
                returning 1)
            select require_rows((select count(*) from touched), $6)
            """,
            Columns.Of(plan.ProjectId),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Key),
            Columns.Of(rows, NpgsqlDbType.Integer, r => r.Value.Version),
            Columns.Of(rows, NpgsqlDbType.Integer, r => r.Value.Leads),
            Columns.Of(rows, NpgsqlDbType.TimestampTz, r => r.Value.LastLeadAt.UtcDateTime),
            Columns.Of(rows.Count),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Value.FirstLeadId),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Value.Name));
    }

    private static NpgsqlBatchCommand Clients(BatchPlan plan)
    {
        var leads = plan.Leads.Where(l => l.ClientId is not null).CountBy(l => l.ClientId!.Value).ToDictionary();
        return Command("""
            insert into clients (project_id, id, name, first_lead_id, lead_count, last_lead_at)
            select $1, n.id, n.name, n.lead, n.leads, $6 from unnest($2, $3, $4, $5) as n (id, name, lead, leads)
            """,
            Columns.Of(plan.ProjectId),
            Columns.Of(plan.NewClients, NpgsqlDbType.Uuid, r => r.Id),
            Columns.Of(plan.NewClients, NpgsqlDbType.Text, r => r.Name),
            Columns.Of(plan.NewClients, NpgsqlDbType.Uuid, r => r.FirstLeadId),
            Columns.Of(plan.NewClients, NpgsqlDbType.Integer, r => leads[r.Id]),
            new NpgsqlParameter<DateTime> { TypedValue = plan.Leads.Max(l => l.Item.ReceivedAt).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
    }

    private static void AddMerge(NpgsqlBatch batch, Guid project, MergeRow row)
    {
        var merge = row.Merge;
        Add(batch, Command("""
            with moved as (select coalesce(array_agg(id), '{}') as ids from clients where project_id = $1 and merged_into = $3)
            insert into client_merges (project_id, id, kept_id, merged_id, moved, reason, lead_id)
            select $1, $4, $2, $3, ids, 'one lead carried identities of both', $5 from moved
            """, Columns.Of(project), Columns.Of(merge.KeptId), Columns.Of(merge.MergedId), Columns.Of(row.Id), Columns.Of(row.LeadId)));
        // Everybody keeps the count of their own leads, as with a merge by hand: who reads it sums the family, and an undo has nothing to give back.
        Add(batch, Command("""
            with merged as (
                update clients set merged_into = $2, version = version + 1
                where project_id = $1 and id = $3 and version = $4 and merged_into is null returning 1),
            children as (update clients set merged_into = $2 where project_id = $1 and merged_into = $3),
            kept as (update clients set lead_count = lead_count + $5 where project_id = $1 and id = $2)
            select require_rows((select count(*) from merged), 1)
            """, Columns.Of(project), Columns.Of(merge.KeptId), Columns.Of(merge.MergedId), Columns.Of(merge.MergedVersion ?? 0), Columns.Of(row.Leads)));
    }

    private static NpgsqlBatchCommand Suggestion(Guid project, Doubt doubt, Guid id, Guid lead) => Command("""
        insert into merge_suggestions (project_id, id, client_a, client_b, reason, lead_id)
        values ($1, $2, least($3, $4), greatest($3, $4), $5, $6)
        on conflict (project_id, client_a, client_b) do nothing
        """, Columns.Of(project), Columns.Of(id), Columns.Of(doubt.ClientA), Columns.Of(doubt.ClientB),
        new NpgsqlParameter<string> { TypedValue = doubt.Why }, Columns.Of(lead));

    private static NpgsqlBatchCommand Leads(BatchPlan plan)
    {
        var rows = plan.Released.Count == 0 ? plan.Leads : plan.Leads.FindAll(l => !l.Item.Releases);
        return Command("""
            insert into leads (project_id, id, site_id, client_id, duplicate_of, kind, status, received_at, occurred_at, name, phone, phone_typed,
                email, email_typed, messenger, comment, form_id, form_name, visitor_id, visit_id, channel, source, medium, campaign, content, keyword,
                passport, details, call_id)
            select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
                $26, $27, $28, $29)
            """,
            Columns.Of(plan.ProjectId),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Id),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Item.Site.SiteId),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.ClientId),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.DuplicateOf),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Kind),
            Columns.Of(rows, NpgsqlDbType.Text, r => Wire(r.Status)),
            Columns.Of(rows, NpgsqlDbType.TimestampTz, r => r.Item.ReceivedAt.UtcDateTime),
            Columns.Of(rows, NpgsqlDbType.TimestampTz, r => r.Item.OccurredAt?.UtcDateTime),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Name),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Phone),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.PhoneTyped),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Email),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.EmailTyped),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Messenger),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Comment),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.FormId),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.FormName),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.VisitorId),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.VisitId),
            Columns.Of(rows, NpgsqlDbType.Text, r => PassportNames.ToWire(r.Item.Passport.Channel)),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Passport.Source),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Passport.Medium),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Passport.Campaign),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Passport.Content),
            Columns.Of(rows, NpgsqlDbType.Text, r => r.Item.Passport.Keyword),
            Columns.Of(rows, NpgsqlDbType.Jsonb, r => r.Item.PassportJson),
            Columns.Of(rows, NpgsqlDbType.Jsonb, r => r.Item.DetailsJson),
            Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Item.CallId));
    }

    private static NpgsqlBatchCommand Deliveries(BatchPlan plan) => Command("""
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, next_attempt_at)
        select $1, d.id, d.lead_id, d.connection_id, d.client_id, d.kind, coalesce(d.after, clock_timestamp())
        from unnest($2, $3, $4, $5, $6, $7) as d (id, lead_id, connection_id, client_id, kind, after)
        """,
        Columns.Of(plan.ProjectId),
        Columns.Of(plan.Deliveries, NpgsqlDbType.Uuid, r => r.Id),
        Columns.Of(plan.Deliveries, NpgsqlDbType.Uuid, r => r.LeadId),
        Columns.Of(plan.Deliveries, NpgsqlDbType.Uuid, r => r.ConnectionId),
        Columns.Of(plan.Deliveries, NpgsqlDbType.Uuid, r => r.ClientId),
        Columns.Of(plan.Deliveries, NpgsqlDbType.Text, r => r.Kind),
        Columns.Of(plan.Deliveries, NpgsqlDbType.TimestampTz, r => r.After?.UtcDateTime));

    /// <summary>
    /// The lead's row becomes an enquiry's. Deliveries that were called off when it was marked as spam take up their way again, those that got through
    /// stay, and where it never had any they are made.
    /// </summary>
    private static void Release(NpgsqlBatch batch, BatchPlan plan, LeadRow row)
    {
        Add(batch, Command("""
            with released as (
                update leads set client_id = $3, status = $4, duplicate_of = $5, details = jsonb_set(details, '{reasons}',
                    (coalesce(details -> 'reasons', '[]') - 'released_by_hand') || '["released_by_hand"]')
                where project_id = $1 and id = $2 and status in ('spam', 'test') returning 1)
            select require_rows((select count(*) from released), 1)
            """,
            Columns.Of(plan.ProjectId), Columns.Of(row.Id), Columns.Of(row.ClientId!.Value), new NpgsqlParameter<string> { TypedValue = Wire(row.Status) },
            new NpgsqlParameter { Value = (object?)row.DuplicateOf ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }));
        var deliveries = plan.ReleasedDeliveries.FindAll(d => d.LeadId == row.Id);
        if (deliveries.Count == 0) return;
        Add(batch, Command($"""
            with theirs as (select * from unnest($3, $4) as t (id, connection_id)),
            resumed as (
                update deliveries d set state = 'pending', client_id = $5, kind = $6, attempts = 0, lookups = 0, crash_claims = 0, lease_token = null,
                    parked = false, waits_for = null, last_error = null, next_attempt_at = clock_timestamp()
                from theirs t
                where d.project_id = $1 and d.lead_id = $2 and d.connection_id = t.connection_id and d.state = 'dead' and d.last_error = '{MarkedAsSpam}')
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, next_attempt_at)
            select $1, t.id, $2, t.connection_id, $5, $6, clock_timestamp() from theirs t
            where not exists (select 1 from deliveries d where d.project_id = $1 and d.lead_id = $2 and d.connection_id = t.connection_id)
            """,
            Columns.Of(plan.ProjectId), Columns.Of(row.Id), Columns.Of(deliveries, NpgsqlDbType.Uuid, d => d.Id),
            Columns.Of(deliveries, NpgsqlDbType.Uuid, d => d.ConnectionId), Columns.Of(row.ClientId.Value),
            new NpgsqlParameter<string> { TypedValue = deliveries[0].Kind }));
    }

    /// <summary>In <c>last_error</c> of a delivery that was called off.</summary>
    public const string MarkedAsSpam = "Marked as spam before it was sent.";

    private static NpgsqlBatchCommand Rejects(BatchPlan plan) => Command("""
        insert into rejects (project_id, id, site_id, route, received_at, reason, errors, content_type, headers, ip, body, body_sha256)
        select $1, r.*, sha256(r.body) from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            as r (id, site_id, route, received_at, reason, errors, content_type, headers, ip, body)
        """,
        Columns.Of(plan.ProjectId),
        Columns.Of(plan.RejectIds.ToArray(), NpgsqlDbType.Uuid),
        Columns.Of(plan.Rejects, NpgsqlDbType.Uuid, r => r.Site.SiteId),
        Columns.Of(plan.Rejects, NpgsqlDbType.Text, r => r.Route),
        Columns.Of(plan.Rejects, NpgsqlDbType.TimestampTz, r => r.ReceivedAt.UtcDateTime),
        Columns.Of(plan.Rejects, NpgsqlDbType.Text, r => r.Reason),
        Columns.Of(plan.Rejects, NpgsqlDbType.Jsonb, r => r.ErrorsJson),
        Columns.Of(plan.Rejects, NpgsqlDbType.Text, r => r.ContentType),
        Columns.Of(plan.Rejects, NpgsqlDbType.Jsonb, r => r.HeadersJson),
        Columns.Of(plan.Rejects, NpgsqlDbType.Text, r => r.Ip?.ToString()),
        Columns.Of(plan.Rejects, NpgsqlDbType.Bytea, r => r.Body));

    private static NpgsqlBatchCommand Keys(BatchPlan plan) => Command("""
        insert into idempotency_keys (project_id, site_id, path, key, body_hash, status, answer)
        select $1, * from unnest($2, $3, $4, $5, $6, $7)
        """,
        Columns.Of(plan.ProjectId),
        Columns.Of(plan.Keys, NpgsqlDbType.Uuid, k => k.SiteId),
        Columns.Of(plan.Keys, NpgsqlDbType.Text, k => k.Claim.Path),
        Columns.Of(plan.Keys, NpgsqlDbType.Text, k => k.Claim.Key),
        Columns.Of(plan.Keys, NpgsqlDbType.Bytea, k => k.Claim.BodyHash),
        Columns.Of(plan.Keys, NpgsqlDbType.Integer, k => k.Status),
        Columns.Of(plan.Keys, NpgsqlDbType.Text, k => k.Answer));

    private static NpgsqlBatchCommand CloseReject(Guid project, LeadRow row) => Command("""
        with closed as (
            update rejects set state = 'replayed', lead_id = $3, closed_at = clock_timestamp()
            where project_id = $1 and id = $2 and state <> 'replayed' returning 1)
        select require_rows((select count(*) from closed), 1)
        """, Columns.Of(project), Columns.Of(row.Item.Replays!.Value), Columns.Of(row.Id));

    private static string Wire(LeadStatus status) => status switch
    {
        LeadStatus.New => "new",
        LeadStatus.Repeat => "repeat",
        LeadStatus.Duplicate => "duplicate",
        LeadStatus.Spam => "spam",
        _ => "test",
    };
}
