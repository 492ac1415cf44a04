using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Calls;

/// <summary>Lists calls, newest first. Filters narrow each other.</summary>
internal sealed class ListCalls : IEndpoint
{
    /// <param name="Direction"><c>in</c>, <c>out</c>, <c>internal</c> or <c>unknown</c>.</param>
    /// <param name="Outcome"><c>answered</c>, <c>missed</c>, <c>unanswered</c>, <c>rejected</c> or <c>unknown</c>.</param>
    /// <param name="ClientId">All calls of this client, those of clients merged with it included.</param>
    /// <param name="Phone">The client's whole number in any spelling.</param>
    /// <param name="From">Begun at or after this moment (RFC 3339).</param>
    /// <param name="To">Begun before this moment (RFC 3339).</param>
    /// <param name="SiteId">Only those of this site.</param>
    /// <param name="Limit">Calls a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? Direction, string? Outcome, Guid? ClientId, string? Phone, DateTimeOffset? From, DateTimeOffset? To, Guid? SiteId,
        int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Direction).OneOf("in", "out", "internal", "unknown");
            RuleFor(q => q.Outcome).OneOf("answered", "missed", "unanswered", "rejected", "unknown");
            RuleFor(q => q.Phone).Phone();
            RuleFor(q => q.To).GreaterThan(q => q.From).When(q => q.From is not null).WithMessage("Must be later than 'from'.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<CallAnswer>>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<CallAnswerRow>(new CommandDefinition(Sql(query, caller.OnlyOf is not null), new
        {
            caller.ProjectId,
            caller.OwnConnections,
            caller.OwnUsers,
            Before = before,
            Rows = limit + 1,
            query.Direction,
            query.Outcome,
            query.ClientId,
            Phones = query.Phone is null ? null : PhoneSpellings.Of(query.Phone),
            query.From,
            query.To,
            query.SiteId,
        }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer())], limit, r => r.Id));
    }

    // Only the filters that were given, so that each shape of the question gets its own plan.
    private static string Sql(Query query, bool onlyOwn)
    {
        var sql = new StringBuilder(CallAnswerRow.Select).Append(" where c.project_id = @ProjectId and c.id < @Before");
        if (onlyOwn) sql.Append($" and c.id = any(array({OwnRows.Calls}))");
        if (query.Direction is not null) sql.Append(" and c.direction = @Direction");
        if (query.Outcome is not null) sql.Append(" and c.outcome = @Outcome");
        if (query.ClientId is not null) sql.Append(" and c.client_id in ").Append(ClientFamily.Ids);
        if (query.Phone is not null) sql.Append(" and c.client_phone = any(@Phones)");
        if (query.From is not null) sql.Append(" and (case when c.started_at is not null then c.started_at else c.first_seen_at end) >= @From");
        if (query.To is not null) sql.Append(" and (case when c.started_at is not null then c.started_at else c.first_seen_at end) < @To");
        if (query.SiteId is not null) sql.Append(" and c.site_id = @SiteId");
        return sql.Append(" order by c.id desc limit @Rows").ToString();
    }
}
