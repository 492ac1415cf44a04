using Dapper;
using Npgsql;

namespace LeadIngest.Api.Figures;

/// <summary>The next step of computing a whole project anew. Where it stands is kept, so that a restart goes on.</summary>
internal sealed class Rebuild
{
    private const int MostFamilies = 1_000;
    private const int MostDays = 10;

    private Row _row = null!;

    private Guid ProjectId { get; init; }

    /// <summary>Clients whose families are due.</summary>
    public Guid[] Clients { get; private set; } = [];

    /// <summary>Deals without a client.</summary>
    public Guid[] Deals { get; private set; } = [];

    /// <param name="again">Begin, or begin anew.</param>
    /// <returns>Null: the project is not being rebuilt.</returns>
    public static async Task<Rebuild?> NextAsync(NpgsqlConnection connection, FigureProject project, bool again, CancellationToken ct)
    {
        var args = new { project.Id };
        if (again) await connection.ExecuteAsync(new CommandDefinition(Begin, args, cancellationToken: ct));
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "select part, last_id, last_day from figure_rebuilds where project_id = @Id and part <> 'done'", args, cancellationToken: ct));
        if (row is null) return null;
        var rebuild = new Rebuild { ProjectId = project.Id, _row = row };
        if (row.Part == "families") rebuild.Clients = [.. await connection.QueryAsync<Guid>(new CommandDefinition(NextClients, new { project.Id, row.LastId, Most = MostFamilies }, cancellationToken: ct))];
        if (row.Part == "alone") rebuild.Deals = [.. await connection.QueryAsync<Guid>(new CommandDefinition(NextDeals, new { project.Id, row.LastId, Most = MostFamilies }, cancellationToken: ct))];
        return rebuild;
    }

    public Task DoneAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (ids, part) = _row.Part == "families" ? (Clients, "alone") : (Deals, "done");
        return connection.ExecuteAsync(new CommandDefinition("""
            update figure_rebuilds set part = @Part, last_id = @LastId, done = done + @Count, finished_at = case when @Part = 'done' then clock_timestamp() end where project_id = @ProjectId
            """, new { ProjectId, Part = ids.Length > 0 ? _row.Part : part, LastId = ids.Length > 0 ? ids[^1] : (Guid?)null, Count = ids.Length }, cancellationToken: ct));
    }

    private const string Begin = """
        insert into figure_rebuilds (project_id, total) values (@Id, (select count(*) from clients where project_id = @Id and merged_into is null)
            + (select count(*) from deals where project_id = @Id and client_id is null))
        on conflict (project_id) do update set part = 'families', last_id = null, last_day = null, done = 0, total = excluded.total, began_at = clock_timestamp(), finished_at = null
        """;

    private const string NextClients = """
        select id from clients where project_id = @Id and merged_into is null and (@LastId::uuid is null or id > @LastId) order by id limit @Most
        """;

    private const string NextDeals = """
        select id from deals where project_id = @Id and client_id is null and (@LastId::uuid is null or id > @LastId) order by id limit @Most
        """;

    private sealed record Row(string Part, Guid? LastId, DateOnly? LastDay);
}
