using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Removes a line of the project's own: what it stood before counts again.</summary>
internal sealed class DeleteSource : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await SourceRows.ChangedAsync(connection, tx, scope.ProjectId, ct);
        if (await connection.ExecuteAsync(new CommandDefinition("delete from source_entries where project_id = @ProjectId and id = @Id", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct)) == 0)
            return Problems.NotFound("line of the dictionary");
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
