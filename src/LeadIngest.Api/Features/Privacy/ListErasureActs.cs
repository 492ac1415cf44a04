using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Lists the acts of erasure, newest first. They are kept for three years.</summary>
internal sealed class ListErasureActs : IEndpoint
{
    /// <param name="Limit">Acts a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/acts", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<ErasureAct>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return TypedResults.Ok(Cursor.Page(await ErasureAct.ReadAsync(connection, scope.ProjectId, null, before, limit + 1, ct), limit, a => a.Id));
    }
}
