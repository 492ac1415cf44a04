using System.Text;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Lists input that could not be understood, newest first, without the bodies.</summary>
internal sealed class ListRejects : IEndpoint
{
    /// <param name="State"><c>open</c>, <c>replayed</c> or <c>discarded</c>.</param>
    /// <param name="SiteId">Only those of this site.</param>
    /// <param name="Limit">Rejects a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? State, Guid? SiteId, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator() => RuleFor(q => q.State).OneOf("open", "replayed", "discarded");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<RejectSummary>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        var sql = new StringBuilder($"select {RejectRow.Columns} from rejects where project_id = @ProjectId and id < @Before");
        if (query.State is not null) sql.Append(" and state = @State");
        if (query.SiteId is not null) sql.Append(" and site_id = @SiteId");
        sql.Append(" order by id desc limit @Rows");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<RejectRow>(new CommandDefinition(sql.ToString(),
            new { scope.ProjectId, Before = before, Rows = limit + 1, query.State, query.SiteId }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Summary())], limit, r => r.Id));
    }
}
