using LeadIngest.Core;
using LeadIngest.Core.Clients;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Ingest;

/// <summary>What the database knew when a batch was looked up: owners of its identities, those clients, and answers to its idempotency keys.</summary>
internal sealed class Knowledge
{
    public Dictionary<Identity, Guid> Owners { get; } = [];
    public Dictionary<Guid, KnownClient> Clients { get; } = [];
    public Dictionary<(Guid Site, string Path, string Key), SavedAnswer> Answers { get; } = [];

    /// <summary>Rejects that became a lead before.</summary>
    public HashSet<Guid> Replayed { get; } = [];

    /// <summary>Leads to be released that are enquiries already.</summary>
    public HashSet<Guid> Released { get; } = [];
}

internal sealed record SavedAnswer(byte[] BodyHash, int Status, string Answer);

/// <summary>Reads, set-based, what resolving a batch needs. Every look-up goes by a primary key or an index that starts with the project.</summary>
internal static class BatchLookup
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    /// <summary>Adds to <paramref name="known"/> what is known of these items. All items belong to one project.</summary>
    public static async Task ReadAsync(NpgsqlConnection db, IReadOnlyList<IngestItem> items, Knowledge known, CancellationToken ct)
    {
        var project = items[0].Site.ProjectId;
        var asked = new HashSet<Identity>();
        var keyed = new List<IngestItem>();
        List<Guid>? replays = null, releases = null;
        foreach (var item in items)
        {
            if (item is LeadItem lead)
            {
                foreach (var identity in lead.Identities)
                    if (!known.Owners.ContainsKey(identity)) asked.Add(identity);
                if (lead.Replays is { } reject) (replays ??= []).Add(reject);
                if (lead is { Releases: true, Id: { } junk }) (releases ??= []).Add(junk);
            }
            if (item.Idempotency is not null) keyed.Add(item);
        }
        if (asked.Count > 0) await OwnersAsync(db, project, asked, known, ct);
        var fresh = known.Owners.Values.Where(c => !known.Clients.ContainsKey(c)).Distinct().ToArray();
        if (fresh.Length > 0) await ClientsAsync(db, items[0].Site, items.Min(i => i.ReceivedAt), fresh, known, ct);
        if (keyed.Count > 0) await AnswersAsync(db, project, keyed, known, ct);
        if (replays is not null) await ReplayedAsync(db, project, replays, known, ct);
        if (releases is not null) await ReleasedAsync(db, project, releases, known, ct);
    }

    /// <summary>Adds the owners of these identities, as roots.</summary>
    public static async Task OwnersAsync(NpgsqlConnection db, Guid project, HashSet<Identity> asked, Knowledge known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Owners, db);
        command.Parameters.Add(Columns.Of(project));
        command.Parameters.Add(Columns.Of(asked.Select(i => Identity.Wire(i.Kind)).ToArray(), NpgsqlDbType.Text));
        command.Parameters.Add(Columns.Of(asked.Select(i => i.Value).ToArray(), NpgsqlDbType.Text));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Owners[new Identity(Identity.ParseKind(rows.GetString(0)), rows.GetString(1))] = rows.GetGuid(2);
    }

    private static async Task ClientsAsync(NpgsqlConnection db, SiteEntry site, DateTimeOffset earliest, Guid[] ids, Knowledge known, CancellationToken ct)
    {
        var since = earliest - site.DuplicateWindow - ClockSlack;
        await using var batch = new NpgsqlBatch(db);
        var clients = new NpgsqlBatchCommand("""
            select c.id, c.version, c.lead_count + coalesce((select sum(m.lead_count) from clients m where m.project_id = c.project_id and m.merged_into = c.id), 0)::int
            from clients c where c.project_id = $1 and c.id = any($2)
            """);
        clients.Parameters.Add(Columns.Of(site.ProjectId));
        clients.Parameters.Add(Columns.Of(ids, NpgsqlDbType.Uuid));
        batch.BatchCommands.Add(clients);
        var recent = new NpgsqlBatchCommand(Recent);
        recent.Parameters.Add(Columns.Of(site.ProjectId));
        recent.Parameters.Add(Columns.Of(ids, NpgsqlDbType.Uuid));
        recent.Parameters.Add(Columns.Of(OrderedIds.Floor(since)));
        batch.BatchCommands.Add(recent);

        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Clients[rows.GetGuid(0)] = new KnownClient(rows.GetGuid(0)) { Version = rows.GetInt32(1), LeadCount = rows.GetInt32(2) };
        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Clients[rows.GetGuid(0)].Recent.Add(new RecentLead(rows.GetGuid(1), rows.GetGuid(2), rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4)));
    }

    private static async Task AnswersAsync(NpgsqlConnection db, Guid project, List<IngestItem> keyed, Knowledge known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Answers, db);
        command.Parameters.Add(Columns.Of(project));
        var asked = keyed.SelectMany(i => new[] { i.Idempotency!.Key, i.Idempotency.OrKey }.OfType<string>().Select(key => (i.Site.SiteId, i.Idempotency.Path, Key: key))).ToList();
        command.Parameters.Add(Columns.Of(asked.Select(k => k.SiteId).ToArray(), NpgsqlDbType.Uuid));
        command.Parameters.Add(Columns.Of(asked.Select(k => k.Path).ToArray(), NpgsqlDbType.Text));
        command.Parameters.Add(Columns.Of(asked.Select(k => k.Key).ToArray(), NpgsqlDbType.Text));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Answers[(rows.GetGuid(0), rows.GetString(1), rows.GetString(2))] =
                new SavedAnswer(rows.GetFieldValue<byte[]>(3), rows.GetInt32(4), rows.GetString(5));
    }

    private static async Task ReplayedAsync(NpgsqlConnection db, Guid project, List<Guid> rejects, Knowledge known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select id from rejects where project_id = $1 and id = any($2) and state = 'replayed'", db);
        command.Parameters.Add(Columns.Of(project));
        command.Parameters.Add(Columns.Of(rejects.ToArray(), NpgsqlDbType.Uuid));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) known.Replayed.Add(rows.GetGuid(0));
    }

    private static async Task ReleasedAsync(NpgsqlConnection db, Guid project, List<Guid> leads, Knowledge known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select id from leads where project_id = $1 and id = any($2) and status not in ('spam', 'test')", db);
        command.Parameters.Add(Columns.Of(project));
        command.Parameters.Add(Columns.Of(leads.ToArray(), NpgsqlDbType.Uuid));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) known.Released.Add(rows.GetGuid(0));
    }

    /// <summary>What a merge of these clients would contradict. Asked only when one lead is claimed by several clients.</summary>
    public static async Task FactsAsync(NpgsqlConnection db, Guid project, IReadOnlyList<KnownClient> clients, CancellationToken ct)
    {
        foreach (var client in clients.Where(c => c.Facts is null))
        {
            if (client.Version is null)
            {
                client.Facts = MergeFacts.None;
                continue;
            }
            var contacts = new HashSet<(Guid, string)>();
            var phones = new HashSet<string>();
            var vanished = new HashSet<Guid>();
            await using var command = new NpgsqlCommand(Facts, db);
            command.Parameters.Add(Columns.Of(project));
            command.Parameters.Add(Columns.Of(client.Id));
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                var value = rows.GetString(1);
                if (rows.GetString(0) == "phone") phones.Add(value);
                else if (Import.CardIdentity.GoneFrom(value) is { } left) vanished.Add(left);
                else if (Guid.TryParse(value.AsSpan(0, Math.Max(0, value.IndexOf('/'))), out var connection)) contacts.Add((connection, value[(value.IndexOf('/') + 1)..]));
            }
            client.Facts = new MergeFacts(contacts, phones) { Vanished = vanished };
        }
    }

    // Laterals with a limit cannot be turned round: on a young database without statistics the planner would rather read a whole project through
    // another index and compare it with every pair that is asked for.
    private const string Owners = """
        select asked.kind, asked.value, c.root
        from unnest($2, $3) as asked (kind, value)
        cross join lateral (
            select i.client_id from identities i where i.project_id = $1 and i.kind = asked.kind and i.value = asked.value limit 1) i
        cross join lateral (select coalesce(c.merged_into, c.id) as root from clients c where c.project_id = $1 and c.id = i.client_id limit 1) c
        """;

    private const string Recent = """
        with family as materialized (
            select root, root as id from unnest($2) as asked (root)
            union all
            select asked.root, c.id from unnest($2) as asked (root)
            cross join lateral (select c.id from clients c where c.project_id = $1 and c.merged_into = asked.root offset 0) c)
        select f.root, l.id, l.site_id, l.form, l.received_at
        from family f
        cross join lateral (
            select l.id, l.site_id, coalesce(l.form_id, l.form_name, '') as form, l.received_at
            from leads l where l.project_id = $1 and l.client_id = f.id and l.id >= $3 and l.status in ('new', 'repeat') offset 0) l
        order by l.id
        """;

    private const string Answers = """
        select k.site_id, k.path, k.key, k.body_hash, k.status, k.answer
        from unnest($2, $3, $4) as asked (site_id, path, key)
        cross join lateral (
            select * from idempotency_keys k
            where k.project_id = $1 and k.site_id = asked.site_id and k.path = asked.path and k.key = asked.key limit 1) k
        """;

    // A phone is confirmed by a deal when a lead with it was delivered.
    private const string Facts = """
        with family as (
            select $2 as id union all select c.id from clients c where c.project_id = $1 and c.merged_into = $2)
        select i.kind, i.value from family f join identities i on i.project_id = $1 and i.client_id = f.id and i.kind = 'crm_contact'
        union all
        select 'phone', l.phone from family f join leads l on l.project_id = $1 and l.client_id = f.id and l.phone is not null
        where exists (select 1 from deliveries d where d.project_id = $1 and d.lead_id = l.id and d.state = 'delivered' and d.kind = 'deal')
        """;
}
