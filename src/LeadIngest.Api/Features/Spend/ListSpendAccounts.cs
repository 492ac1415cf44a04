using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Lists the accounts that spend comes from, newest first.</summary>
internal sealed class ListSpendAccounts : IEndpoint
{
    /// <param name="Limit">Accounts a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/accounts", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<SpendAccountAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SpendAccountAnswer>(new CommandDefinition(
            $"select {SpendAccountAnswer.Columns} from spend_accounts a where a.project_id = @ProjectId and a.id < @Before order by a.id desc limit @Rows",
            new { scope.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, a => a.Id));
    }
}
