using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.ApiKeys;

/// <summary>Revokes an API key: it stops working at once here and within seconds on every other node.</summary>
internal sealed class RevokeApiKey : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, ApiKeyCache cache, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition(Revoke, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (rows == 0) return Problems.NotFound("API key");
        cache.Clear();
        return TypedResults.NoContent();
    }

    private const string Revoke = "update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where project_id = @ProjectId and id = @Id";
}
