using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Tracker;

/// <summary>The script that a client's site loads: built from <c>src/tracker</c> into this program, served with the site's settings before it.</summary>
internal static class TrackerFeature
{
    public static void AddTracker(this IServiceCollection services) => services.AddSingleton<TrackerScripts>();

    public static void MapTracker(this IEndpointRouteBuilder routes)
    {
        var tracker = routes.MapGroup("/t").WithTags("Public");
        tracker.MapEndpoint<GetTracker>();
        // Caches and monitors ask so; the description would name the operation twice.
        tracker.MapMethods("/{siteKey}.js", [HttpMethods.Head], (Delegate)GetTracker.HandleAsync).AllowAnonymous().ExcludeFromDescription();
    }
}
