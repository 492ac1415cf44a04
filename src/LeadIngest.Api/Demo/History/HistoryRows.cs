using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Imports;
using LeadIngest.Api.Features.Spend;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using LeadIngest.Api.Senders;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Demo.History;

/// <summary>What a history needs of the project besides its leads: who it is, deliveries that are done, spend, and the reading of the CRM begun anew.</summary>
internal sealed class HistoryRows(Database db, Guid project)
{
    /// <summary>Written first of all: by it a history that broke off is known.</summary>
    private const string Pbx = "Демо: АТС, прошлые звонки";

    public sealed record Place
    {
        public bool IsDemo { get; init; }
        public string? SiteKey { get; init; }
        public Guid SiteId { get; init; }
        public Guid? ConnectionId { get; init; }

        /// <summary>Spend is written last.</summary>
        public bool IsWritten { get; init; }

        /// <summary>There are leads or visits from before the project was made.</summary>
        public bool HasPast { get; init; }

        /// <summary>And a history has begun to write them.</summary>
        public bool IsBegun { get; init; }

        /// <summary>From then on the project has a life of its own.</summary>
        public DateTimeOffset CreatedAt { get; init; }
    }

    /// <returns>Null: there is no such project.</returns>
    public async Task<Place?> PlaceAsync(CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Place>(new CommandDefinition(Find, new { Project = project, Account = Story.Direct, Pbx }, cancellationToken: ct));
    }

