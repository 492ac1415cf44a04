using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Lists promotions, newest first.</summary>
internal sealed class ListPromotions : IEndpoint
{
    /// <param name="Limit">Promotions a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<PromotionAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<PromotionAnswer>(new CommandDefinition(
            $"select {PromotionAnswer.Columns} from promotions where project_id = @ProjectId and id < @Before order by id desc limit @Rows",
            new { scope.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, r => r.Id));
    }
}
