using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Core.Attribution;
using Npgsql;

namespace LeadIngest.Api.Figures;

/// <summary>
/// Computes what marks name, in turns: one transaction each, in which marks are taken away first and what they name is read after. What is committed later leaves a mark of its own,
/// so nothing is ever missed; a turn that fails leaves its marks. One node a project at a time.
/// </summary>
internal sealed class FigureKeeper(Database db, TimeProvider clock, FigureMetrics metrics)
{
    /// <summary>Clients and deals of one turn.</summary>
    private const int MostFamilies = 500;

    private const int MostMarks = 500;

    /// <summary>Everything that is marked now, the rebuilding of the whole project included. For tests, and for whoever cannot wait.</summary>
    public async Task CatchUpAsync(Guid projectId, CancellationToken ct)
    {
        while (await TurnAsync(projectId, newest: false, wait: true, ct)) { }
    }

    /// <summary>One turn of marks and, when the project is being rebuilt, one of that.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="newest">The newest marks first: what came just now does not wait for a great import. Else the oldest: nothing waits for ever.</param>
    /// <param name="wait">For another node that is at work on the project, instead of leaving it that.</param>
    /// <param name="ct">Rolls the turn back.</param>
    /// <returns>False: nothing is left to do, or another node does it.</returns>
    public async Task<bool> TurnAsync(Guid projectId, bool newest, bool wait, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        await using var connection = await db.Figures.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(wait ? Wait : Try, new { projectId }, tx, cancellationToken: ct))) return false;
        var project = await FigureProject.ReadAsync(connection, projectId, ct);
        if (project is null) return false;
        var marks = await Marks.TakeAsync(connection, projectId, newest, MostMarks, ct);
        var rebuilding = await Rebuild.NextAsync(connection, project, marks.Everything, ct);
        if (marks.IsEmpty && rebuilding is null) return false;

        if (!marks.IsEmpty) await ComputeAsync(connection, project, marks, ct);
        if (rebuilding is not null) await RebuildAsync(connection, project, rebuilding, ct);
        await tx.CommitAsync(ct);
        metrics.Turn(clock.GetElapsedTime(began).TotalSeconds);
        return true;
    }

    private async Task ComputeAsync(NpgsqlConnection connection, FigureProject project, Marks marks, CancellationToken ct)
    {
        var left = marks.Leftover();
        var (clients, deals) = await ResolveAsync(connection, project.Id, marks, ct);
        if (clients.Count > MostFamilies) (left.Clients, clients) = ([.. clients.Skip(MostFamilies)], clients.Take(MostFamilies).ToList());
        if (deals.Count > MostFamilies) (left.Deals, deals) = ([.. deals.Skip(MostFamilies)], deals.Take(MostFamilies).ToList());
        if (clients.Count > 0 || deals.Count > 0) await FamiliesAsync(connection, project, [.. clients], [.. deals], ct);
        await left.PutBackAsync(connection, project.Id, ct);
    }

    private async Task RebuildAsync(NpgsqlConnection connection, FigureProject project, Rebuild rebuild, CancellationToken ct)
    {
        if (rebuild.Clients.Length > 0 || rebuild.Deals.Length > 0) await FamiliesAsync(connection, project, rebuild.Clients, rebuild.Deals, ct);
        await rebuild.DoneAsync(connection, ct);
    }

    /// <summary>Clients of all that is marked, and deals that have none.</summary>
    private static async Task<(List<Guid> Clients, List<Guid> Deals)> ResolveAsync(NpgsqlConnection connection, Guid projectId, Marks marks, CancellationToken ct)
    {
        if (marks.Clients.Count + marks.Deals.Count + marks.Visitors.Count + marks.Currencies.Count == 0) return ([], []);
        var args = new { projectId, Clients = marks.Clients.ToArray(), Deals = marks.Deals.ToArray(), Visitors = marks.Visitors.Select(v => v.ToString()).ToArray(),
            Currencies = marks.Currencies.ToArray(), From = marks.RatesFrom };
        var found = (await connection.QueryAsync<(Guid Id, bool IsClient)>(new CommandDefinition(Resolve, args, cancellationToken: ct))).ToList();
        return ([.. found.Where(f => f.IsClient).Select(f => f.Id)], [.. found.Where(f => !f.IsClient).Select(f => f.Id)]);
    }

    /// <returns>Days of deals and clients whose figures are old now.</returns>
    private async Task<IReadOnlyList<DateOnly>> FamiliesAsync(NpgsqlConnection connection, FigureProject project, Guid[] clients, Guid[] deals, CancellationToken ct)
    {
        // Roots of those asked for; facts of those who are none any more go.
        var members = (await connection.QueryAsync<(Guid Id, Guid Root)>(new CommandDefinition(Members, new { ProjectId = project.Id, Ids = clients }, cancellationToken: ct))).ToList();
        var families = await FamilyReading.ReadAsync(connection, project.Id, [.. members.Select(m => m.Root).Distinct()], deals, ct);
        var priced = await PriceAsync(connection, project, [.. families.SelectMany(f => f.Deals)], ct);
        var (counted, people) = (new List<CountedDeal>(), new List<CountedClient>());
        foreach (var family in families)
        {
            var own = FamilyFigures.Deals(family, [.. family.Deals.Select(d => priced[d.Id])], project.Attribution);
            counted.AddRange(own);
            if (FamilyFigures.Client(family, own, project.Attribution) is { } client) people.Add(client);
        }
        metrics.Computed(counted.Count + people.Count);
        return await FactsWriter.WriteAsync(connection, project.Id, [.. clients.Concat(members.Select(m => m.Id)).Concat(members.Select(m => m.Root)).Distinct()], deals, counted, people, ct);
    }

    private static async Task<Dictionary<Guid, PricedDeal>> PriceAsync(NpgsqlConnection connection, FigureProject project, FamilyDeal[] deals, CancellationToken ct)
    {
        if (deals.Length == 0) return [];
        var outcomes = deals.Select(DealOutcome.Of).ToArray();
        var days = await connection.QueryAsync<(int N, DateOnly Made, DateOnly? Won, DateOnly? Lost, decimal? Rate)>(new CommandDefinition(Price, new
        {
            ProjectId = project.Id,
            N = Enumerable.Range(0, deals.Length).ToArray(),
            Made = deals.Select(d => d.MadeAt.UtcDateTime).ToArray(),
            Won = outcomes.Select(o => o.WonAt?.UtcDateTime.ToString("O")).ToArray(),
            Lost = outcomes.Select(o => o.LostAt?.UtcDateTime.ToString("O")).ToArray(),
            Currency = deals.Select(d => d.Currency).ToArray(),
        }, cancellationToken: ct));
        return days.ToDictionary(d => deals[d.N].Id, d => new PricedDeal(deals[d.N], outcomes[d.N], d.Made, d.Won, d.Lost, d.Rate));
    }

    private const string Try = "select pg_try_advisory_xact_lock(hashtextextended('figures ' || @projectId, 0))";
    private const string Wait = "select true from pg_advisory_xact_lock(hashtextextended('figures ' || @projectId, 0))";

    // Clients of marks as they are now; deals without one. Who is gone stays in the list, so that the facts go.
    private const string Resolve = """
        with marked_deals as (
            select unnest(@Deals::uuid[]) as id
            union select f.deal_id from deal_facts f join projects p on p.project_id = f.project_id
            where f.project_id = @projectId and cardinality(@Currencies::text[]) > 0 and coalesce(f.won_day, f.made_day) >= @From::date
                and (f.currency = any(@Currencies) or p.currency::text = any(@Currencies)))
        select id, true from unnest(@Clients::uuid[]) id
        union select i.client_id, true from identities i where i.project_id = @projectId and i.kind = 'visitor' and i.value = any(@Visitors)
        union select coalesce(d.client_id, m.id), d.client_id is not null from marked_deals m left join deals d on d.project_id = @projectId and d.id = m.id
        """;

    private const string Members = """
        with roots as (select distinct coalesce(c.merged_into, c.id) as id from clients c where c.project_id = @ProjectId and c.id = any(@Ids))
        select r.id, r.id from roots r union all select c.id, r.id from roots r join clients c on c.project_id = @ProjectId and c.merged_into = r.id
        """;

    // Kopecks by the rate of the day on which the deal was won, or made.
    private const string Price = """
        select d.n, day_in(d.made, p.time_zone), day_in(d.won, p.time_zone), day_in(d.lost, p.time_zone),
            case when coalesce(d.currency, p.currency::text) = p.currency::text then 1
                else rub_rate(@ProjectId, d.currency, day_in(coalesce(d.won, d.made), p.time_zone)) / rub_rate(@ProjectId, p.currency::text, day_in(coalesce(d.won, d.made), p.time_zone)) end
        from unnest(@N, @Made::timestamptz[], @Won::timestamptz[], @Lost::timestamptz[], @Currency::text[]) d (n, made, won, lost, currency) join projects p on p.project_id = @ProjectId
        """;
}

/// <summary>How a project counts, as the worker needs it.</summary>
internal sealed record FigureProject(Guid Id, AttributionSettings Attribution)
{
    /// <returns>Null: there is no such project any more.</returns>
    public static async Task<FigureProject?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken ct) =>
        await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition("select attribution::text from projects where project_id = @id", new { id }, cancellationToken: ct)) is { } rules
            ? new(id, AttributionRules.Read(rules).Settings)
            : null;
}
