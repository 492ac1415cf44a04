using LeadIngest.Api.Features.Reports.Team.Calls;
using LeadIngest.Api.Features.Reports.Team.Funnel;
using LeadIngest.Api.Features.Reports.Team.Hygiene;
using LeadIngest.Api.Features.Reports.Team.Losses;
using LeadIngest.Api.Features.Reports.Team.Response;
using LeadIngest.Api.Features.Reports.Team.Tags;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Reports.Team;

/// <summary>What the team does with what advertising brings: funnels, losses, calls, answers to leads, order in the CRM, and the marking of links.</summary>
internal static class TeamReports
{
    public static void MapTeamReports(this IEndpointRouteBuilder reports)
    {
        reports.MapEndpoint<GetFunnel>();
        reports.MapEndpoint<ListFunnelDeals>().ShowsPeople();
        reports.MapEndpoint<GetLosses>();
        reports.MapEndpoint<ListLostDeals>().ShowsPeople();
        reports.MapEndpoint<GetCallReport>();
        reports.MapEndpoint<ListMissedCalls>().ShowsPeople();
        reports.MapEndpoint<ListReportedCalls>().ShowsPeople();
        reports.MapEndpoint<GetResponseTimes>();
        reports.MapEndpoint<ListAnsweredLeads>().ShowsPeople();
        reports.MapEndpoint<GetHygiene>();
        reports.MapEndpoint<ListUntidyDeals>().ShowsPeople();
        reports.MapEndpoint<GetTagFaults>();
        reports.MapEndpoint<ListFaultyTags>().ShowsPeople();
    }
}
