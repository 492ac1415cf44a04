using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deals;

/// <summary>Lists deals, those that became known last first. Filters narrow each other; deleted deals are left out unless they are asked for.</summary>
internal sealed class ListDeals : IEndpoint
{
    /// <param name="State"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
    /// <param name="Kind"><c>deal</c> or <c>lead</c> (of Bitrix24).</param>
    /// <param name="Pipeline">The CRM's id of the pipeline.</param>
    /// <param name="Stage">The CRM's id of the stage.</param>
    /// <param name="Responsible">The CRM's id of the user.</param>
    /// <param name="ClientId">All deals of this client, those of clients merged with it included.</param>
    /// <param name="LeadId">What became of this lead.</param>
    /// <param name="ConnectionId">Only those of this CRM account.</param>
    /// <param name="From">Made at or after this moment (RFC 3339).</param>
    /// <param name="To">Made before this moment (RFC 3339).</param>
    /// <param name="Deleted">True: only those that are not there any more.</param>
    /// <param name="Limit">Deals a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? State, string? Kind, string? Pipeline, string? Stage, string? Responsible, Guid? ClientId, Guid? LeadId, Guid? ConnectionId,
        DateTimeOffset? From, DateTimeOffset? To, bool? Deleted, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.State).OneOf("open", "won", "lost");
            RuleFor(q => q.Kind).OneOf("deal", "lead");
            RuleFor(q => q.Pipeline).MaximumLength(100);
            RuleFor(q => q.Stage).MaximumLength(100);
            RuleFor(q => q.Responsible).MaximumLength(100);
            RuleFor(q => q.To).GreaterThan(q => q.From).When(q => q.From is not null).WithMessage("Must be later than 'from'.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<DealAnswer>>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<DealRow>(new CommandDefinition(Sql(query, caller.OnlyOf is not null), new
        {
            caller.ProjectId,
            caller.OwnConnections,
            caller.OwnUsers,
            Before = before,
            Rows = limit + 1,
            query.State,
            query.Kind,
            query.Pipeline,
            query.Stage,
            query.Responsible,
            query.ClientId,
            query.LeadId,
            query.ConnectionId,
            query.From,
            query.To,
        }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer())], limit, r => r.Id));
    }

    // Only the filters that were given, so that each shape of the question gets its own plan.
    private static string Sql(Query query, bool onlyOwn)
    {
        var sql = new StringBuilder(DealRow.Select).Append(" where d.project_id = @ProjectId and d.id < @Before")
            .Append(query.Deleted == true ? " and d.deleted_at is not null" : " and d.deleted_at is null");
        if (onlyOwn) sql.Append($" and {OwnRows.Deal}");
        if (query.State is not null) sql.Append(" and d.state = @State");
        if (query.Kind is not null) sql.Append(" and d.kind = @Kind");
        if (query.Pipeline is not null) sql.Append(" and d.pipeline_id = @Pipeline");
        if (query.Stage is not null) sql.Append(" and d.stage_id = @Stage");
        if (query.Responsible is not null) sql.Append(" and d.responsible_id = @Responsible");
        if (query.ClientId is not null) sql.Append(" and d.client_id in ").Append(ClientFamily.Ids);
        if (query.LeadId is not null) sql.Append(" and d.lead_id = @LeadId");
        if (query.ConnectionId is not null) sql.Append(" and d.connection_id = @ConnectionId");
        if (query.From is not null) sql.Append(" and d.created_at >= @From");
        if (query.To is not null) sql.Append(" and d.created_at < @To");
        return sql.Append(" order by d.id desc limit @Rows").ToString();
    }
}
