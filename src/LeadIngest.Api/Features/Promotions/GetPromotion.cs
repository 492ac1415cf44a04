using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Shows a promotion. What came of it is in the report.</summary>
internal sealed class GetPromotion : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<PromotionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<PromotionAnswer>(new CommandDefinition(
            $"select {PromotionAnswer.Columns} from promotions where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("promotion") : TypedResults.Ok(row);
    }
}
