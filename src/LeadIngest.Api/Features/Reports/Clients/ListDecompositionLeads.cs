using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Lists the leads that a period's money is reckoned from, newest first.</summary>
internal sealed class ListDecompositionLeads : IEndpoint
{
    internal sealed record Query : RowsQuery;

    private sealed class Validator : RowsValidator<Query>
    {
        public Validator() => MoneyCounts.Rules(this);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/decomposition/leads", HandleAsync).Validate(new Validator()).ProducesReport<Page<ReportLead>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var filters = new ReportFilters(scope.ProjectId, query);
        var rows = await connection.BehindAsync<ReportLead>(ReportLead.Select($"and {MoneyCounts.LeadsOf} {filters.Leads()}"), MoneyCounts.Args(filters, project, project.Range(query, clock)), query, ct);
        return BehindRows.Answer(query, rows, all => ReportLead.Table("decomposition-leads", all, project.Zone));
    }
}
