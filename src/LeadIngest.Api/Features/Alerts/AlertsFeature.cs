using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>What somebody should look at now. Everybody asks; each is told what concerns them.</summary>
internal static class AlertsFeature
{
    public static void AddAlerts(this IServiceCollection services) => services.AddSingleton<AlertBoard>();

    public static void MapAlerts(this IEndpointRouteBuilder v1) => v1.MapGroup("/alerts").WithTags("Alerts").Needs(Right.Names).MapEndpoint<ListAlerts>();
}