    /// <summary>One writes at a time; the lock is the connection's.</summary>
    /// <returns>Null: somebody else is writing one.</returns>
    public async Task<NpgsqlConnection?> LockAsync(CancellationToken ct)
    {
        var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select pg_try_advisory_lock(hashtext('demo-history'), hashtext(@Project::text))", new { Project = project }, cancellationToken: ct))) return connection;
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>The PBX that the calls of the past came through.</summary>
    public async Task<Sender> SenderAsync(Place place, Guid id, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into senders (project_id, id, site_id, kind, provider, name, is_demo) values (@Project, @Id, @SiteId, 'call', 'generic', @Pbx, true)
            """, new { Project = project, Id = id, place.SiteId, Pbx }, cancellationToken: ct));
        return new Sender { ProjectId = project, Id = id, SiteId = place.SiteId, SiteKey = place.SiteKey!, Provider = "generic", Settings = new(), Secrets = new() };
    }

    /// <summary>Takes away what a history that broke off has left: all that is older than the project.</summary>
    public async Task ClearAsync(Place place, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Clear, new { Project = project, Before = place.CreatedAt, Pbx }, tx, commandTimeout: 120, cancellationToken: ct));
        await tx.CommitAsync(ct);
    }

    /// <summary>The database's own clock has stamped clients with today; the moments of their leads are put in its place.</summary>
    public async Task AgeAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Age, new { Project = project, Since = since }, commandTimeout: 120, cancellationToken: ct));
    }

    /// <returns>The leads that the CRM got cards of: those that the service took for enquiries.</returns>
    public async Task<Dictionary<PlannedDeal, Guid>> LeadsAsync(IReadOnlyList<PlannedDeal> deals, Guid sender, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var leads = (await connection.QueryAsync<(Guid Id, string? Call)>(new CommandDefinition(Enquiries, new { Project = project, Sender = sender }, cancellationToken: ct))).AsList();
        var (forms, calls) = (leads.Where(l => l.Call is null).Select(l => l.Id).ToHashSet(), leads.Where(l => l.Call is not null).ToDictionary(l => l.Call!, l => l.Id));
        var found = new Dictionary<PlannedDeal, Guid>();
        foreach (var deal in deals)
            if (deal.Form is { } form && forms.Contains(form.Id)) found[deal] = form.Id;
            else if (deal.Call is { } call && calls.TryGetValue(call.Id, out var lead)) found[deal] = lead;
        return found;
    }

    /// <summary>The cards are in the CRM already: deliveries that are done, with the cards' ids. Duplicates are notes in the first one's card.</summary>
    public async Task<int> DeliverAsync(Guid connectionId, IReadOnlyDictionary<PlannedDeal, Guid> leads, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Deliveries, new
        {
            Project = project,
            Connection = connectionId,
            Leads = leads.Values.ToArray(),
            Deals = leads.Keys.Select(d => d.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
            Contacts = leads.Keys.Select(d => d.Person?.ContactId.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
        }, commandTimeout: 120, cancellationToken: ct));
    }

    /// <summary>Each cabinet's table through the import, amounts by hand through theirs.</summary>
    public async Task SpendAsync(PlannedHistory history, TimeProvider clock, CancellationToken ct)
    {
        var scope = new ProjectScope(project);
        foreach (var amount in history.Amounts)
            await CreateManualSpend.HandleAsync(new(amount.Name, amount.From, amount.To, amount.Amount, null, true, amount.Source, amount.Medium, null, amount.Campaign, null), scope, db, clock, ct);
        // The account that tells that all is written comes last.
        foreach (var cabinet in history.Spend.GroupBy(s => s.Cabinet).OrderBy(g => g.Key == Story.Direct))
            await HistoryTables.ImportAsync(cabinet.Key, [.. cabinet], scope, db, clock, ct);
    }

    /// <summary>People and deals of the CRM are read once more from the beginning, by whoever runs the service.</summary>
    public async Task ReadAgainAsync(Guid connectionId, IOptions<ImportOptions> options, HookSecrets secrets, CancellationToken ct)
    {
        // A reading that is under way has passed some of what is new.
        for (var tries = 0; tries < 60 && await IsReadingAsync(connectionId, ct); tries++) await Task.Delay(TimeSpan.FromSeconds(1), ct);
        await StartImport.HandleAsync(connectionId, new ProjectScope(project), db, options, secrets, ct);
    }

    /// <returns>Null while it waits to be begun; true when all has been read.</returns>
    public async Task<bool?> IsReadAsync(Guid connectionId, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool?>(new CommandDefinition("""
            select case when i.state = 'waiting' then null else i.state <> 'running' and r.state not in ('waiting', 'running') end
            from crm_imports i join deal_readings r on r.project_id = i.project_id and r.connection_id = i.connection_id where i.project_id = @Project and i.connection_id = @Id
            """, new { Project = project, Id = connectionId }, cancellationToken: ct));
    }

    private async Task<bool> IsReadingAsync(Guid connectionId, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            select exists (select 1 from crm_imports where project_id = @Project and connection_id = @Id and state = 'running')
                or exists (select 1 from deal_readings where project_id = @Project and connection_id = @Id and state = 'running')
            """, new { Project = project, Id = connectionId }, cancellationToken: ct));
    }

    private const string Find = """
        select p.is_demo, p.created_at, s.site_key, s.id as site_id, c.id as connection_id,
            exists (select 1 from spend_accounts a where a.project_id = p.project_id and a.name = @Account) as is_written,
            exists (select 1 from senders b where b.project_id = p.project_id and b.name = @Pbx) as is_begun,
            exists (select 1 from leads l where l.project_id = p.project_id and l.received_at < p.created_at) or exists (select 1 from visits v where v.project_id = p.project_id and v.started_at < p.created_at) as has_past
        from projects p
        left join lateral (select site_key, id from sites s where s.project_id = p.project_id order by id limit 1) s on true
        left join lateral (select id from connections c where c.project_id = p.project_id and c.crm = 'amocrm' and c.is_demo order by id limit 1) c on true
        where p.project_id = @Project
        """;

    private const string Clear = """
        delete from deliveries d using leads l where d.project_id = @Project and l.project_id = @Project and l.id = d.lead_id and l.received_at < @Before;
        delete from idempotency_keys k using calls c where k.project_id = @Project and k.path = 'calls' and k.key = c.id::text and c.project_id = @Project and c.first_seen_at < @Before;
        delete from leads where project_id = @Project and received_at < @Before;
        delete from call_events where project_id = @Project and received_at < @Before;
        delete from calls where project_id = @Project and first_seen_at < @Before;
        delete from visits where project_id = @Project and started_at < @Before;
        with gone as (
            delete from clients c where c.project_id = @Project and not exists (select 1 from leads l where l.project_id = c.project_id and l.client_id = c.id)
                and not exists (select 1 from deals d where d.project_id = c.project_id and d.client_id = c.id) and not exists (select 1 from identities i where i.project_id = c.project_id and i.client_id = c.id and i.kind = 'crm_contact')
            returning id)
        delete from identities i using gone where i.project_id = @Project and i.client_id = gone.id;
        delete from merge_suggestions s where s.project_id = @Project and not exists (select 1 from clients c where c.project_id = s.project_id and c.id = s.client_a);
        delete from spend_manual where project_id = @Project and last_day < @Before + interval '1 day';
        delete from spend_accounts where project_id = @Project and name like 'Демо: %';
        delete from senders where project_id = @Project and name = @Pbx
        """;

    private const string Age = """
        update clients c set created_at = l.first_at, last_lead_at = l.last_at
        from (select client_id, min(received_at) as first_at, max(received_at) as last_at from leads where project_id = @Project and client_id is not null group by client_id) l
        where c.project_id = @Project and c.id = l.client_id and c.created_at >= @Since;
        update identities i set created_at = c.created_at from clients c where i.project_id = @Project and c.project_id = @Project and c.id = i.client_id and i.created_at >= @Since
        """;

    private const string Enquiries = """
        select l.id, c.external_id from leads l left join calls c on c.project_id = l.project_id and c.id = l.call_id
        where l.project_id = @Project and l.status in ('new', 'repeat') and (l.call_id is null or c.sender_id = @Sender)
        """;

    private const string Deliveries = """
        with cards as (select * from unnest(@Leads, @Deals, @Contacts) c (lead_id, deal, contact)),
        rows as (
            select l.id as lead_id, l.client_id, l.received_at, 'deal' as kind, c.deal, c.contact from cards c join leads l on l.project_id = @Project and l.id = c.lead_id
            union all
            select l.id, l.client_id, l.received_at, 'note', c.deal, c.contact from leads l join cards c on c.lead_id = l.duplicate_of where l.project_id = @Project and l.status = 'duplicate')
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, state, attempts, next_attempt_at, sent_at, delivered_at, remote_lead_id, remote_contact_id)
        select @Project, (left(lead_id::text, 24) || left(md5(lead_id::text || kind), 12))::uuid, lead_id, @Connection, client_id, kind, 'delivered', 1, null, received_at + interval '2 seconds', received_at + interval '3 seconds', deal, contact
        from rows where client_id is not null
        """;
}
