using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Visits;
using LeadIngest.Core.Deals;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Figures;

/// <summary>
/// Computes what marks name, in turns: one transaction each, in which marks are taken away first and what they name is read after. What is committed later leaves a mark of its own,
/// so nothing is ever missed; a turn that fails leaves its marks. One node a project at a time.
/// </summary>
internal sealed class FigureKeeper(Database db, TimeProvider clock, FigureMetrics metrics, IOptions<VisitOptions> options)
{
    /// <summary>Clients and deals of one turn.</summary>
    private const int MostFamilies = 500;

    private const int MostMarks = 500;

    /// <summary>Clients, deals and visitors; where marks name more, the whole project is computed anew: carrying the rest from turn to turn would cost more.</summary>
    private const int MostNamed = 50_000;

    private readonly ConcurrentDictionary<Guid, bool> _unplaced = new();

    /// <summary>Days of visits, of leads, of spend and of deals of one turn, each.</summary>
    private const int MostDays = 10;

    /// <summary>Everything that is marked now, the rebuilding of the whole project included. For tests, and for whoever cannot wait.</summary>
    public async Task CatchUpAsync(Guid projectId, CancellationToken ct)
    {
        while (await TurnAsync(projectId, newest: false, wait: true, ct)) { }
        await using var connection = await db.Figures.OpenConnectionAsync(ct);
        await Campaigns.PlaceAsync(connection, projectId, ct);
    }

    /// <summary>Learns the weights of data-driven models from the project's paths.</summary>
    /// <returns>True: they changed, and credits will.</returns>
    public async Task<bool> LearnAsync(Guid projectId, CancellationToken ct)
    {
        await using var connection = await db.Figures.OpenConnectionAsync(ct);
        return await Learning.LearnAsync(connection, projectId, ct);
    }

