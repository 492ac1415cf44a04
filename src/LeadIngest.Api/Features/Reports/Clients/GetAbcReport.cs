using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>ABC of clients or products by their part in the whole, and beside it XYZ by how evenly they sell; the matrix of both.</summary>
/// <remarks>
/// Over the deals won on the days, the last 12 months unless days are given. A: what stands before the item makes less than 80 % of the whole, B: less than 95 %, C: the rest, and
/// everything of 0 and below. X: varies up to 10 %, Y: up to 25 %, Z: more; periods without sales count as 0, fewer than three periods give no class. Sources are those of the deal, of
/// its client where it has none of its own. Values of products are prices × quantities as their deals list them, which need not be the deals' amounts.
/// </remarks>
internal sealed class GetAbcReport : IEndpoint
{
    internal sealed record Query : RowsQuery, IAbcQuery
    {
        /// <summary><c>client</c> (when absent) or <c>product</c>.</summary>
        public string? Of { get; init; }

        /// <summary><c>revenue</c> (when absent) or <c>quantity</c>: pieces of a product, purchases of a client.</summary>
        public string? By { get; init; }

        /// <summary>Of XYZ: <c>week</c>, <c>month</c> (when absent) or <c>quarter</c>.</summary>
        public string? Unit { get; init; }

        /// <summary>Which standard deviation XYZ takes: of the <c>population</c> (n, when absent) or of a <c>sample</c> (n − 1).</summary>
        public string? Sigma { get; init; }

        /// <summary>The border of A, a share; 0.8 when absent.</summary>
        public decimal? A { get; init; }

        /// <summary>The border of B; 0.95 when absent.</summary>
        public decimal? B { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator() => AbcItems.Rules(this);
    }

    /// <param name="Periods">That XYZ looks at.</param>
    /// <param name="Total">Of all items.</param>
    /// <param name="Classes">A, B and C.</param>
    /// <param name="Matrix">ABC by XYZ; without XYZ where there are too few periods.</param>
    /// <param name="Items">By value, the greatest first.</param>
    /// <param name="LeftOut">What was sold and is in no item: deals without a client, or without a product.</param>
    /// <param name="Unconverted">Deals whose money is in no sum.</param>
    internal sealed record Response(DateOnly From, DateOnly To, string Currency, string Of, string By, string Unit, int Periods, string Sigma, Sum Total, IReadOnlyList<ClassSum> Classes,
        IReadOnlyList<MatrixCell> Matrix, IReadOnlyList<Item> Items, string? NextCursor, LeftOut LeftOut, IReadOnlyList<UnconvertedDeals> Unconverted);

    /// <param name="Items">How many.</param>
    internal sealed record Sum(long Items, decimal Revenue, decimal Quantity);

    /// <param name="Share">Of the whole, by what the classes are told by.</param>
    internal sealed record ClassSum(string Class, long Items, decimal? ItemsShare, decimal Revenue, decimal Quantity, decimal? Share);

    internal sealed record MatrixCell(string Abc, string? Xyz, long Items, decimal Revenue, decimal Quantity);

    /// <param name="Key">Pass it to the rows as <c>item</c>. Of a client, its id.</param>
    /// <param name="Share">Of the whole.</param>
    /// <param name="ShareBefore">Of all greater ones together, by which the class is told.</param>
    /// <param name="Variation">CV = σ / mean; null where the mean is not above 0 or there are too few periods.</param>
    internal sealed record Item(string Key, [property: Contact(MaskKind.Free)] string? Name, decimal Revenue, decimal Quantity, decimal? Share, decimal ShareBefore, string Abc, decimal? Variation, string? Xyz);

    internal sealed record LeftOut(long Deals, decimal Revenue);

