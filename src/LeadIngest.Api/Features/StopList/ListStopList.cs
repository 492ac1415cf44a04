using System.Text;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Core.Junk;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.StopList;

/// <summary>Lists the stop list, newest entry first.</summary>
internal sealed class ListStopList : IEndpoint
{
    /// <param name="Kind"><c>phone</c>, <c>email</c>, <c>domain</c>, <c>ip</c>, <c>word</c> or <c>visitor</c>.</param>
    /// <param name="Verdict"><c>spam</c> or <c>test</c>.</param>
    /// <param name="Limit">Entries a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? Kind, string? Verdict, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Kind).OneOf([.. Enum.GetNames<StopKind>().Select(Problems.WireName)]);
            RuleFor(q => q.Verdict).OneOf("spam", "test");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<StopListAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        var sql = new StringBuilder($"select {StopListRows.Columns} from stop_list where project_id = @ProjectId and id < @Before");
        if (query.Kind is not null) sql.Append(" and kind = @Kind");
        if (query.Verdict is not null) sql.Append(" and verdict = @Verdict");
        sql.Append(" order by id desc limit @Rows");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<StopListAnswer>(new CommandDefinition(sql.ToString(),
            new { scope.ProjectId, Before = before, Rows = limit + 1, query.Kind, query.Verdict }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, r => r.Id));
    }
}
