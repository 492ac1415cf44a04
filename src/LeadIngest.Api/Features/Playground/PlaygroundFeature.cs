using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Playground;

/// <summary>Two pages of a pretended business, on the demo project alone: arrive from an advertisement, send a form, call the number, see the card.</summary>
internal static class PlaygroundFeature
{
    public static void MapPlayground(this IEndpointRouteBuilder routes)
    {
        var playground = routes.MapGroup("/playground").ExcludeFromDescription();
        playground.MapEndpoint<GetPlaygroundPage>();
        playground.MapEndpoint<GetPlaygroundState>();
    }
}
