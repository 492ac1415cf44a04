using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Lists the projects that the caller may see: a user's all, by name, an API key's own.</summary>
internal sealed class ListProjects : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync);

    internal static async Task<Ok<Page<ProjectAnswer>>> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        var rows = await OutsideRequest.RunAsync(() => ReadAsync(caller, db, ct));
        return TypedResults.Ok(new Page<ProjectAnswer>([.. rows.Select(r => r.Answer())], null));
    }

    private static async Task<List<ProjectRow>> ReadAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ProjectRow>(new CommandDefinition(caller.UserId is null ? Own : All, new { caller.ProjectId, User = caller.UserId }, cancellationToken: ct))).AsList();
    }

    private const string Own = $"select {ProjectRow.Columns} from projects where project_id = @ProjectId";

    private const string All = $"""
        select {ProjectRow.Columns} from projects
        where project_id in (select m.project_id from memberships m where m.user_id = @User and m.disabled_at is null) order by lower(name), project_id limit 1000
        """;
}
