using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What clients bring, how they stay, and what money is made of.</summary>
internal static class ClientReportsFeature
{
    public static void MapClientReports(this IEndpointRouteBuilder reports)
    {
        reports.MapEndpoint<GetLtvReport>();
        reports.MapEndpoint<ListLtvClients>().ShowsPeople();
        reports.MapEndpoint<GetCohortReport>();
        reports.MapEndpoint<ListCohortClients>().ShowsPeople();
        reports.MapEndpoint<GetRfmReport>();
        reports.MapEndpoint<ListRfmClients>().ShowsPeople();
        reports.MapEndpoint<GetAbcReport>();
        reports.MapEndpoint<ListAbcDeals>().ShowsPeople();
        reports.MapEndpoint<GetClientBaseReport>();
        reports.MapEndpoint<ListClientBase>().ShowsPeople();
        reports.MapEndpoint<ListForgottenClients>().Needs(Right.Forgotten);
        reports.MapEndpoint<GetDecompositionReport>();
        reports.MapEndpoint<ListDecompositionDeals>().ShowsPeople();
        reports.MapEndpoint<ListDecompositionLeads>().ShowsPeople();
        reports.MapEndpoint<TryDecomposition>();
        reports.MapEndpoint<GetPromotionReport>();
        reports.MapEndpoint<ListPromotionDeals>().ShowsPeople();
        reports.MapEndpoint<ListPromotionLeads>().ShowsPeople();
    }
}
