using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Deals;

/// <summary>The deals of the CRMs as they are mirrored here.</summary>
internal static class DealsFeature
{
    public static void MapDeals(this IEndpointRouteBuilder v1)
    {
        var deals = v1.MapGroup("/deals").WithTags("Deals").Needs(Right.Leads);
        deals.MapEndpoint<ListDeals>();
        deals.MapEndpoint<GetDeal>();
    }
}
