using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Settles a suggested merge with "no": two different people.</summary>
internal sealed class DismissMergeSuggestion : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/suggestions/{id:guid}/dismiss", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Suggestion, id, ct)) return Problems.NotFound("suggestion");
        var rows = await connection.ExecuteAsync(new CommandDefinition(Dismiss, new { caller.ProjectId, Id = id }, cancellationToken: ct));
        return rows > 0 ? TypedResults.NoContent() : Problems.NotFound("suggestion");
    }

    // The row stays: the same pair is not suggested again.
    private const string Dismiss = "update merge_suggestions set resolved_at = coalesce(resolved_at, clock_timestamp()) where project_id = @ProjectId and id = @Id";
}
