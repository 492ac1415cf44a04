using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What clients bring, how they stay, and what money is made of.</summary>
internal static class ClientReportsFeature
{
    public static void MapClientReports(this IEndpointRouteBuilder reports)
    {
        reports.MapEndpoint<GetLtvReport>();
        reports.MapEndpoint<ListLtvClients>();
        reports.MapEndpoint<GetCohortReport>();
        reports.MapEndpoint<ListCohortClients>();
        reports.MapEndpoint<GetRfmReport>();
        reports.MapEndpoint<ListRfmClients>();
        reports.MapEndpoint<GetAbcReport>();
        reports.MapEndpoint<ListAbcDeals>();
        reports.MapEndpoint<GetClientBaseReport>();
        reports.MapEndpoint<ListClientBase>();
        reports.MapEndpoint<ListForgottenClients>();
        reports.MapEndpoint<GetDecompositionReport>();
        reports.MapEndpoint<ListDecompositionDeals>();
        reports.MapEndpoint<ListDecompositionLeads>();
        reports.MapEndpoint<TryDecomposition>();
        reports.MapEndpoint<GetPromotionReport>();
        reports.MapEndpoint<ListPromotionDeals>();
        reports.MapEndpoint<ListPromotionLeads>();
    }
}
