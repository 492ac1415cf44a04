using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Lists the project's CRM connections, newest first.</summary>
internal sealed class ListConnections : IEndpoint
{
    /// <param name="Limit">Connections a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<ConnectionAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CredentialsCipher cipher,
        CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ConnectionRow>(new CommandDefinition(All, new { scope.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer(scope.ProjectId, cipher))], limit, c => c.Id));
    }

    private const string All = $"select {ConnectionRow.Columns} from connections where project_id = @ProjectId and id < @Before order by id desc limit @Rows";
}
