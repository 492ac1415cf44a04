using Dapper;
using LeadIngest.Core.Metrics;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Funnel;

/// <summary>A stage of a CRM's pipeline.</summary>
/// <param name="State"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
internal sealed record CrmStage(Guid ConnectionId, string PipelineId, string Id, string Name, string State)
{
    public StageKind Kind => State switch { "won" => StageKind.Won, "lost" => StageKind.Lost, _ => StageKind.Open };
}

/// <summary>The stages of a project's pipelines, in their order.</summary>
internal sealed class FunnelStages
{
    private readonly Dictionary<(Guid, string), CrmStage[]> _pipelines;

    private FunnelStages(IEnumerable<CrmStage> stages) => _pipelines = stages.GroupBy(s => (s.ConnectionId, s.PipelineId)).ToDictionary(g => g.Key, g => g.ToArray());

    /// <param name="since">Stages that were removed before it are left out: no deal of the cohort can have stood there.</param>
    public static async Task<FunnelStages> ReadAsync(NpgsqlConnection connection, Guid projectId, DateTimeOffset since, CancellationToken ct) =>
        new(await connection.QueryAsync<CrmStage>(new CommandDefinition(
            $"select connection_id, pipeline_id, id, name, state {From} order by connection_id, pipeline_id, sort, id", new { ProjectId = projectId, Begin = since }, cancellationToken: ct)));

    public CrmStage[] Of(Guid connection, string pipeline) => _pipelines.GetValueOrDefault((connection, pipeline)) ?? [];

    /// <summary>Rows of <c>crm_stages</c> that are steps of a funnel of deals made since <c>@Begin</c>.</summary>
    public const string From = "from crm_stages where project_id = @ProjectId and kind = 'deal' and (removed_at is null or removed_at >= @Begin)";

    /// <summary>The steps with their places: 0 for the first open stage of its pipeline, winning after the last one; null for lost stages.</summary>
    public const string Places = $"""
        places as materialized (
            select connection_id, pipeline_id, id, state,
                case state when 'open' then row_number() over (partition by connection_id, pipeline_id, state order by sort, id) - 1
                    when 'won' then count(*) filter (where state = 'open') over (partition by connection_id, pipeline_id) end as place
            {From})
        """;
}
