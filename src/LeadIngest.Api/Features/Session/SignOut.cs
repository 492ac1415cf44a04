using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Ends the session: its cookie is worth nothing from then on, here at once and within seconds on every other node.</summary>
internal sealed class SignOut : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/", HandleAsync);

    internal static async Task<NoContent> HandleAsync(SignedIn person, HttpContext context, Sessions sessions, CancellationToken ct)
    {
        await sessions.EndAsync(person.UserId, person.SessionId, null, ct);
        Sessions.Forget(context);
        return TypedResults.NoContent();
    }
}
