using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the leads behind promotions, newest first.</summary>
internal sealed class ListPromotionLeads : IEndpoint
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

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/promotions/leads", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportLead>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = LtvCohorts.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var rows = await connection.BehindAsync<ReportLead>(ReportLead.Select("and l.id in (select lead_id from promotion_leads)", PromotionFacts.With(filters, query.PromotionId is not null)),
            PromotionFacts.Args(filters, project, range.From, range.To, query.PromotionId), query, ct);
        return BehindRows.Answer(query, rows, all => ReportLead.Table("promotion-leads", all, project.Zone));
    }
}
