using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>RFM: who bought lately, often and much. Scores from 1 to 5, 5 the best, cells of them, and segments with names.</summary>
/// <remarks>
/// Counts the purchases up to the end of a day, from `from` on when it is given; `to` and `pipeline` are refused. With fewer than five different values on an axis there are no fifths:
/// all axes are then scored by fixed limits, and the answer says so. Money without fixed limits of its own has them at a half, one, two and five average checks in that case.
/// </remarks>
internal sealed class GetRfmReport : IEndpoint
{
    internal sealed record Query : ReportQuery, IRfmQuery
    {
        /// <summary>The day of analysis, today when absent.</summary>
        public DateOnly? At { get; init; }

        /// <summary>
        /// <c>quintiles</c> (when absent): type-7 quantiles plus 1, ties make fifths uneven; <c>ranks</c>: fifths by place; <c>fixed</c>: by given limits, for small bases and for months that
        /// shall be compared.
        /// </summary>
        public string? Method { get; init; }

        /// <summary>What money is: the <c>sum</c> of all purchases (when absent) or their <c>average</c>.</summary>
        public string? Monetary { get; init; }

        /// <summary>Four ascending limits of <c>fixed</c>, in days; 30,90,180,365 when absent. A value on a limit is beyond it.</summary>
        public string? Recency { get; init; }

        /// <summary>Purchases; 2,3,5,10 when absent.</summary>
        public string? Frequency { get; init; }

