using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Numbers;
using LeadIngest.Api.Visits;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Visits;

/// <summary>What the tracker on a page tells of its visitor, and the numbers it is given to show.</summary>
internal static class VisitsFeature
{
    public static void AddVisits(this IServiceCollection services)
    {
        services.AddOptions<VisitOptions>().BindConfiguration("Visits").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<NumberOptions>().BindConfiguration("Numbers").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<NumberMetrics>().AddSingleton<NumberBook>().AddSingleton<VisitLimits>();
        services.AddSingleton<VisitWriter>().AddHostedService(provider => provider.GetRequiredService<VisitWriter>());
        services.AddHostedService<VisitExpiry>();
    }

    public static void MapVisits(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1/sites/{siteKey}").WithTags("Public").MapEndpoint<AcceptVisit>();

    public static void MapVisitsReading(this IEndpointRouteBuilder v1) => v1.MapGroup("/visits").WithTags("Visits").Needs(Right.Leads).MapEndpoint<GetVisit>();
}

/// <summary>Beacons have buckets of their own: a busy page takes nothing from the leads of its site.</summary>
internal sealed class VisitLimits(IOptions<VisitOptions> options) : RateLimits(options.Value.RateFactor);
