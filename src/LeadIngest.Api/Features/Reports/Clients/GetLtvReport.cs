using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What clients bring over time, by where they were won: LTV, average check, purchases, lifetime, LTV/CAC, the month of payback and the curve by months.</summary>
/// <remarks>
/// The days choose clients, by their first payment (or first enquiry); what they have brought is counted up to today, with everybody who never came back. The last 12 months unless
/// days are given. Sources are those of the client's first touch. Spend is that of the same days and level; where nobody told it, there is no CAC. `pipeline` is refused.
/// </remarks>
internal sealed class GetLtvReport : IEndpoint
{
    private const int MostRows = 200;

    internal sealed record Query : ReportQuery
    {
        /// <summary>What puts a client into the days: <c>firstPayment</c> (when absent) or <c>firstLead</c>.</summary>
        public string? By { get; init; }

        /// <summary><c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>manager</c> or <c>month</c>; all in one when absent.</summary>
        public string? GroupBy { get; init; }

        /// <summary>Share of revenue that remains after the cost of what was sold, 0.01 to 1. When absent 1: LTV is of revenue.</summary>
        public decimal? Margin { get; init; }

        /// <summary><c>previous</c> or <c>year</c>: the same figures of the clients of the days before, or of a year earlier.</summary>
        public string? Compare { get; init; }
    }

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator()
        {
            LtvCohorts.Rules(this, q => q.By, q => q.GroupBy);
            RuleFor(q => q.Margin).InclusiveBetween(0.01m, 1m).WithMessage("From 0.01 to 1.");
            RuleFor(q => q.Compare).Compare();
        }
    }

    /// <param name="By">What put clients into the days.</param>
    /// <param name="Margin">Share of revenue that LTV counts; 1: all of it.</param>
    /// <param name="Rows">Those with the greatest revenue first; at most 200, the rest together in one.</param>
    /// <param name="Total">The sum of the rows, its ratios made anew.</param>
    /// <param name="Unconverted">Deals in no sum of money.</param>
    internal sealed record Response(DateOnly From, DateOnly To, string Currency, string By, decimal Margin, IReadOnlyList<Row> Rows, Row Total, IReadOnlyList<UnconvertedDeals> Unconverted);

    /// <param name="Group">Null in the total.</param>
    /// <param name="Curve">By months since the client was won, from 0; months that are not over are not there.</param>
    /// <param name="Previous">With <c>compare</c>.</param>
    internal sealed record Row(GroupName? Group, Figures Figures, int? PaybackMonth, IReadOnlyList<CurvePoint> Curve, Figures? Previous);

    /// <param name="Clients">All that the days chose.</param>
    /// <param name="Buyers">Of them, who have ever paid.</param>
    /// <param name="Purchases">Paid deals.</param>
    /// <param name="Ltv">Revenue × margin / clients.</param>
    /// <param name="LtvPerBuyer">Revenue × margin / buyers.</param>
    /// <param name="LifetimeDays">From the first to the last purchase, the mean over buyers.</param>
    /// <param name="Spend">Null: nobody told, which is not 0.</param>
    /// <param name="SpendIsPartial">Some of it is unknown or in a currency without a rate.</param>
    /// <param name="Cac">Spend / buyers.</param>
    /// <param name="LtvToCac">LTV per buyer / CAC.</param>
    internal sealed record Figures(long Clients, long Buyers, long Purchases, decimal Revenue, decimal? Ltv, decimal? LtvPerBuyer, decimal? AverageCheck, decimal? PurchasesPerClient,
        decimal? LifetimeDays, decimal? Spend, bool SpendIsPartial, decimal? Cac, decimal? LtvToCac);

    /// <param name="Month">Since the client was won; 0 is the month itself.</param>
    /// <param name="Clients">Of the months that have come so far: the share is of them.</param>
    /// <param name="Ltv">Revenue × margin up to it, per client.</param>
    internal sealed record CurvePoint(int Month, long Clients, decimal? Ltv);

    private sealed record Sum
    {
        public string Key { get; init; } = "";
        public Guid? ConnectionId { get; init; }
        public long Clients { get; init; }
        public long Buyers { get; init; }
        public long Purchases { get; init; }
        public decimal Revenue { get; init; }
        public long Days { get; init; }
        public decimal? Spend { get; init; }
        public bool Partial { get; init; }

        public static Sum operator +(Sum a, Sum b)
        {
            var spend = Totals.Sum([a.Money, b.Money]);
            return new()
            {
                Clients = a.Clients + b.Clients,
                Buyers = a.Buyers + b.Buyers,
                Purchases = a.Purchases + b.Purchases,
                Revenue = a.Revenue + b.Revenue,
                Days = a.Days + b.Days,
                Spend = spend.Spend,
                Partial = spend.SpendIsPartial,
            };
        }

        public Totals Money => new() { Spend = Spend, SpendIsPartial = Partial, NewClients = Buyers, Deals = Purchases, Revenue = Revenue / 100m };

        public Figures Show(decimal margin)
        {
            var (perBuyer, money) = (LifetimeValue.Historical(Revenue / 100m * margin, Buyers), Money);
            return new(Clients, Buyers, Purchases, Revenue.Money(), Rounded(LifetimeValue.Historical(Revenue / 100m * margin, Clients)), Rounded(perBuyer), Rounded(money.AverageCheck),
                new Ratio(Purchases, Clients).Number(), new Ratio(Days, Buyers).Number(), Spend, Partial, Rounded(money.Cac), LifetimeValue.ToCac(perBuyer.Value, money.Cac.Value).Number());
        }

        private static decimal? Rounded(Ratio ratio) => ratio.Value is { } value ? decimal.Round(value, 2, MidpointRounding.AwayFromZero) : null;
    }

    private sealed record Cell
    {
        public string Key { get; init; } = "";
        public Guid? ConnectionId { get; init; }
        public DateOnly Cohort { get; init; }

        /// <summary>Null: how many clients the cohort has.</summary>
        public DateOnly? Period { get; init; }

        public long Active { get; init; }
        public decimal Revenue { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/ltv", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = LtvCohorts.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var (margin, lastFinished) = (query.Margin ?? 1m, Periods.Add(Periods.Of(project.Today(clock), PeriodUnit.Month), PeriodUnit.Month, -1));
        var with = LtvCohorts.With(filters, query.By, query.GroupBy);

        async Task<IReadOnlyList<Sum>> SumsAsync(DayRange days)
        {
            var args = Args(days);
            var sums = (await connection.QueryAsync<Sum>(new CommandDefinition(with + Sums, args, cancellationToken: ct))).ToList();
            var spend = await SpendOfSources.ReadAsync(connection, scope.ProjectId, query, query.GroupBy, days, ct);
            for (var i = 0; i < sums.Count; i++)
                if (spend.TryGetValue(sums[i].Key, out var known)) sums[i] = sums[i] with { Spend = known.Money, Partial = known.IsPartial };
            // What was spent and won nobody belongs to the total too.
            sums.AddRange(spend.Where(s => sums.All(r => r.Key != s.Key)).Select(s => new Sum { Key = s.Key, Spend = s.Value.Money, Partial = s.Value.IsPartial }));
            return [.. sums.OrderByDescending(s => s.Revenue).ThenByDescending(s => s.Clients).ThenByDescending(s => s.Spend).ThenBy(s => s.Key, StringComparer.Ordinal)];
        }

        DynamicParameters Args(DayRange days)
        {
            var args = filters.Args();
            args.AddDynamicParams(new { days.From, days.To });
            return args;
        }

        var rows = await SumsAsync(range);
        var before = Comparison.Of(range, query.Compare) is { } other ? await SumsAsync(other) : null;
        var cells = (await connection.QueryAsync<Cell>(new CommandDefinition(with + Cells, Args(range), cancellationToken: ct))).ToLookup(c => (c.Key, c.ConnectionId));
        var names = await ClientGroups.NamesAsync(connection, scope.ProjectId, query.GroupBy, ct);
        var unconverted = await ReportMoney.UnconvertedAsync(connection, filters, "and d.client_id is not null", filters.Args(), ct);

        Row Show(GroupName? group, Sum sum, Sum? previous, IEnumerable<Cell> of)
        {
            var (curve, perMonth) = Curve(of, margin, lastFinished);
            return new(group, sum.Show(margin), LifetimeValue.PaybackMonth(new Ratio(sum.Spend, sum.Clients).Value, perMonth), curve, previous?.Show(margin));
        }

        var (shown, rest) = (rows.Take(rows.Count > MostRows ? MostRows - 1 : MostRows).ToList(), rows.Skip(rows.Count > MostRows ? MostRows - 1 : MostRows).ToList());
        var answer = new List<Row>();
        if (query.GroupBy is not null)
        {
            answer.AddRange(shown.Select(s => Show(GroupName.Of(query.GroupBy, s.Key, s.ConnectionId, names), s,
                before is null ? null : before.FirstOrDefault(b => b.Key == s.Key && b.ConnectionId == s.ConnectionId) ?? new(), cells[(s.Key, s.ConnectionId)])));
            if (rest.Count > 0)
                answer.Add(Show(GroupName.Others, rest.Aggregate((a, b) => a + b), before is null ? null
                    : before.Where(b => shown.All(s => s.Key != b.Key || s.ConnectionId != b.ConnectionId)).Aggregate(new Sum(), (a, b) => a + b), rest.SelectMany(s => cells[(s.Key, s.ConnectionId)])));
        }
        var total = Show(null, Total(rows), before is null ? null : Total(before), cells.SelectMany(c => c));
        var response = new Response(range.From, range.To, project.Currency, query.By ?? "firstPayment", margin, answer, total, unconverted);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        static Sum Total(IReadOnlyList<Sum> sums) => sums.Count == 0 ? new() : sums.Aggregate((a, b) => a + b);
    }

    /// <returns>The curve, and the margin of each month alone per client: both over the months of clients that have come so far.</returns>
    private static (IReadOnlyList<CurvePoint>, IReadOnlyList<decimal>) Curve(IEnumerable<Cell> cells, decimal margin, DateOnly lastFinished)
    {
        var all = cells.ToLookup(c => c.Period is null);
        var sizes = all[true].GroupBy(c => c.Cohort).ToDictionary(g => g.Key, g => g.Sum(c => c.Active));
        var table = CohortTable.Of(sizes, all[false].Select(c => new CohortCell(c.Cohort, Periods.Between(c.Cohort, c.Period!.Value, PeriodUnit.Month), c.Active, c.Revenue / 100m * margin)),
            PeriodUnit.Month, lastFinished);
        decimal[] alone = [.. table.Totals.Select(t => t.Revenue.Value ?? 0)];
        // Added up month by month, so that the curve never falls because younger clients have not come as far.
        return ([.. alone.Select((_, month) => new CurvePoint(month, (long)table.Totals[month].Revenue.Whole!.Value, decimal.Round(alone.Take(month + 1).Sum(), 2, MidpointRounding.AwayFromZero)))], alone);
    }

    private const string Sums = """
        select key, connection_id, count(*) as clients, count(first_day) as buyers, coalesce(sum(purchases), 0)::bigint as purchases, coalesce(sum(revenue), 0) as revenue,
            coalesce(sum(last_day - first_day), 0) as days
        from cohort group by key, connection_id
        """;

    private const string Cells = """
        select key, connection_id, date_trunc('month', cohort_day::timestamp)::date as cohort, null::date as period, count(*) as active, 0::numeric as revenue from cohort group by 1, 2, 3
        union all
        select key, connection_id, cohort, period, count(*) filter (where bought) as active, coalesce(sum(revenue), 0) as revenue
        from (
            select x.key, x.connection_id, date_trunc('month', x.cohort_day::timestamp)::date as cohort, date_trunc('month', p.day::timestamp)::date as period, bool_or(p.paid) as bought, sum(p.amount) as revenue
            from cohort x join p on p.client_id = x.client_id where p.day >= x.cohort_day
            group by x.key, x.connection_id, cohort, period, x.client_id) one
        group by key, connection_id, cohort, period
        """;

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        var months = response.Rows.Append(response.Total).Max(r => r.Curve.Count);
        ReportColumn[] figures =
        [
            new("Клиентов", "Clients", ColumnKind.Count), new("Покупателей", "Buyers", ColumnKind.Count), new("Покупок", "Purchases", ColumnKind.Count), new("Выручка", "Revenue", ColumnKind.Money),
            new("LTV", "LTV", ColumnKind.Money), new("LTV покупателя", "LTV per buyer", ColumnKind.Money), new("Средний чек", "Average check", ColumnKind.Money),
            new("Покупок на клиента", "Purchases per client", ColumnKind.Number), new("Срок жизни, дней", "Lifetime, days", ColumnKind.Number), new("Расход", "Spend", ColumnKind.Money),
            new("CAC", "CAC", ColumnKind.Money), new("LTV / CAC", "LTV / CAC", ColumnKind.Number),
        ];
        static object?[] Cells(Figures? f) => f is null ? new object?[12]
            : [f.Clients, f.Buyers, f.Purchases, f.Revenue, f.Ltv, f.LtvPerBuyer, f.AverageCheck, f.PurchasesPerClient, f.LifetimeDays, f.Spend, f.Cac, f.LtvToCac];
        var before = query.Compare is not null;
        ReportColumn[] columns =
        [
            new("Группа", "Group"), .. figures, new("Месяц окупаемости", "Payback month", ColumnKind.Count),
            .. before ? figures.Select(f => new ReportColumn(f.Ru + ", прошлый период", f.En + ", before", f.Kind)) : [],
            .. Enumerable.Range(0, months).Select(m => new ReportColumn($"LTV, месяц {m}", $"LTV, month {m}", ColumnKind.Money)),
        ];
        var rows = response.Rows.Append(response.Total).Select(r => (IReadOnlyList<object?>)
        [
            r.Group?.Shown(query.Lang) ?? (query.Lang == "en" ? "Total" : "Итого"), .. Cells(r.Figures), (long?)r.PaybackMonth, .. before ? Cells(r.Previous) : [],
            .. Enumerable.Range(0, months).Select(m => (object?)(m < r.Curve.Count ? r.Curve[m].Ltv : null)),
        ]);
        return new("ltv", columns, rows, project.Zone) { About = ReportAbout.Of(response.From, response.To, project, ("Клиенты по", "Clients by", response.By), ("Маржа", "Margin", response.Margin.ToString(System.Globalization.CultureInfo.InvariantCulture))) };
    }
}

internal static class ReportAbout
{
    /// <summary>For the sheet beside a table.</summary>
    public static IReadOnlyList<(string Ru, string En, string Value)> Of(DateOnly from, DateOnly to, ReportProject project, params (string Ru, string En, string Value)[] more) =>
    [
        ("Дни", "Days", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} – {to:yyyy-MM-dd}")), ("Часовой пояс", "Time zone", project.Zone.Id), ("Валюта", "Currency", project.Currency), .. more,
    ];
}
