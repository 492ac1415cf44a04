using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Tracker;

/// <summary>The script that a client's site loads: built from <c>src/tracker</c> into this program, served with the site's settings before it.</summary>
internal static class TrackerFeature
{
    public static void AddTracker(this IServiceCollection services) => services.AddSingleton<TrackerScripts>();

    public static void MapTracker(this IEndpointRouteBuilder routes) => routes.MapGroup("/t").WithTags("Public").MapEndpoint<GetTracker>();
}
