using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Operations;

/// <summary>Tells that the process answers; restart it when it does not.</summary>
internal sealed class GetLiveness : IEndpoint
{
    /// <param name="Status">Always <c>live</c>.</param>
    internal sealed record Response(string Status);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/live", Handle);

    internal static Ok<Response> Handle() => TypedResults.Ok(new Response("live"));
}
