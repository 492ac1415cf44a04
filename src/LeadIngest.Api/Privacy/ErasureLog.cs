using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>
/// The acts of all projects as a file, one JSON object a line, to be kept apart from the database's backups: a backup from before an erasure holds the person again and knows nothing of the act. The
/// file holds no person either: hashes under a key that is encrypted.
/// </summary>
internal sealed class ErasureLog(Database db, Erasure erasure, ErasureKeys keys)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Line(Guid ProjectId, Guid Id, Guid ClientId, Guid[] ClientIds, DateTimeOffset At, string ByName, string Reason, JsonElement Counts, JsonElement CrmObjects, DateTimeOffset? DueAt,
        byte[] Key, string[] Hashes, JsonElement Cards);

    /// <returns>How many acts were written.</returns>
    public async Task<int> WriteAsync(TextWriter file, CancellationToken ct)
    {
        var written = 0;
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        foreach (var line in await LinesAsync(connection, ct))
        {
            await file.WriteLineAsync(line.AsMemory(), ct);
            written++;
        }
        return written;
    }

    /// <summary>Does everything again that the acts say. May be repeated: who is erased already stays so, and who has written since an act is left alone.</summary>
    /// <param name="file">Null: the acts that stand in the database.</param>
    /// <returns>How many acts there are, and how many families of clients were erased.</returns>
    /// <exception cref="FormatException">A line is no act, or its project has made acts of its own since.</exception>
    public async Task<(int Acts, int Erased)> ReplayAsync(TextReader? file, CancellationToken ct)
    {
        var lines = new List<string>();
        if (file is null)
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            lines.AddRange(await LinesAsync(connection, ct));
        }
        else
            while (await file.ReadLineAsync(ct) is { } line)
                if (!string.IsNullOrWhiteSpace(line)) lines.Add(line);
        var (acts, erased) = (0, 0);
        foreach (var line in lines)
        {
            try
            {
                erased += await ReplayAsync(JsonSerializer.Deserialize<Line>(line, Json)!, ct);
                acts++;
            }
            catch (JsonException)
            {
                throw new FormatException($"Line {acts + 1} is no act of erasure.");
            }
        }
        return (acts, erased);
    }

    private async Task<int> ReplayAsync(Line act, CancellationToken ct)
    {
        Guid[] clients;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
        {
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select 1 from projects where project_id = @ProjectId)", act, cancellationToken: ct))) return 0;
            var key = keys.Open(act.ProjectId, act.Key);
            await using (var tx = await connection.BeginTransactionAsync(ct))
            {
                // The project's acts must be comparable: all under one key, the one of before.
                await connection.ExecuteAsync(new CommandDefinition("""
                    insert into erasure_keys (project_id, key) values (@ProjectId, @Key)
                    on conflict (project_id) do update set key = excluded.key where not exists (select 1 from erasures where project_id = @ProjectId)
                    """, new { act.ProjectId, act.Key }, tx, cancellationToken: ct));
                if (!(await keys.FindAsync(connection, tx, act.ProjectId, ct))!.AsSpan().SequenceEqual(key))
                    throw new FormatException($"Project {act.ProjectId} has erased people since it was restored: replay the log first, before anything else.");
                await connection.ExecuteAsync(new CommandDefinition(Insert, new
                {
                    act.ProjectId,
                    act.Id,
                    act.ClientId,
                    act.ClientIds,
                    act.At,
                    act.ByName,
                    act.Reason,
                    Counts = act.Counts.GetRawText(),
                    Objects = act.CrmObjects.GetRawText(),
                    act.DueAt,
                    Hashes = act.Hashes.Select(Convert.FromHexString).ToArray(),
                    Cards = act.Cards.GetRawText(),
                }, tx, cancellationToken: ct));
                await tx.CommitAsync(ct);
            }
            clients = await FindAsync(connection, act, key, ct);
        }
        var erased = 0;
        foreach (var client in clients)
            if (await erasure.EraseAsync(new(act.ProjectId, act.Id, act.ByName, act.Reason, act.At), client, ct) == Erased.Done) erased++;
        return erased;
    }

    /// <summary>Whom the act is about, as the restored database knows them: by their ids, and by what they were known by. Clients made after the act are people who wrote again.</summary>
    private static async Task<Guid[]> FindAsync(NpgsqlConnection connection, Line act, byte[] key, CancellationToken ct)
    {
        var hashes = act.Hashes.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new HashSet<Guid>(await connection.QueryAsync<Guid>(new CommandDefinition(
            "select coalesce(merged_into, id) from clients where project_id = @ProjectId and id = any(@ClientIds) and erasure_id is null", new { act.ProjectId, act.ClientIds }, cancellationToken: ct)));
        for (var after = ("", ""); ;)
        {
            var some = (await connection.QueryAsync<(string Kind, string Value, Guid Client)>(new CommandDefinition(Identities,
                new { act.ProjectId, Kind = after.Item1, Value = after.Item2, act.At }, cancellationToken: ct))).AsList();
            if (some.Count == 0) return [.. found];
            foreach (var (kind, value, client) in some)
                if (hashes.Contains(Convert.ToHexString(ErasureKeys.Hash(key, kind, value)))) found.Add(client);
            after = (some[^1].Kind, some[^1].Value);
        }
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(All, cancellationToken: ct))).Select(r => JsonSerializer.Serialize(new Line(r.ProjectId, r.Id, r.ClientId, r.ClientIds, r.At, r.ByName, r.Reason,
            JsonSerializer.Deserialize<JsonElement>(r.Counts), JsonSerializer.Deserialize<JsonElement>(r.CrmObjects), r.DueAt, r.Key, r.Hashes, JsonSerializer.Deserialize<JsonElement>(r.Cards)), Json))];

    private sealed class Row
    {
        public Guid ProjectId { get; init; }
        public Guid Id { get; init; }
        public Guid ClientId { get; init; }
        public Guid[] ClientIds { get; init; } = [];
        public DateTimeOffset At { get; init; }
        public string ByName { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Counts { get; init; } = "{}";
        public string CrmObjects { get; init; } = "[]";
        public DateTimeOffset? DueAt { get; init; }
        public byte[] Key { get; init; } = [];
        public string[] Hashes { get; init; } = [];
        public string Cards { get; init; } = "[]";
    }

    private const string All = """
        select e.project_id, e.id, e.client_id, e.client_ids, e.at, e.by_name, e.reason, e.counts::text as counts, e.crm_objects::text as crm_objects, e.due_at, k.key,
            array(select encode(c.hash, 'hex') from erased_contacts c where c.project_id = e.project_id and c.erasure_id = e.id order by 1) as hashes,
            (select coalesce(jsonb_agg(jsonb_build_object('connection_id', c.connection_id, 'kind', c.kind, 'remote_id', c.remote_id)), '[]')
             from erased_cards c where c.project_id = e.project_id and c.erasure_id = e.id)::text as cards
        from erasures e join erasure_keys k on k.project_id = e.project_id order by e.at, e.id
        """;

    private const string Insert = """
        insert into erasures (project_id, id, client_id, client_ids, at, by_name, reason, counts, crm_objects, due_at)
        values (@ProjectId, @Id, @ClientId, @ClientIds, @At, @ByName, @Reason, @Counts::jsonb, @Objects::jsonb, @DueAt) on conflict do nothing;
        insert into erased_contacts (project_id, erasure_id, hash) select @ProjectId, @Id, h from unnest(@Hashes) h on conflict do nothing;
        insert into erased_cards (project_id, erasure_id, connection_id, kind, remote_id)
        select @ProjectId, @Id, c.* from jsonb_to_recordset(@Cards::jsonb) c (connection_id uuid, kind text, remote_id text) on conflict do nothing
        """;

    private const string Identities = """
        select i.kind, i.value, coalesce(c.merged_into, c.id) as client from identities i join clients c on c.project_id = i.project_id and c.id = i.client_id
        where i.project_id = @ProjectId and i.kind in ('phone', 'email', 'messenger') and (i.kind, i.value) > (@Kind, @Value) and c.created_at <= @At and c.erasure_id is null
        order by i.kind, i.value limit 10000
        """;
}
