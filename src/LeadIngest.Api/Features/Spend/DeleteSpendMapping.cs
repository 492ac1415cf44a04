using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Removes a mapping.</summary>
internal sealed class DeleteSpendMapping : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/mappings/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition("delete from spend_mappings where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return rows == 0 ? Problems.NotFound("mapping") : TypedResults.NoContent();
    }
}
