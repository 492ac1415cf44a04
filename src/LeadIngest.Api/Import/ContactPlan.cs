using LeadIngest.Api.Ingest;
using LeadIngest.Core.Clients;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import;

/// <summary>Everything that one page of cards will change, decided before the transaction starts: rows only, no more rules.</summary>
internal sealed class ContactPlan
{
    private readonly List<(Guid Id, string? Name)> _newClients = [];
    private readonly Dictionary<Guid, (int Version, string? Name)> _touched = [];
    private readonly List<(Merge Merge, Guid Id)> _merges = [];
    private readonly List<(Doubt Doubt, Guid Id)> _doubts = [];

    public List<(Identity Identity, Guid ClientId)> Identities { get; } = [];
    public int Skipped { get; set; }

    /// <summary>Other cards of clients that a card now claims something of: it may have swallowed them.</summary>
    public HashSet<ContactKey> Suspects { get; } = [];

    public void Add(ContactResolution resolution, KnownClient client, string? name, Func<Guid> newId)
    {
        if (resolution.IsNewClient) _newClients.Add((client.Id, name));
        else if (client.Version is { } version && resolution.Learned.Count + resolution.Merges.Count > 0)
            _touched[client.Id] = (version, _touched.TryGetValue(client.Id, out var before) ? before.Name ?? name : name);
        foreach (var identity in resolution.Learned) Identities.Add((identity, client.Id));
        foreach (var merge in resolution.Merges)
        {
            // The merge itself checks the version of the joined row, which therefore must not be touched any more.
            _touched.Remove(merge.MergedId);
            _merges.Add((merge, newId()));
        }
        foreach (var doubt in resolution.Doubts) _doubts.Add((doubt, newId()));
    }

    /// <summary>Rows that others may contend for come first and sorted by key, as everybody writes them.</summary>
    public void AddTo(NpgsqlBatch batch, Guid project)
    {
        if (Identities.Count > 0)
        {
            Identities.Sort(static (a, b) => a.Identity.Kind != b.Identity.Kind ? a.Identity.Kind.CompareTo(b.Identity.Kind) : string.CompareOrdinal(a.Identity.Value, b.Identity.Value));
            Add(batch, "insert into identities (project_id, kind, value, client_id) select $1, * from unnest($2, $3, $4)",
                Columns.Of(project),
                Columns.Of(Identities, NpgsqlDbType.Text, r => Identity.Wire(r.Identity.Kind)),
                Columns.Of(Identities, NpgsqlDbType.Text, r => r.Identity.Value),
                Columns.Of(Identities, NpgsqlDbType.Uuid, r => r.ClientId));
        }
        if (_touched.Count > 0)
        {
            var rows = _touched.OrderBy(t => t.Key).ToList();
            Add(batch, Touch, Columns.Of(project),
                Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Key),
                Columns.Of(rows, NpgsqlDbType.Integer, r => r.Value.Version),
                Columns.Of(rows, NpgsqlDbType.Text, r => r.Value.Name),
                Columns.Of(rows.Count));
        }
        if (_newClients.Count > 0)
            Add(batch, "insert into clients (project_id, id, name) select $1, * from unnest($2, $3)", Columns.Of(project),
                Columns.Of(_newClients, NpgsqlDbType.Uuid, r => r.Id), Columns.Of(_newClients, NpgsqlDbType.Text, r => r.Name));
        foreach (var (merge, id) in _merges)
        {
            Add(batch, Merged, Columns.Of(project), Columns.Of(merge.KeptId), Columns.Of(merge.MergedId), Columns.Of(id));
            Add(batch, Join, Columns.Of(project), Columns.Of(merge.KeptId), Columns.Of(merge.MergedId), Columns.Of(merge.MergedVersion ?? 0));
        }
        foreach (var (doubt, id) in _doubts)
            Add(batch, Suggest, Columns.Of(project), Columns.Of(id), Columns.Of(doubt.ClientA), Columns.Of(doubt.ClientB), new NpgsqlParameter<string> { TypedValue = doubt.Why });
    }

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private const string Touch = """
        with asked as (select * from unnest($2, $3, $4) as t (id, version, name)),
        touched as (
            update clients c set version = c.version + 1, name = coalesce(c.name, a.name)
            from asked a where c.project_id = $1 and c.id = any($2) and c.id = a.id and c.version = a.version and c.merged_into is null
            returning 1)
        select require_rows((select count(*) from touched), $5)
        """;

    private const string Merged = """
        with moved as (select coalesce(array_agg(id), '{}') as ids from clients where project_id = $1 and merged_into = $3)
        insert into client_merges (project_id, id, kept_id, merged_id, moved, reason)
        select $1, $4, $2, $3, ids, 'one card of the CRM carries identities of both' from moved
        """;

    // Everybody keeps the count of their own leads, as with the merges that leads cause.
    private const string Join = """
        with merged as (
            update clients set merged_into = $2, version = version + 1
            where project_id = $1 and id = $3 and version = $4 and merged_into is null returning 1),
        children as (update clients set merged_into = $2 where project_id = $1 and merged_into = $3)
        select require_rows((select count(*) from merged), 1)
        """;

    private const string Suggest = """
        insert into merge_suggestions (project_id, id, client_a, client_b, reason) values ($1, $2, least($3, $4), greatest($3, $4), $5)
        on conflict (project_id, client_a, client_b) do nothing
        """;
}
