using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the deals behind the money of a period, those won last first.</summary>
internal sealed class ListDecompositionDeals : IEndpoint
{
    internal sealed record Query : RowsQuery;

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator() => MoneyCounts.Rules(this);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/decomposition/rows", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportDeal>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var filters = new ReportFilters(scope.ProjectId, query);
        var rows = await connection.BehindAsync<ReportDeal>(ReportDeal.Select($"and {MoneyCounts.DealsOf} {filters.Deals()}"), MoneyCounts.Args(filters, project, project.Range(query, clock)), query, ct);
        return BehindRows.Answer(query, rows, all => ReportDeal.Table("decomposition-deals", all, project.Zone));
    }
}
