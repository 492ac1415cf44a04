using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Removes a promotion. Its leads, deals and spend stay what they are.</summary>
internal sealed class DeletePromotion : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition("delete from promotions where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return rows == 0 ? Problems.NotFound("promotion") : TypedResults.NoContent();
    }
}
