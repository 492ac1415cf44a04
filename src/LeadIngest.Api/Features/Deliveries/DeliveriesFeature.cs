using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>What is on its way to the CRMs, and sending it again.</summary>
internal static class DeliveriesFeature
{
    public static void AddDeliveries(this IServiceCollection services) => services.AddSingleton<Redelivery>();

    public static void MapDeliveries(this IEndpointRouteBuilder v1)
    {
        var deliveries = v1.MapGroup("/deliveries").WithTags("Deliveries").Needs(Right.Operate);
        deliveries.MapEndpoint<ListDeliveries>();
        deliveries.MapEndpoint<GetDelivery>();
        deliveries.MapEndpoint<RetryDelivery>();
        deliveries.MapEndpoint<RetryDeliveries>();
    }
}
