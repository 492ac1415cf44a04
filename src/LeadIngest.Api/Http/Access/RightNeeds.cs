namespace LeadIngest.Api.Http.Access;

/// <summary>Metadata of a route: the right that it asks for. The last one counts, so that a route may differ from its group.</summary>
internal sealed record NeededRight(Right Right);

internal static class RightNeeds
{
    /// <summary>Says which right a route, or every route of a group, asks for.</summary>
    public static T Needs<T>(this T routes, Right right) where T : IEndpointConventionBuilder
    {
        // A group's conventions run before those of its routes: what a route says itself comes last.
        routes.Add(endpoint => endpoint.Metadata.Add(new NeededRight(right)));
        return routes;
    }
}