    private sealed record Row
    {
        public string Key { get; init; } = "";
        public string? Name { get; init; }
        public decimal? Revenue { get; init; }
        public decimal Quantity { get; init; }
        public decimal? Share { get; init; }
        public decimal ShareBefore { get; init; }
        public string Abc { get; init; } = "";
        public decimal? Variation { get; init; }
        public string? Xyz { get; init; }
        public long Items { get; init; }
        public decimal Value { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/abc", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = AbcItems.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = AbcItems.Args(query, filters, range, project).Paged(query);
        var with = AbcItems.With(query, filters);
        var products = query.Of == "product";
        var cells = (await connection.QueryAsync<Row>(new CommandDefinition(with + """

            select abc, xyz, count(*) as items, sum(revenue) as revenue, sum(quantity) as quantity, sum(greatest(value, 0)) as value from items group by abc, xyz order by abc, xyz
            """, args, cancellationToken: ct))).AsList();
        // Names of clients are looked up for the page alone.
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(with + $"""
            , page as (select *{(products ? "" : ", key::uuid as client_id")} from items order by place limit @Rows offset @Seen)
            select i.key, {(products ? "i.name" : "k.name")} as name, i.revenue, i.quantity, i.share, i.share_before, i.abc, i.variation, i.xyz
            from page i {(products ? "" : "left join clients k on k.project_id = @ProjectId and k.id = i.client_id")} order by i.place
            """, args, cancellationToken: ct))).AsList();
        var leftOut = await connection.QuerySingleAsync<Row>(new CommandDefinition($"""
            select count(*) as items, coalesce(sum(d.amount), 0) as value from deal_facts d {(filters.BySource ? ReportFilters.DealOrigin : "")}
            where d.project_id = @ProjectId and d.won_day between @From and @To and d.amount is distinct from 0 {filters.Deals()}
                and {(products ? "not exists (select 1 from deal_products x where x.project_id = d.project_id and x.deal_id = d.deal_id)" : "d.client_id is null")}
            """, args, cancellationToken: ct));
        var unconverted = await ReportMoney.UnconvertedAsync(connection, "and d.won_day between @From and @To" + filters.Deals(), args, ct, filters.BySource ? ReportFilters.DealOrigin : "");

        if (query.IsFile() && rows.Count > BehindRows.MostInFile) return Problems.Invalid("format", $"More than {BehindRows.MostInFile} items: ask for fewer days, or filter.");
        var limit = query.IsFile() ? BehindRows.MostInFile : Cursor.Limit(query.Limit);
        _ = Place.TryRead(query.Cursor, out var seen);
        var (count, value) = (cells.Sum(c => c.Items), cells.Sum(c => c.Value));
        var response = new Response(range.From, range.To, project.Currency, query.Of ?? "client", query.By ?? "revenue", query.Unit ?? "month", Core.Times.Periods.In(range, CohortRules.Unit(query.Unit)).Count(),
            query.Sigma ?? "population", new(count, cells.Sum(c => c.Revenue ?? 0).Money(), cells.Sum(c => c.Quantity)),
            [.. new[] { "A", "B", "C" }.Select(name =>
            {
                var of = cells.Where(c => c.Abc == name).ToList();
                return new ClassSum(name, of.Sum(c => c.Items), new Ratio(of.Sum(c => c.Items), count).Number(), of.Sum(c => c.Revenue ?? 0).Money(), of.Sum(c => c.Quantity), new Ratio(of.Sum(c => c.Value), value).Number());
            })],
            [.. cells.Select(c => new MatrixCell(c.Abc, c.Xyz, c.Items, (c.Revenue ?? 0).Money(), c.Quantity))],
            [.. rows.Take(limit).Select(r => new Item(r.Key, r.Name, (r.Revenue ?? 0).Money(), r.Quantity, Six(r.Share), Six(r.ShareBefore)!.Value, r.Abc, Six(r.Variation), r.Xyz))],
            rows.Count > limit ? Place.Write(seen + limit) : null, new(leftOut.Items, leftOut.Value.Money()), unconverted);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));
    }

    private static decimal? Six(decimal? number) => number is { } value ? decimal.Round(value, 6, MidpointRounding.AwayFromZero) : null;

    private static ReportTable Table(Response response, Query query, ReportProject project) => new("abc",
    [
        response.Of == "product" ? new("Товар", "Product") : new("Клиент", "Client"), new("Id", "Id"), new("Выручка", "Revenue", ColumnKind.Money), new("Количество", "Quantity", ColumnKind.Number),
        new("Доля", "Share", ColumnKind.Share), new("Доля до него", "Share before", ColumnKind.Share), new("ABC", "ABC"), new("Коэффициент вариации", "Variation", ColumnKind.Share), new("XYZ", "XYZ"),
    ], response.Items.Select(i => (IReadOnlyList<object?>)[i.Name, i.Key, i.Revenue, i.Quantity, i.Share, i.ShareBefore, i.Abc, i.Variation, i.Xyz])
        .Append([query.Lang == "en" ? "Total" : "Итого", null, response.Total.Revenue, response.Total.Quantity, null, null, null, null, null]), project.Zone)
    {
        About = ReportAbout.Of(response.From, response.To, project, ("По", "By", response.By), ("Период XYZ", "Unit of XYZ", response.Unit), ("σ", "σ", response.Sigma)),
    };
}
