using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>What the clients behind a page of a report are called: looked up for the page alone, by key.</summary>
internal static class ClientNames
{
    private sealed record Row(Guid Id, string? Name);

    /// <param name="ids">As the rows have them; those without a client are passed over.</param>
    /// <returns>Names by id. A merged client has the name of the one that was kept; who has no name is not in it.</returns>
    public static async Task<IReadOnlyDictionary<Guid, string>> ReadAsync(NpgsqlConnection connection, Guid projectId, IEnumerable<Guid?> ids, CancellationToken ct)
    {
        Guid[] asked = [.. ids.OfType<Guid>().Distinct()];
        if (asked.Length == 0) return new Dictionary<Guid, string>();
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Names, new { ProjectId = projectId, Ids = asked }, cancellationToken: ct));
        return rows.Where(r => r.Name is not null).ToDictionary(r => r.Id, r => r.Name!);
    }

    public static string? Of(this IReadOnlyDictionary<Guid, string> names, Guid? client) => client is { } id ? names.GetValueOrDefault(id) : null;

    private const string Names = """
        select k.id, coalesce(root.name, k.name) as name from clients k left join clients root on root.project_id = k.project_id and root.id = k.merged_into
        where k.project_id = @ProjectId and k.id = any(@Ids)
        """;
}
