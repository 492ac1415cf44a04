using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Removes a number and the memory of who held it. Calls and leads keep what they were matched with. To keep recognising late calls, make it inactive instead.</summary>
internal sealed class DeleteNumber : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var removed = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Delete, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return removed == 0 ? Problems.NotFound("number") : TypedResults.NoContent();
    }

    private const string Delete = """
        with removed as (delete from tracking_numbers where project_id = @ProjectId and id = @Id returning id),
        forgotten as (delete from number_holds where project_id = @ProjectId and number_id in (select id from removed))
        select count(*) from removed
        """;
}
