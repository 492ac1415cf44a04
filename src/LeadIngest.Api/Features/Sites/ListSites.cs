using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Sites;

/// <summary>Lists the project's websites, newest first.</summary>
internal sealed class ListSites : IEndpoint
{
    /// <param name="Limit">Sites a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<SiteAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, IOptions<PublicAddress> address,
        HttpRequest http, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SiteRow>(new CommandDefinition(All, new { scope.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer(address.Value, http))], limit, s => s.Id));
    }

    private const string All = $"select {SiteRow.Columns} from sites where project_id = @ProjectId and id < @Before order by id desc limit @Rows";
}
