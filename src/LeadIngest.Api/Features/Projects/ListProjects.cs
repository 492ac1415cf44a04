using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Lists the projects that the caller may see: an API key sees its own.</summary>
internal sealed class ListProjects : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync);

    internal static async Task<Ok<Page<ProjectAnswer>>> HandleAsync(ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ProjectRow>(new CommandDefinition(Own, new { scope.ProjectId }, cancellationToken: ct));
        return TypedResults.Ok(new Page<ProjectAnswer>([.. rows.Select(r => r.Answer())], null));
    }

    private const string Own = $"select {ProjectRow.Columns} from projects where project_id = @ProjectId";
}
