using LeadIngest.Api.Access;

namespace LeadIngest.Api.Http.Access;

/// <summary>Metadata of a route: the right that it asks for. The last one counts, so that a route may differ from its group.</summary>
/// <param name="Any">True: one of several is enough.</param>
internal sealed record NeededRight(Right Right, bool Any = false)
{
    public bool IsHeldBy(Caller caller) => Any ? (caller.Rights & Right) != 0 : caller.May(Right);
}

/// <summary>Metadata: the route is of the person who is signed in, whatever the project; an API key is nobody.</summary>
internal sealed record OfPerson;

/// <summary>Metadata: the route shows several projects of its caller. When the request names none, the caller comes as a member of any of them.</summary>
internal sealed record SpansProjects;

/// <summary>Metadata: somebody who is signed in and a member of no project may ask as well; there is no <see cref="Caller"/> then, and the handler decides.</summary>
internal sealed record TakesNewcomers;

/// <summary>Metadata: what the route shows names people: each look is written into the audit log. Routes that need <see cref="Right.Leads"/>, <see cref="Right.Forgotten"/> or <see cref="Right.Export"/> do so without saying it.</summary>
internal sealed record ShowsPeople;

/// <summary>Metadata: whoever asks must have given the password within the last <see cref="Confirmations.Fresh"/>.</summary>
internal sealed record ConfirmationNeeded;

internal static class RightNeeds
{
    /// <summary>Says which right a route, or every route of a group, asks for.</summary>
    public static T Needs<T>(this T routes, Right right) where T : IEndpointConventionBuilder => routes.Has(new NeededRight(right));

    /// <summary>One of these is enough.</summary>
    public static T NeedsAny<T>(this T routes, Right rights) where T : IEndpointConventionBuilder => routes.Has(new NeededRight(rights, Any: true));

    /// <summary>The route is of the person who is signed in and of no project.</summary>
    public static T OfPerson<T>(this T routes) where T : IEndpointConventionBuilder => routes.Has(new OfPerson());

    public static T SpansProjects<T>(this T routes) where T : IEndpointConventionBuilder => routes.Has(new SpansProjects());

    /// <summary>The route is open to people without a project too.</summary>
    public static T TakesNewcomers<T>(this T routes) where T : IEndpointConventionBuilder => routes.Has(new TakesNewcomers());

    public static T ShowsPeople<T>(this T routes) where T : IEndpointConventionBuilder => routes.Has(new ShowsPeople());

    public static T NeedsConfirmation<T>(this T routes) where T : IEndpointConventionBuilder => routes.Has(new ConfirmationNeeded());

    /// <summary>The same only for requests of which <paramref name="which"/> holds: those that carry a secret.</summary>
    public static RouteHandlerBuilder NeedsConfirmationFor<TRequest>(this RouteHandlerBuilder route, Func<TRequest, bool> which) => route.AddEndpointFilter((context, next) =>
        context.Arguments.OfType<TRequest>().Any(which) && Confirmations.Refusal(context.HttpContext) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context));

    // A group's conventions run before those of its routes: what a route says itself comes last.
    private static T Has<T>(this T routes, object metadata) where T : IEndpointConventionBuilder
    {
        routes.Add(endpoint => endpoint.Metadata.Add(metadata));
        return routes;
    }
}

/// <summary>Whether somebody has given the password lately.</summary>
internal static class Confirmations
{
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <returns>Null: go on; an API key has no password to give.</returns>
    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Refusal(HttpContext context)
    {
        if (SignedIn.In(context) is not { } person || context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - person.ConfirmedAt < Fresh) return null;
        return Problems.Of(403, "confirm-needed", "Confirm that it is you", "This needs a fresh password: POST /v1/session/confirm, then send the request again.");
    }
}
