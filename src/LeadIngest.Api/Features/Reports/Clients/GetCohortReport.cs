using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Cohorts: what the clients of each week, month or quarter did in the periods after it.</summary>
/// <remarks>
/// A cohort is a whole period; days given are widened to periods, twelve of them up to today when none are given. Column <em>k</em> is <em>k</em> periods later; what is not over yet is
/// not there, which is not 0. The totals are weighted: sums over sums of the cohorts that have got so far. Purchases before the first enquiry are left out of cohorts by first enquiry.
/// A `pipeline` is refused.
/// </remarks>
internal sealed class GetCohortReport : IEndpoint
{
    private const int MostGroups = 50;

    internal sealed record Query : ReportQuery
    {
        /// <summary>What begins a client: <c>firstPayment</c> (when absent) or <c>firstLead</c>.</summary>
        public string? By { get; init; }

        /// <summary><c>week</c> (from Monday), <c>month</c> (when absent) or <c>quarter</c>.</summary>
        public string? Unit { get; init; }

        /// <summary>
        /// What <c>value</c> is: <c>retention</c> (when absent), the share of clients with a purchase in the period; per client of the cohort <c>revenue</c>, <c>cumulative</c> revenue up to
        /// it, or <c>purchases</c>.
        /// </summary>
        public string? Measure { get; init; }

