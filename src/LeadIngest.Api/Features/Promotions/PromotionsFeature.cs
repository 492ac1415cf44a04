using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Promotions as they were planned; the report of promotions lays beside it what came.</summary>
internal static class PromotionsFeature
{
    public static void MapPromotions(this IEndpointRouteBuilder v1)
    {
        var promotions = v1.MapGroup("/promotions").WithTags("Promotions").Needs(Right.Spend);
        promotions.MapEndpoint<ListPromotions>();
        promotions.MapEndpoint<CreatePromotion>();
        promotions.MapEndpoint<GetPromotion>();
        promotions.MapEndpoint<UpdatePromotion>();
        promotions.MapEndpoint<DeletePromotion>();
    }
}
