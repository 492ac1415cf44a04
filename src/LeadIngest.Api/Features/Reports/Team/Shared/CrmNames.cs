using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>What a project calls its CRM accounts and sites, and how the CRMs call their people, pipelines and stages. Small: read whole.</summary>
internal sealed class CrmNames
{
    private readonly Dictionary<(Guid, string), string> _users = [], _pipelines = [], _reasons = [];
    private readonly Dictionary<(Guid, string, string), string> _stages = [];
    private readonly Dictionary<Guid, string> _accounts = [];
    private readonly Dictionary<string, string> _sites = new(StringComparer.Ordinal);

    private sealed record Row(string Kind, Guid? ConnectionId, string? Pipeline, string Id, string Name);

    public static async Task<CrmNames> ReadAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        var names = new CrmNames();
        foreach (var row in await connection.QueryAsync<Row>(new CommandDefinition(All, new { ProjectId = projectId }, cancellationToken: ct)))
            switch (row.Kind)
            {
                case "user": names._users[(row.ConnectionId!.Value, row.Id)] = row.Name; break;
                case "pipeline": names._pipelines[(row.ConnectionId!.Value, row.Id)] = row.Name; break;
                case "reason": names._reasons[(row.ConnectionId!.Value, row.Id)] = row.Name; break;
                case "stage": names._stages[(row.ConnectionId!.Value, row.Pipeline!, row.Id)] = row.Name; break;
                case "account": names._accounts[row.ConnectionId!.Value] = row.Name; break;
                default: names._sites[row.Id] = row.Name; break;
            }
        return names;
    }

    /// <returns>Null: the connection was removed since.</returns>
    public string? Account(Guid? connection) => connection is { } id ? _accounts.GetValueOrDefault(id) : null;

    public string? User(Guid connection, string? id) => id is null ? null : _users.GetValueOrDefault((connection, id));

    /// <returns>The id of the only user of this name; null: none, or several.</returns>
    public string? UserNamed(string? name)
    {
        string[] ids = [.. _users.Where(u => string.Equals(u.Value, name, StringComparison.OrdinalIgnoreCase)).Select(u => u.Key.Item2).Take(2)];
        return ids is [var only] ? only : null;
    }

    /// <summary>A reason typed by hand is its own name.</summary>
    public string? Reason(Guid connection, string? id) => id is null ? null : _reasons.GetValueOrDefault((connection, id)) ?? id;

    public string? Pipeline(Guid connection, string id) => _pipelines.GetValueOrDefault((connection, id));

    public string? Stage(Guid connection, string pipeline, string? id) => id is null ? null : _stages.GetValueOrDefault((connection, pipeline, id));

    /// <summary>Of whichever pipeline: ids of open stages are an account's own.</summary>
    public string? Stage(Guid connection, string id) => _stages.FirstOrDefault(s => s.Key.Item1 == connection && s.Key.Item3 == id).Value;

    /// <param name="dimension">What the key is of: <c>manager</c>, <c>pipeline</c>, <c>site</c>; names of everything else are its keys.</param>
    public string? Of(string? dimension, Guid? connection, string key) => dimension switch
    {
        "manager" => connection is { } c ? User(c, key) : null,
        "pipeline" => connection is { } c ? Pipeline(c, key) : null,
        "stage" => connection is { } c ? Stage(c, key) : null,
        "site" => _sites.GetValueOrDefault(key),
        _ => key,
    };

    private const string All = """
        select 'user' as kind, connection_id, null as pipeline, id, name from crm_users where project_id = @ProjectId
        union all select 'pipeline', connection_id, null, id, name from crm_pipelines where project_id = @ProjectId and kind = 'deal'
        union all select 'stage', connection_id, pipeline_id, id, name from crm_stages where project_id = @ProjectId and kind = 'deal'
        union all select 'reason', connection_id, null, id, name from crm_lost_reasons where project_id = @ProjectId
        union all select 'account', id, null, '', name from connections where project_id = @ProjectId
        union all select 'site', null, null, id::text, name from sites where project_id = @ProjectId
        """;
}
