using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>Stops a rebuild. What it has written already stays: rows are right by the rules of now one by one, and the next rebuild does the rest.</summary>
internal sealed class CancelRebuild : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/cancel", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<RebuildAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        // What was written until now counts: figures are computed anew.
        var stopped = await connection.ExecuteScalarAsync<int>(new CommandDefinition("""
            with stopped as (
                update rebuilds set state = 'cancelled', finished_at = clock_timestamp(), lease = null, lease_until = null
                where project_id = @ProjectId and id = @Id and state in ('waiting', 'running')
                returning project_id),
            told as materialized (select stale_figures(project_id) from stopped)
            select count(*)::int from told
            """, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        var answer = await RebuildAnswer.FindAsync(connection, scope.ProjectId, id, ct);
        if (answer is null) return Problems.NotFound("rebuild");
        return stopped == 1 || answer.State == "cancelled" ? TypedResults.Ok(answer) : Problems.Conflict("rebuild-over", "The rebuild is over", $"It is {answer.State}: there is nothing to stop.");
    }
}
