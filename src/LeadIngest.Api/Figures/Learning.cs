using Dapper;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Figures;

/// <summary>
/// Learns from all paths of a project's deals how much each campaign counts under the Markov model: those of won deals end with a conversion, the others without. What was learnt is kept, and credits
/// are computed anew when it has changed.
/// </summary>
internal static class Learning
{
    /// <summary>Weights that moved less than this against the greatest change no credit worth speaking of.</summary>
    private const double Least = 0.01;

    /// <returns>True: weights changed, the project has been marked.</returns>
    public static async Task<bool> LearnAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        PathCounts<TouchSource> paths;
        // Both reads see one moment: a touch whose origin came between them would be nobody's.
        await using (var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct)) paths = await ReadAsync(connection, projectId, ct);
        // Without a single sale there is nothing to learn: sources share alike.
        var learnt = paths.Conversions == 0 ? [] : Markov.Learn(paths).Sources.Where(s => s.RemovalEffect > 0).ToList();
        await using var tx = await connection.BeginTransactionAsync(ct);
        var known = (await connection.QueryAsync<(string Channel, string? Source, string? Medium, string? Campaign, double Weight)>(new CommandDefinition(
            "select channel, source, medium, campaign, weight from learnt_weights where project_id = @projectId and model = 'markov'", new { projectId }, tx, cancellationToken: ct)))
            .ToDictionary(w => (w.Channel, w.Source, w.Medium, w.Campaign), w => w.Weight);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into learnings (project_id, learnt_at, paths) values (@projectId, clock_timestamp(), @Paths) on conflict (project_id) do update set learnt_at = excluded.learnt_at, paths = excluded.paths
            """, new { projectId, Paths = paths.Conversions + paths.Nulls }, tx, cancellationToken: ct));
        var most = learnt.Select(l => l.RemovalEffect).DefaultIfEmpty(1).Max();
        var isSame = learnt.Count == known.Count && learnt.TrueForAll(l => known.TryGetValue(Key(l.Source), out var weight) && Math.Abs(weight - l.RemovalEffect) <= Least * most);
        if (!isSame)
        {
            await connection.ExecuteAsync(new CommandDefinition("delete from learnt_weights where project_id = @projectId", new { projectId }, tx, cancellationToken: ct));
            await connection.ExecuteAsync(new CommandDefinition("""
                insert into learnt_weights (project_id, model, n, channel, source, medium, campaign, weight)
                select @projectId, 'markov', w.* from unnest(@N, @Channels, @Sources::text[], @Mediums::text[], @Campaigns::text[], @Weights) w
                """, new
            {
                projectId,
                N = Enumerable.Range(0, learnt.Count).ToArray(),
                Channels = learnt.Select(l => PassportNames.ToWire(l.Source.Channel)).ToArray(),
                Sources = learnt.Select(l => l.Source.Source).ToArray(),
                Mediums = learnt.Select(l => l.Source.Medium).ToArray(),
                Campaigns = learnt.Select(l => l.Source.Campaign).ToArray(),
                Weights = learnt.Select(l => l.RemovalEffect).ToArray(),
            }, tx, cancellationToken: ct));
            await connection.ExecuteAsync(new CommandDefinition("select stale_figures(@projectId)", new { projectId }, tx, cancellationToken: ct));
        }
        await tx.CommitAsync(ct);
        return !isSame;
    }

    private static (string, string?, string?, string?) Key(TouchSource source) => (PassportNames.ToWire(source.Channel), source.Source, source.Medium, source.Campaign);

    /// <summary>Row by row: a million paths take no more memory than their distinct ones.</summary>
    private static async Task<PathCounts<TouchSource>> ReadAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        var origins = (await connection.QueryAsync<(Guid Id, string Channel, string? Source, string? Medium, string? Campaign)>(new CommandDefinition(
            "select id, channel, source, medium, campaign from origins where project_id = @projectId", new { projectId }, cancellationToken: ct)))
            .ToDictionary(o => o.Id, o => new TouchSource(PassportNames.TryParse(o.Channel, out Channel channel) ? channel : Channel.Other, o.Source, o.Medium, o.Campaign));
        var (paths, path) = (new PathCounts<TouchSource>(), new List<TouchSource>());
        Guid? deal = null;
        var isWon = false;
        await using var command = new NpgsqlCommand("select deal_id, origin_id, won_day is not null from deal_credits where project_id = $1 and n >= 0 order by deal_id, n", connection)
        {
            Parameters = { new() { Value = projectId, NpgsqlDbType = NpgsqlDbType.Uuid } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetGuid(0) is var id && id != deal)
            {
                Add();
                (deal, isWon) = (id, reader.GetBoolean(2));
                path.Clear();
            }
            path.Add(origins[reader.GetGuid(1)]);
        }
        Add();
        return paths;

        void Add() => paths.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path), isWon ? 1 : 0, isWon ? 0 : 1);
    }
}