        /// <summary>A table for each <c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c> (of the first touch) or <c>manager</c>.</summary>
        public string? GroupBy { get; init; }
    }

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator()
        {
            CohortRules.Rules(this, q => q.By, q => q.Unit);
            RuleFor(q => q.Measure).OneOf("retention", "revenue", "cumulative", "purchases");
            RuleFor(q => q.GroupBy).OneOf(ClientGroups.All);
        }
    }

    /// <param name="From">The first day of the first cohort.</param>
    /// <param name="To">The last day of the last one.</param>
    /// <param name="Total">All clients.</param>
    /// <param name="Groups">With <c>groupBy</c>: the greatest first, at most 50, the rest together in one.</param>
    /// <param name="Unconverted">Deals in no sum of money.</param>
    internal sealed record Response(DateOnly From, DateOnly To, string Currency, string By, string Unit, string Measure, Table Total, IReadOnlyList<Table> Groups, IReadOnlyList<UnconvertedDeals> Unconverted);

    /// <param name="Group">Null in the total.</param>
    /// <param name="Cohorts">The oldest first.</param>
    /// <param name="Totals">By column.</param>
    internal sealed record Table(GroupName? Group, long Clients, IReadOnlyList<Cohort> Cohorts, IReadOnlyList<Column> Totals);

    /// <param name="Period">The first day of it.</param>
    internal sealed record Cohort(DateOnly Period, long Clients, IReadOnlyList<Column> Columns);

    /// <param name="Value">Of the measure; null of no clients.</param>
    /// <param name="Clients">Of the cohort, or of all that have got so far.</param>
    /// <param name="Active">Of them, with a purchase in the period.</param>
    /// <param name="Purchases">In the period.</param>
    /// <param name="Revenue">In the period.</param>
    /// <param name="CumulativeRevenue">Up to it.</param>
    internal sealed record Column(int K, decimal? Value, long Clients, long Active, long Purchases, decimal Revenue, decimal CumulativeRevenue);

    private sealed record Cell
    {
        public string Key { get; init; } = "";
        public Guid? ConnectionId { get; init; }
        public DateOnly Cohort { get; init; }

        /// <summary>Null: how many clients the cohort has.</summary>
        public DateOnly? Period { get; init; }

        public long Active { get; init; }
        public long Purchases { get; init; }
        public decimal Revenue { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/cohorts", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var unit = CohortRules.Unit(query.Unit);
        var range = CohortRules.Range(project, query.From, query.To, unit, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = filters.Args();
        args.AddDynamicParams(new { range.From, range.To });
        var cells = (await connection.QueryAsync<Cell>(new CommandDefinition(Sql(query, filters), args, cancellationToken: ct))).ToList();
        // By first payment, everybody of a cohort pays in its own period.
        if (query.By != "firstLead") cells.AddRange([.. cells.Where(c => c.Period == c.Cohort).Select(c => c with { Period = null })]);
        var names = await ClientGroups.NamesAsync(connection, scope.ProjectId, query.GroupBy, ct);
        var unconverted = await ReportMoney.UnconvertedAsync(connection, filters, "and d.client_id is not null", filters.Args(), ct);

        var (measure, lastFinished) = (query.Measure ?? "retention", Periods.Add(Periods.Of(project.Today(clock), unit), unit, -1));
        var groups = query.GroupBy is null ? [] : cells.GroupBy(c => (c.Key, c.ConnectionId))
            .OrderByDescending(g => g.Where(c => c.Period is null).Sum(c => c.Active)).ThenBy(g => g.Key.Key, StringComparer.Ordinal).ToList();
        var tables = groups.Take(groups.Count > MostGroups ? MostGroups - 1 : MostGroups)
            .Select(g => Of(GroupName.Of(query.GroupBy, g.Key.Key, g.Key.ConnectionId, names), g, unit, lastFinished, measure)).ToList();
        if (groups.Count > MostGroups) tables.Add(Of(GroupName.Others, groups.Skip(MostGroups - 1).SelectMany(g => g), unit, lastFinished, measure));
        var response = new Response(range.From, range.To, project.Currency, query.By ?? "firstPayment", query.Unit ?? "month", measure, Of(null, cells, unit, lastFinished, measure), tables, unconverted);
        return ReportAnswer.Of(query, response, () => File(response, query, project));
    }

    private static Table Of(GroupName? group, IEnumerable<Cell> cells, PeriodUnit unit, DateOnly lastFinished, string measure)
    {
        var all = cells.ToLookup(c => c.Period is null);
        var sizes = all[true].GroupBy(c => c.Cohort).ToDictionary(g => g.Key, g => g.Sum(c => c.Active));
        var table = CohortTable.Of(sizes, all[false].Select(c => new CohortCell(c.Cohort, Periods.Between(c.Cohort, c.Period!.Value, unit), c.Active, c.Revenue, c.Purchases)), unit, lastFinished);
        return new(group, sizes.Values.Sum(), [.. table.Rows.Select(r => new Cohort(r.Cohort, r.Clients, Columns(r.Columns, measure)))], Columns(table.Totals, measure));
    }

    private static IReadOnlyList<Column> Columns(IReadOnlyList<CohortColumn> columns, string measure) => [.. columns.Select((c, k) => new Column(k,
        measure switch { "revenue" => c.Revenue.Money(), "cumulative" => c.CumulativeRevenue.Money(), "purchases" => c.Purchases.Number(), _ => c.Retention.Number() },
        (long)c.Retention.Whole!.Value, (long)c.Retention.Part!.Value, (long)c.Purchases.Part!.Value, c.Revenue.Part!.Value.Money(), c.CumulativeRevenue.Part!.Value.Money()))];

    /// <summary>One pass over the purchases of each client in their order: deal_facts_purchases holds them so.</summary>
    private static string Sql(Query query, ReportFilters filters)
    {
        var (byPayment, unit) = (query.By != "firstLead", CohortRules.Word(query.Unit));
        var (key, account, origins) = (ClientGroups.Key(query.GroupBy), ClientGroups.Connection(query.GroupBy), ClientGroups.NeedsOrigin(query.GroupBy) || filters.BySource ? ReportFilters.ClientOrigin : "");
        var (day, period) = (byPayment ? "p.first_day" : "c.came_day", $"date_trunc('{unit}', p.day::timestamp)::date");
        // Clients are looked at only where something of them is asked for.
        var joined = !byPayment || query.GroupBy is not null || filters.OfClients ? " join client_facts c on c.project_id = @ProjectId and c.client_id = p.client_id" + origins : "";
        // A client counts once in a period however often it buys there: by the first purchase in it.
        var cells = $"""
            with p as (
                select d.client_id, d.won_day as day, d.amount, {ReportFilters.Paid} as paid, min(d.won_day) filter (where {ReportFilters.Paid}) over (partition by d.client_id) as first_day,
                    max(d.won_day) filter (where {ReportFilters.Paid}) over (partition by d.client_id order by d.won_day rows between unbounded preceding and 1 preceding) as before
                from deal_facts d where d.project_id = @ProjectId and d.won_day is not null and d.client_id is not null and d.amount is distinct from 0)
            select {key} as key, {account} as connection_id, date_trunc('{unit}', {day}::timestamp)::date as cohort, {period} as period,
                count(*) filter (where p.paid and (p.before is null or p.before < greatest({period}, {day}))) as active, count(*) filter (where p.paid) as purchases, coalesce(sum(p.amount), 0) as revenue
            from p{joined} where {day} between @From and @To and p.day >= {day} {filters.Clients()}
            group by 1, 2, 3, 4
            """;
        return byPayment ? cells : $"""
            {cells}
            union all
            select {key}, {account}, date_trunc('{unit}', c.came_day::timestamp)::date, null::date, count(*), 0::bigint, 0::numeric
            from client_facts c{origins} where c.project_id = @ProjectId and c.came_day between @From and @To {filters.Clients()} group by 1, 2, 3
            """;
    }

    private static ReportTable File(Response response, Query query, ReportProject project)
    {
        var tables = response.Groups.Count > 0 ? response.Groups.Append(response.Total).ToArray() : [response.Total];
        var most = tables.Max(t => t.Totals.Count);
        var kind = response.Measure switch { "retention" => ColumnKind.Share, "purchases" => ColumnKind.Number, _ => ColumnKind.Money };
        var grouped = response.Groups.Count > 0;
        ReportColumn[] columns =
        [
            .. grouped ? [new("Группа", "Group")] : Array.Empty<ReportColumn>(), new("Когорта", "Cohort", ColumnKind.Text), new("Клиентов", "Clients", ColumnKind.Count),
            .. Enumerable.Range(0, most).Select(k => new ReportColumn(k.ToString(System.Globalization.CultureInfo.InvariantCulture), k.ToString(System.Globalization.CultureInfo.InvariantCulture), kind)),
        ];
        var total = query.Lang == "en" ? "Total" : "Итого";
        var rows = tables.SelectMany(t => t.Cohorts.Select(c => (Name: c.Period.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), c.Clients, c.Columns)).Append((Name: total, t.Clients, Columns: t.Totals))
            .Select(r => (IReadOnlyList<object?>)
            [
                .. grouped ? [t.Group?.Shown(query.Lang) ?? total] : Array.Empty<object?>(), r.Name, r.Clients, .. Enumerable.Range(0, most).Select(k => (object?)(k < r.Columns.Count ? r.Columns[k].Value : null)),
            ]));
        return new("cohorts", columns, rows, project.Zone)
        {
            About = ReportAbout.Of(response.From, response.To, project, ("Когорты по", "Cohorts by", response.By), ("Период", "Unit", response.Unit), ("Показатель", "Measure", response.Measure)),
        };
    }
}
