using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Removes an amount by hand.</summary>
internal sealed class DeleteManualSpend : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/manual/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition("delete from spend_manual where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return rows == 0 ? Problems.NotFound("amount") : TypedResults.NoContent();
    }
}
