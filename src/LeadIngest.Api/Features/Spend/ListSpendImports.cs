using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Lists imports of spend, newest first, those taken back too.</summary>
internal sealed class ListSpendImports : IEndpoint
{
    /// <param name="AccountId">Of this account.</param>
    /// <param name="Limit">Imports a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(Guid? AccountId, int? Limit, string? Cursor) : IPageQuery;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/imports", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<SpendImportAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SpendImportAnswer.Row>(new CommandDefinition(All, new { scope.ProjectId, query.AccountId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer())], limit, i => i.Id));
    }

    private const string All = SpendImportAnswer.From + SpendImportAnswer.Joins + " and i.id < @Before and (@AccountId is null or i.account_id = @AccountId) order by i.id desc limit @Rows";
}