    /// <summary>One project whose night has come: between three and five by its clock, once a day. Two nodes that learn at once learn the same.</summary>
    public async Task LearnNextAsync(CancellationToken ct)
    {
        Guid? next;
        await using (var connection = await db.Figures.OpenConnectionAsync(ct))
            next = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition("""
                select p.project_id from projects p left join learnings l on l.project_id = p.project_id
                where extract(hour from @Now at time zone p.time_zone) in (3, 4) and coalesce(l.learnt_at, '-infinity') < @Now - interval '20 hours'
                    and exists (select 1 from deal_credits c where c.project_id = p.project_id)
                -- One whose learning fails must not keep the others waiting.
                order by random() limit 1
                """, new { Now = clock.GetUtcNow() }, cancellationToken: ct));
        if (next is { } project) await LearnAsync(project, ct);
    }

    /// <summary>Says anew to which source each campaign's spend belongs, where turns changed what that hangs on. Looks at the whole history, so it is asked for now and then only.</summary>
    public async Task PlaceAsync(CancellationToken ct)
    {
        foreach (var project in _unplaced.Keys)
        {
            _unplaced.TryRemove(project, out _);
            await using var connection = await db.Figures.OpenConnectionAsync(ct);
            await Campaigns.PlaceAsync(connection, project, ct);
        }
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
        var marks = await Marks.TakeAsync(connection, projectId, newest, MostMarks, ct);
        // After the marks, like all that they name: a rule changed between the two would leave its mark to a turn that goes by the old one.
        var project = await FigureProject.ReadAsync(connection, projectId, ct);
        if (project is null) return false;
        var rebuilding = await Rebuild.NextAsync(connection, project, marks.Everything || marks.Count > MostNamed, ct);
        if (marks.IsEmpty && rebuilding is null) return false;

        if (!marks.IsEmpty && marks.Count <= MostNamed) await ComputeAsync(connection, project, marks, ct);
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
        if (marks.Campaigns) await Campaigns.MatchAsync(connection, project.Id, marks, ct);
        if (marks.Currencies.Count > 0) await SpendOfRatesAsync(connection, project.Id, marks, ct);
        if (clients.Count > 0 || deals.Count > 0)
        {
            var old = await FamiliesAsync(connection, project, [.. clients], [.. deals], ct);
            marks.DealDays.UnionWith(old.Deals);
            marks.LeadDays.UnionWith(old.Leads);
        }
        await DaysAsync(connection, project, Some(marks.VisitDays, left.VisitDays), Some(marks.LeadDays, left.LeadDays), Some(marks.SpendDays, left.SpendDays), Some(marks.DealDays, left.DealDays), ct);
        if (marks.LeadDays.Count + marks.VisitDays.Count + marks.SpendDays.Count > 0 || marks.Campaigns) _unplaced[project.Id] = true;
        await left.PutBackAsync(connection, project.Id, ct);

        // The newest first: what is looked at is mostly this month.
        static DateOnly[] Some(HashSet<DateOnly> days, HashSet<DateOnly> left)
        {
            left.UnionWith(days.OrderDescending().Skip(MostDays));
            return [.. days.Except(left)];
        }
    }

    private async Task RebuildAsync(NpgsqlConnection connection, FigureProject project, Rebuild rebuild, CancellationToken ct)
    {
        if (rebuild.Clients.Length > 0 || rebuild.Deals.Length > 0) await FamiliesAsync(connection, project, rebuild.Clients, rebuild.Deals, ct);
        if (rebuild.Days.Length > 0) await DaysAsync(connection, project, rebuild.Days, rebuild.Days, rebuild.Days, rebuild.Days, ct);
        if (await rebuild.DoneAsync(connection, ct)) _unplaced[project.Id] = true;
    }

    private async Task DaysAsync(NpgsqlConnection connection, FigureProject project, DateOnly[] visits, DateOnly[] leads, DateOnly[] spend, DateOnly[] deals, CancellationToken ct)
    {
        // Visits are forgotten after a time; what was counted of them stays.
        var kept = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.Date).AddDays(1 - options.Value.KeepDays);
        await DayFigures.VisitsAsync(connection, project.Id, [.. visits.Where(d => d > kept)], ct);
        await DayFigures.LeadsAsync(connection, project.Id, leads, ct);
        await DayFigures.SpendAsync(connection, project.Id, spend, ct);
        await DayFigures.DealsAsync(connection, project.Id, deals, ct);
    }

    private static async Task SpendOfRatesAsync(NpgsqlConnection connection, Guid projectId, Marks marks, CancellationToken ct) =>
        marks.SpendDays.UnionWith(await connection.QueryAsync<DateOnly>(new CommandDefinition("""
            select distinct s.day from spend_money s where s.project_id = @projectId and s.day >= @From::date and (s.currency::text = any(@Codes) or s.money_currency::text = any(@Codes)) and s.currency <> s.money_currency
            """, new { projectId, From = marks.RatesFrom, Codes = marks.Currencies.ToArray() }, cancellationToken: ct)));

    /// <summary>Clients of all that is marked, and deals that have none.</summary>
    private static async Task<(List<Guid> Clients, List<Guid> Deals)> ResolveAsync(NpgsqlConnection connection, Guid projectId, Marks marks, CancellationToken ct)
    {
        if (marks.Clients.Count + marks.Deals.Count + marks.Visitors.Count + marks.Currencies.Count == 0) return ([], []);
        var args = new
        {
            projectId,
            Clients = marks.Clients.ToArray(),
            Deals = marks.Deals.ToArray(),
            Visitors = marks.Visitors.Select(v => v.ToString()).ToArray(),
            Currencies = marks.Currencies.ToArray(),
            From = marks.RatesFrom
        };
        var found = (await connection.QueryAsync<(Guid Id, bool IsClient)>(new CommandDefinition(Resolve, args, cancellationToken: ct))).ToList();
        return ([.. found.Where(f => f.IsClient).Select(f => f.Id)], [.. found.Where(f => !f.IsClient).Select(f => f.Id)]);
    }

    /// <returns>Days of deals and clients, and of leads, whose figures are old now.</returns>
    private async Task<(IReadOnlyCollection<DateOnly> Deals, IReadOnlyCollection<DateOnly> Leads)> FamiliesAsync(NpgsqlConnection connection, FigureProject project, Guid[] clients, Guid[] deals, CancellationToken ct)
    {
        // Roots of those asked for; facts of those who are none any more go.
        var members = (await connection.QueryAsync<(Guid Id, Guid Root)>(new CommandDefinition(Members, new { ProjectId = project.Id, Ids = clients }, cancellationToken: ct))).ToList();
        var families = await FamilyReading.ReadAsync(connection, project.Id, [.. members.Select(m => m.Root).Distinct()], deals, ct);
        var priced = await PriceAsync(connection, project, [.. families.SelectMany(f => f.Deals)], ct);
        var (counted, people) = (new List<CountedDeal>(), new List<CountedClient>());
        var (credits, moves) = (new List<CreditRow>(), new List<MoveRow>());
        foreach (var family in families)
        {
            var own = FamilyFigures.Deals(family, [.. family.Deals.Select(d => priced[d.Id])], project.Attribution);
            counted.AddRange(own);
            foreach (var deal in own) DealCreditRows.Add(deal, deal.Priced.Worths, FamilyFigures.IsFirst(deal, own), project.Origins, project.Attribution, project.Learnt, credits, moves);
            if (FamilyFigures.Client(family, own, project.Attribution) is { } client) people.Add(client);
        }
        metrics.Computed(counted.Count + people.Count);
        return await FactsWriter.WriteAsync(connection, project.Id, [.. clients.Concat(members.Select(m => m.Id)).Concat(members.Select(m => m.Root)).Distinct()], deals, counted, people, credits, moves, ct);
    }

    private static async Task<Dictionary<Guid, PricedDeal>> PriceAsync(NpgsqlConnection connection, FigureProject project, FamilyDeal[] deals, CancellationToken ct)
    {
        if (deals.Length == 0) return [];
        var outcomes = deals.Select(DealOutcome.Of).ToArray();
        var days = new List<(int N, DateOnly Made, DateOnly? Won, DateOnly? Lost, decimal? Rate)>();
        await using (var command = new NpgsqlCommand(Price, connection))
        {
            command.Parameters.Add(Columns.Of(project.Id));
            command.Parameters.Add(Columns.Of(deals, NpgsqlDbType.TimestampTz, d => d.MadeAt.UtcDateTime));
            command.Parameters.Add(Columns.Of(outcomes, NpgsqlDbType.TimestampTz, o => o.WonAt?.UtcDateTime));
            command.Parameters.Add(Columns.Of(outcomes, NpgsqlDbType.TimestampTz, o => o.LostAt?.UtcDateTime));
            command.Parameters.Add(Columns.Of(deals, NpgsqlDbType.Text, d => d.Currency));
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                days.Add(((int)reader.GetInt64(0) - 1, reader.GetFieldValue<DateOnly>(1), Day(2), Day(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetDecimal(4)));

            DateOnly? Day(int at) => reader.IsDBNull(at) ? null : reader.GetFieldValue<DateOnly>(at);
        }
        var worths = days.SelectMany(d => Worths(deals[d.N], outcomes[d.N]).Select(w => (d.N, d.Rate, Worth: w))).ToList();
        var worthDays = (await connection.QueryAsync<DateOnly>(new CommandDefinition(
            "select day_in(m.at, p.time_zone) from unnest(@At::timestamptz[]) with ordinality m (at, n) join projects p on p.project_id = @Id order by m.n",
            new { project.Id, At = worths.Select(w => w.Worth.At.UtcDateTime).ToArray() }, cancellationToken: ct))).ToList();
        var byDeal = worths.Zip(worthDays).GroupBy(w => w.First.N).ToDictionary(g => g.Key, g => LastOfDays(
            g.Select(w => new DayWorth(w.Second, w.First.Rate is { } rate ? PricedDeal.Kopecks(w.First.Worth.Amount, rate) : 0, w.First.Worth.IsWon))));
        return days.ToDictionary(d => deals[d.N].Id, d => new PricedDeal(deals[d.N], outcomes[d.N], d.Made, d.Won, d.Lost, d.Rate, byDeal.GetValueOrDefault(d.N, [])));
    }

    // An amount in another currency than the deal's present one says nothing in this.
    private static IReadOnlyList<Worth> Worths(FamilyDeal deal, DealOutcome outcome) => DealMoney.Of([.. deal.Stages.Select(s => (s.At, s.State == "won"))],
        [.. deal.Amounts.Where(a => (a.Currency ?? deal.Currency) == deal.Currency).Select(a => (a.At, a.Amount))], deal.State == "won", deal.Amount,
        outcome.WonAt ?? outcome.LostAt ?? deal.MovedAt ?? deal.MadeAt);

    /// <summary>What is so at the end of a day, of days that change anything.</summary>
    private static List<DayWorth> LastOfDays(IEnumerable<DayWorth> worths)
    {
        var days = new List<DayWorth>();
        foreach (var worth in worths.GroupBy(w => w.Day).Select(g => g.Last()))
        {
            var (amount, isWon) = days.Count > 0 ? (days[^1].Amount, days[^1].IsWon) : (0, false);
            if ((worth.Amount, worth.IsWon) != (amount, isWon)) days.Add(worth);
        }
        return days;
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
                else rub_rate($1, d.currency, day_in(coalesce(d.won, d.made), p.time_zone)) / rub_rate($1, p.currency::text, day_in(coalesce(d.won, d.made), p.time_zone)) end
        from unnest($2, $3, $4, $5) with ordinality d (made, won, lost, currency, n) join projects p on p.project_id = $1
        """;
}
