using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>Names for people of what reports group by ids.</summary>
internal sealed class Labels
{
    private readonly Dictionary<(string Dimension, string Value), string> _names = [];

    public static async Task<Labels> ReadAsync(NpgsqlConnection connection, Guid projectId, IReadOnlyList<Dimension> groups, IReadOnlyList<GroupKey> keys, CancellationToken ct)
    {
        var labels = new Labels();
        for (var i = 0; i < groups.Count; i++)
        {
            var sql = groups[i].Name switch { "campaign" => Campaigns, "site" => Sites, "manager" => Managers, "pipeline" => Pipelines, _ => null };
            if (sql is null) continue;
            var values = keys.Select(k => k.Values[i]).OfType<string>().Distinct().ToArray();
            foreach (var (id, name) in await connection.QueryAsync<(string, string)>(new CommandDefinition(sql, new { projectId, values }, cancellationToken: ct)))
                labels._names.TryAdd((groups[i].Name, id), name);
        }
        return labels;
    }

    public string? Of(Dimension dimension, string? value) => value is null ? null : _names.GetValueOrDefault((dimension.Name, value), value);

    // A renamed campaign shows the name it has now; without spend the name that leads bring.
    private const string Campaigns = """
        select v.key, coalesce((select n.campaign_name from spend_nodes n where n.project_id = @projectId and n.campaign_key = v.key and n.campaign_name is not null limit 1),
            (select min(o.campaign) from origins o where o.project_id = @projectId and o.campaign_key = v.key), v.key) from unnest(@values) v (key)
        """;

    private const string Sites = "select id::text, name from sites where project_id = @projectId and id::text = any(@values)";

    private const string Managers = "select id, min(name) from crm_users where project_id = @projectId and id = any(@values) group by id";

    private const string Pipelines = "select id, min(name) from crm_pipelines where project_id = @projectId and kind = 'deal' and id = any(@values) group by id";
}
