using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Lists the project's tracking numbers, newest first.</summary>
internal sealed class ListNumbers : IEndpoint
{
    /// <param name="SiteId">Only those of one site.</param>
    /// <param name="Kind">Only <c>dynamic</c>, <c>static</c> or <c>overflow</c> ones.</param>
    /// <param name="Limit">Numbers a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(Guid? SiteId, string? Kind, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator() => RuleFor(q => q.Kind).OneOf(NumberRules.Kinds);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<NumberAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<NumberRow>(new CommandDefinition(All,
            new { scope.ProjectId, query.SiteId, query.Kind, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer())], limit, n => n.Id));
    }

    private const string All = $"""
        select {NumberRow.Columns} from tracking_numbers
        where project_id = @ProjectId and id < @Before and (@SiteId::uuid is null or site_id = @SiteId) and (@Kind::text is null or kind = @Kind)
        order by id desc limit @Rows
        """;
}
