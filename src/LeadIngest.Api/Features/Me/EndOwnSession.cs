using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Ends one of one's own sessions.</summary>
internal sealed class EndOwnSession : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/sessions/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, SignedIn person, Sessions sessions, CancellationToken ct) =>
        await sessions.EndAsync(person.UserId, id, null, ct) == 0 ? Problems.NotFound("session") : TypedResults.NoContent();
}

/// <summary>Ends all of one's own sessions but the one that asks.</summary>
internal sealed class EndOtherSessions : IEndpoint
{
    /// <param name="Ended">How many there were.</param>
    internal sealed record Response(int Ended);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/sessions/end-others", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(SignedIn person, Sessions sessions, CancellationToken ct) =>
        TypedResults.Ok(new Response(await sessions.EndAsync(person.UserId, null, person.SessionId, ct)));
}
