using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Operations;

/// <summary>Tells a balancer whether this node can take leads now.</summary>
internal sealed class GetReadiness : IEndpoint
{
    /// <param name="Status"><c>ready</c> or <c>not_ready</c>.</param>
    internal sealed record Response(string Status, IReadOnlyList<Check> Checks);

    /// <param name="Detail">What is wrong; null when nothing is.</param>
    internal sealed record Check(string Name, bool Ok, string? Detail);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/ready", HandleAsync).Produces<Response>(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<Results<Ok<Response>, JsonHttpResult<Response>>> HandleAsync(Readiness readiness, CancellationToken ct)
    {
        var checks = await readiness.LookAsync(ct);
        return checks.All(c => c.Ok)
            ? TypedResults.Ok(new Response("ready", checks))
            : TypedResults.Json(new Response("not_ready", checks), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