        /// <summary>In units of the project's currency; needed for <c>fixed</c>.</summary>
        public string? Money { get; init; }
    }

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator() => RfmScoring.Rules(this);
    }

    /// <param name="At">The day of analysis.</param>
    /// <param name="Method">The one used, which may not be the one asked for.</param>
    /// <param name="Limits">Null by ranks, and of no clients.</param>
    /// <param name="Clients">Who bought.</param>
    /// <param name="Revenue">Of all their purchases up to the day. A purchase is a won deal of more than 0; in <c>sources</c> a deal of 0 counts as won too.</param>
    /// <param name="Matrix">Recency by frequency, all 25.</param>
    /// <param name="Cells">Recency by frequency by money: those that have clients.</param>
    /// <param name="Segments">In the order in which they are looked at, all of them.</param>
    /// <param name="Unconverted">Purchases that count for recency and frequency and have no money.</param>
    internal sealed record Response(DateOnly At, string Currency, string Method, string Monetary, LimitsAnswer? Limits, long Clients, decimal Revenue, IReadOnlyList<Square> Matrix,
        IReadOnlyList<Cell> Cells, IReadOnlyList<Segment> Segments, IReadOnlyList<UnconvertedDeals> Unconverted);

    /// <param name="RecencyDays">A client with so many days or more has a lower score.</param>
    /// <param name="Frequency">A client with so many purchases or more has a higher one.</param>
    /// <param name="Money">In the currency.</param>
    internal sealed record LimitsAnswer(decimal[] RecencyDays, decimal[] Frequency, decimal[] Money);

    internal sealed record Square(int R, int F, long Clients, decimal Revenue, decimal? Share);

    /// <param name="Score">100R + 10F + M.</param>
    /// <param name="Segment">Its key.</param>
    internal sealed record Cell(int R, int F, int M, int Score, string Segment, long Clients, decimal Revenue);

    /// <param name="Key">Pass it to the rows.</param>
    /// <param name="Share">Of clients.</param>
    /// <param name="RevenueShare">Of revenue.</param>
    internal sealed record Segment(string Key, string Name, long Clients, decimal? Share, decimal Revenue, decimal? RevenueShare);

    private sealed record Row
    {
        public string Method { get; init; } = "";
        public decimal[]? RecencyLimits { get; init; }
        public decimal[]? FrequencyLimits { get; init; }
        public decimal[]? MoneyLimits { get; init; }
        public int? R { get; init; }
        public int F { get; init; }
        public int M { get; init; }
        public long Clients { get; init; }
        public decimal Revenue { get; init; }

        public RfmScore<int> Score => new(0, R!.Value, F, M);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/rfm", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var at = query.At ?? project.Today(clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = RfmScoring.Args(query, query, filters, at);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(RfmScoring.With(query, query, filters) + """

            select m.method, m.recency_limits, m.frequency_limits, m.money_limits, s.r, s.f, s.m, coalesce(s.clients, 0) as clients, coalesce(s.revenue, 0) as revenue
            from m left join (select r, f, m, count(*) as clients, sum(revenue) as revenue from s group by r, f, m) s on true
            order by s.r desc, s.f desc, s.m desc
            """, args, cancellationToken: ct))).AsList();
        var unconverted = await ReportMoney.UnconvertedAsync(connection, filters, "and d.client_id is not null and d.won_day <= @At" + (query.From is null ? "" : " and d.won_day >= @From"), args, ct);

        var first = rows[0];
        var scored = rows.Where(r => r.R is not null).ToList();
        var (clients, revenue) = (scored.Sum(r => r.Clients), scored.Sum(r => r.Revenue));
        decimal? Share(decimal part, decimal whole) => new Ratio(part, whole).Number();
        var bySegment = scored.GroupBy(r => RfmSegment.Of(r.Score, RfmSegment.Defaults).Key).ToDictionary(g => g.Key, g => (Clients: g.Sum(r => r.Clients), Revenue: g.Sum(r => r.Revenue)));
        var bySquare = scored.GroupBy(r => (R: r.R!.Value, r.F)).ToDictionary(g => g.Key, g => (Clients: g.Sum(r => r.Clients), Revenue: g.Sum(r => r.Revenue)));
        var response = new Response(at, project.Currency, first.Method, query.Monetary ?? "sum",
            first.RecencyLimits is null || scored.Count == 0 ? null : new(first.RecencyLimits, first.FrequencyLimits!, [.. first.MoneyLimits!.Select(l => l / 100m)]), clients, revenue.Money(),
            [.. from r in Enumerable.Range(1, 5).Reverse()
                from f in Enumerable.Range(1, 5)
                let sum = bySquare.GetValueOrDefault((r, f))
                select new Square(r, f, sum.Clients, sum.Revenue.Money(), Share(sum.Clients, clients))],
            [.. scored.Select(r => new Cell(r.R!.Value, r.F, r.M, r.Score.Score, RfmSegment.Of(r.Score, RfmSegment.Defaults).Key, r.Clients, r.Revenue.Money()))],
            [.. RfmSegment.Defaults.Append(RfmSegment.Others).Select(s =>
            {
                var sum = bySegment.GetValueOrDefault(s.Key);
                return new Segment(s.Key, query.Lang == "en" ? s.English : s.Russian, sum.Clients, Share(sum.Clients, clients), sum.Revenue.Money(), Share(sum.Revenue, revenue));
            })], unconverted);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        var names = response.Segments.ToDictionary(s => s.Key, s => s.Name);
        return new("rfm",
        [
            new("R", "R", ColumnKind.Count), new("F", "F", ColumnKind.Count), new("M", "M", ColumnKind.Count), new("Балл", "Score", ColumnKind.Count), new("Сегмент", "Segment"),
            new("Клиентов", "Clients", ColumnKind.Count), new("Выручка", "Revenue", ColumnKind.Money),
        ], response.Cells.Select(c => (IReadOnlyList<object?>)[(long)c.R, (long)c.F, (long)c.M, (long)c.Score, names[c.Segment], c.Clients, c.Revenue])
            .Append([null, null, null, null, query.Lang == "en" ? "Total" : "Итого", response.Clients, response.Revenue]), project.Zone)
        {
            About =
            [
                ("День анализа", "Day of analysis", response.At.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("Метод", "Method", response.Method), ("Деньги", "Money", response.Monetary),
                ("Валюта", "Currency", project.Currency),
            ],
        };
    }
}
