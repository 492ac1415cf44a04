using Dapper;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Figures;

/// <summary>How a project counts, as the worker needs it.</summary>
/// <param name="Attribution">Windows; the model is that of pages.</param>
/// <param name="Origins">Of deals that no touch gets.</param>
/// <param name="Learnt">Weights of data-driven models. Shapley needs none: each deal is shared alike among its sources, see <see cref="SourceWeights{T}.Alike"/>.</param>
internal sealed record FigureProject(Guid Id, AttributionSettings Attribution, OriginIds Origins, IReadOnlyDictionary<AttributionModel, SourceWeights<TouchSource>> Learnt)
{
    /// <returns>Null: there is no such project any more.</returns>
    public static async Task<FigureProject?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(string Rules, Guid Repeat, Guid None)?>(new CommandDefinition($"""
            select attribution::text, origin_id('{OriginIds.RepeatChannel}', null, null, null, null, null, null), origin_id('{OriginIds.NoneChannel}', null, null, null, null, null, null)
            from projects where project_id = @id
            """, new { id }, cancellationToken: ct));
        if (row is not { } found) return null;
        await connection.ExecuteAsync(new CommandDefinition($"""
            select intern_origins(@id, array[row('{OriginIds.RepeatChannel}', null, null, null, null, null, null)::origin_names, row('{OriginIds.NoneChannel}', null, null, null, null, null, null)::origin_names])
            """, new { id }, cancellationToken: ct));
        var weights = (await connection.QueryAsync<(string Channel, string? Source, string? Medium, string? Campaign, double Weight)>(new CommandDefinition(
            "select channel, source, medium, campaign, weight from learnt_weights where project_id = @id and model = 'markov' order by n", new { id }, cancellationToken: ct))).ToList();
        var learnt = new Dictionary<AttributionModel, SourceWeights<TouchSource>>();
        if (weights.Count > 0)
            learnt[AttributionModel.Markov] = new(weights.ToDictionary(w => new TouchSource(PassportNames.TryParse(w.Channel, out Channel channel) ? channel : Channel.Other, w.Source, w.Medium, w.Campaign), w => w.Weight));
        return new(id, AttributionRules.Read(found.Rules).Settings, new(found.Repeat, found.None), learnt);
    }
}
