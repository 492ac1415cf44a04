using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the deals behind an item or a class of ABC and XYZ, those won last first.</summary>
internal sealed class ListAbcDeals : IEndpoint
{
    internal sealed record Query : RowsQuery, IAbcQuery
    {
        /// <inheritdoc cref="GetAbcReport.Query.Of"/>
        public string? Of { get; init; }

        /// <inheritdoc cref="GetAbcReport.Query.By"/>
        public string? By { get; init; }

        /// <inheritdoc cref="GetAbcReport.Query.Unit"/>
        public string? Unit { get; init; }

        /// <inheritdoc cref="GetAbcReport.Query.Sigma"/>
        public string? Sigma { get; init; }

        /// <inheritdoc cref="GetAbcReport.Query.A"/>
        public decimal? A { get; init; }

        /// <inheritdoc cref="GetAbcReport.Query.B"/>
        public decimal? B { get; init; }

        /// <summary>Only this item: its key.</summary>
        public string? Item { get; init; }

        /// <summary>Only items of this class: <c>A</c>, <c>B</c> or <c>C</c>.</summary>
        public string? Abc { get; init; }

        /// <summary>Only items of this class: <c>X</c>, <c>Y</c> or <c>Z</c>.</summary>
        public string? Xyz { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator()
        {
            AbcItems.Rules(this);
            RuleFor(q => q.Item).MaximumLength(1_000);
            RuleFor(q => q.Abc).OneOf("A", "B", "C");
            RuleFor(q => q.Xyz).OneOf("X", "Y", "Z");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/abc/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = AbcItems.Args(query, filters, AbcItems.Range(project, query.From, query.To, clock), project);
        args.AddDynamicParams(new { query.Item, query.Abc, query.Xyz });
        var chosen = "select i.key from items i where true" + (query.Item is null ? "" : " and i.key = @Item") + (query.Abc is null ? "" : " and i.abc = @Abc") + (query.Xyz is null ? "" : " and i.xyz = @Xyz");
        var where = "and d.won_day between @From and @To and d.amount is distinct from 0" + filters.Deals() + (query.Of == "product"
            ? $" and exists (select 1 from deal_products x where x.project_id = d.project_id and x.deal_id = d.deal_id and {AbcItems.ProductKey} in ({chosen}))"
            : $" and d.client_id is not null and d.client_id::text in ({chosen})");
        var rows = await connection.BehindAsync<ReportDeal>(ReportDeal.Select(where, AbcItems.With(query, filters)), args, query, ct);
        return BehindRows.Answer(query, rows, all => ReportDeal.Table("abc-deals", all, project.Zone));
    }
}
