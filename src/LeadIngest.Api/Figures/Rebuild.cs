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

    /// <summary>Days, after all facts: from the newest to the oldest.</summary>
    public DateOnly[] Days { get; private set; } = [];

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
        if (row.Part == "days")
        {
            var (first, last) = await connection.QuerySingleAsync<(DateOnly?, DateOnly?)>(new CommandDefinition(AllDays, args, cancellationToken: ct));
            if (row.LastDay is { } before) last = before.AddDays(-1);
            if (first is { } from && last is { } to) rebuild.Days = [.. Enumerable.Range(0, MostDays).Select(i => to.AddDays(-i)).Where(d => d >= from)];
        }
        return rebuild;
    }

    /// <returns>True: that was the last.</returns>
    public async Task<bool> DoneAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var count = Clients.Length + Deals.Length + Days.Length;
        var part = count > 0 ? _row.Part : _row.Part switch { "families" => "alone", "alone" => "days", _ => "done" };
        await connection.ExecuteAsync(new CommandDefinition("""
            update figure_rebuilds set part = @Part, last_id = @LastId, last_day = @LastDay, done = done + @Count, finished_at = case when @Part = 'done' then clock_timestamp() end where project_id = @ProjectId
            """, new { ProjectId, Part = part, LastId = Clients.Concat(Deals).Select(i => (Guid?)i).LastOrDefault(), LastDay = Days.Length > 0 ? Days[^1] : (DateOnly?)null, Count = count }, cancellationToken: ct));
        return part == "done";
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

    // What stands in sums of days that nothing falls on any more goes too: a moved time zone may leave such days at either end.
    private const string AllDays = """
        select min(day), max(day) from (
            select day_in(min(v.started_at), p.time_zone) as day from projects p join visits v on v.project_id = @Id where p.project_id = @Id group by p.time_zone
            union all select day_in(max(v.started_at), p.time_zone) from projects p join visits v on v.project_id = @Id where p.project_id = @Id group by p.time_zone
            union all select day_in(min(coalesce(l.occurred_at, l.received_at)), p.time_zone) from projects p join leads l on l.project_id = @Id where p.project_id = @Id group by p.time_zone
            union all select day_in(max(coalesce(l.occurred_at, l.received_at)), p.time_zone) from projects p join leads l on l.project_id = @Id where p.project_id = @Id group by p.time_zone
            union all select unnest(array[min(made_day), max(made_day)]) from deal_facts where project_id = @Id
            union all select unnest(array[min(won_day), max(won_day)]) from deal_facts where project_id = @Id
            union all select unnest(array[min(day), max(day)]) from deal_moves where project_id = @Id
            union all select unnest(array[min(came_day), max(came_day)]) from client_facts where project_id = @Id
            union all select unnest(array[min(day), max(day)]) from spend_money where project_id = @Id
            union all select unnest(array[min(day), max(day)]) from visit_days where project_id = @Id and level = 0
            union all select unnest(array[min(day), max(day)]) from lead_days where project_id = @Id and level = 0
            union all select unnest(array[min(day), max(day)]) from client_days where project_id = @Id
            union all select unnest(array[min(day), max(day)]) from deal_days where project_id = @Id and model = 1
            union all select unnest(array[min(day), max(day)]) from spend_days where project_id = @Id) d
        """;

    private sealed record Row(string Part, Guid? LastId, DateOnly? LastDay);
}
