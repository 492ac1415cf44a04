using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Tells who is signed in by the cookie, with the projects they are a member of; the page begins here.</summary>
internal sealed class GetSession : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/session", HandleAsync);

    internal static async Task<Ok<SessionAnswer>> HandleAsync(HttpContext context, Sessions sessions, People people, CancellationToken ct)
    {
        var person = Sessions.TokenOf(context.Request) is { } token ? await sessions.FindAsync(token, ct) : null;
        return TypedResults.Ok(await people.AnswerAsync(person, ct));
    }
}
