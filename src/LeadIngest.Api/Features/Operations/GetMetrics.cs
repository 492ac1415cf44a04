using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Operations;

/// <summary>The service's figures in Prometheus' text format, without anything personal.</summary>
internal sealed class GetMetrics : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Handle)
        .Produces<string>(StatusCodes.Status200OK, "text/plain").ProducesProblem(StatusCodes.Status401Unauthorized);

    internal static Results<ContentHttpResult, ProblemHttpResult> Handle(HttpRequest request, MetricsRegistry metrics, IOptions<OperationsOptions> options)
    {
        if (options.Value.MetricsToken is { Length: > 0 } token && !CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + token)), SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()))))
            return Problems.Of(401, "unauthorized", "Not logged in", "Send the metrics token as 'Authorization: Bearer <token>'.");
        return TypedResults.Text(metrics.Text(), "text/plain; version=0.0.4", Encoding.UTF8);
    }
}
