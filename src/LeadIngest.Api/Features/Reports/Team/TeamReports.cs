using LeadIngest.Api.Features.Reports.Team.Calls;
using LeadIngest.Api.Features.Reports.Team.Funnel;
using LeadIngest.Api.Features.Reports.Team.Hygiene;
using LeadIngest.Api.Features.Reports.Team.Losses;
using LeadIngest.Api.Features.Reports.Team.Response;
using LeadIngest.Api.Features.Reports.Team.Tags;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team;

/// <summary>What the team does with what advertising brings: funnels, losses, calls, answers to leads, order in the CRM, and the marking of links.</summary>
internal static class TeamReports
{
    public static void MapTeamReports(this IEndpointRouteBuilder reports)
    {
        reports.MapEndpoint<GetFunnel>();
        reports.MapEndpoint<ListFunnelDeals>();
        reports.MapEndpoint<GetLosses>();
        reports.MapEndpoint<ListLostDeals>();
        reports.MapEndpoint<GetCallReport>();
        reports.MapEndpoint<ListMissedCalls>();
        reports.MapEndpoint<ListReportedCalls>();
        reports.MapEndpoint<GetResponseTimes>();
        reports.MapEndpoint<ListAnsweredLeads>();
        reports.MapEndpoint<GetHygiene>();
        reports.MapEndpoint<ListUntidyDeals>();
        reports.MapEndpoint<GetTagFaults>();
        reports.MapEndpoint<ListFaultyTags>();
    }
}
