using LeadIngest.Api.Features.Reports.Clients;
using LeadIngest.Api.Features.Reports.Sources;
using LeadIngest.Api.Features.Reports.Team;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Reports;

/// <summary>What every rouble brought. One class a report; what they share is in <c>Shared</c>, what they count in <c>Figures/</c>.</summary>
internal static class ReportsFeature
{
    public static void MapReports(this IEndpointRouteBuilder v1)
    {
        var reports = v1.MapGroup("/reports").WithTags("Reports").Needs(Right.Reports);
        reports.MapClientReports();
        reports.MapEndpoint<GetSources>();
        reports.MapEndpoint<ListSourceRows>().ShowsPeople();
        reports.MapTeamReports();
    }
}
