using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Views;

/// <summary>Removes a saved view. Only its maker and owners of the project may.</summary>
internal sealed class DeleteView : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await UpdateView.RefusalAsync(connection, caller, id, ct) is { } refusal) return refusal;
        await connection.ExecuteAsync(new CommandDefinition("delete from saved_views where project_id = @ProjectId and id = @Id", new { caller.ProjectId, Id = id }, cancellationToken: ct));
        return TypedResults.NoContent();
    }
}
