using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Shows a project's settings.</summary>
internal sealed class GetProject : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ProjectAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ProjectRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("project") : TypedResults.Ok(row.Answer());
    }

    private const string One = $"select {ProjectRow.Columns} from projects where project_id = @ProjectId and project_id = @Id";
}
