using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.StopList;

/// <summary>Takes an entry off the stop list. Leads that it made spam stay so until they are released.</summary>
internal sealed class RemoveFromStopList : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await StopListRows.ChangedAsync(connection, tx, scope.ProjectId, ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition("delete from stop_list where project_id = @ProjectId and id = @Id",
            new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (rows == 0) return Problems.NotFound("entry of the stop list");
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
