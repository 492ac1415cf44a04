using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the deals behind promotions, those won last first.</summary>
internal sealed class ListPromotionDeals : IEndpoint
{
    internal sealed record Query : RowsQuery
    {
        /// <summary>Only this one, whatever its days; all that touch the days when absent.</summary>
        public Guid? PromotionId { get; init; }
    }

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator() => PromotionFacts.Rules(this);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/promotions/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = LtvCohorts.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var rows = await connection.BehindAsync<ReportDeal>(ReportDeal.Select("and d.deal_id in (select deal_id from promotion_deals)", PromotionFacts.With(filters, query.PromotionId is not null)),
            PromotionFacts.Args(filters, project, range.From, range.To, query.PromotionId), query, ct);
        return BehindRows.Answer(query, rows, all => ReportDeal.Table("promotion-deals", all, project.Zone));
    }
}
