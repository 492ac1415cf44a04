using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Shows one tracking number and who holds it.</summary>
internal sealed class GetNumber : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<NumberAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<NumberRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("number") : TypedResults.Ok(row.Answer());
    }

    private const string One = $"select {NumberRow.Columns} from tracking_numbers where project_id = @ProjectId and id = @Id";
}
