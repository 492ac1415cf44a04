using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Lists what somebody should look at, errors first. Found anew at most every 30 seconds.</summary>
/// <remarks>Marketers are told of advertising, operators of deliveries and connections, owners and API keys of all.</remarks>
internal sealed class ListAlerts : IEndpoint
{
    /// <param name="CheckedAt">When it was found.</param>
    internal sealed record Response(IReadOnlyList<Alert> Items, DateTimeOffset CheckedAt);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(Caller caller, AlertBoard board, CancellationToken ct)
    {
        var (alerts, at) = await board.OfAsync(caller.ProjectId, ct);
        return TypedResults.Ok(new Response([.. Alert.For(alerts, caller.Rights, caller.OnlyOf is null)], at));
    }
}
