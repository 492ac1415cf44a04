using System.Text;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Lists deliveries, newest first: what waits, what is in doubt, what was given up.</summary>
internal sealed class ListDeliveries : IEndpoint
{
    /// <param name="State"><c>pending</c>, <c>sending</c>, <c>in_doubt</c>, <c>delivered</c> or <c>dead</c>.</param>
    /// <param name="ConnectionId">Only those to this connection.</param>
    /// <param name="LeadId">Only those of this lead.</param>
    /// <param name="Limit">Deliveries a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? State, Guid? ConnectionId, Guid? LeadId, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator() => RuleFor(q => q.State).OneOf("pending", "sending", "in_doubt", "delivered", "dead");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<DeliveryAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        var sql = new StringBuilder(DeliveryAnswer.Select).Append(" where d.project_id = @ProjectId and d.id < @Before");
        if (query.State is not null) sql.Append(" and d.state = @State");
        if (query.ConnectionId is not null) sql.Append(" and d.connection_id = @ConnectionId");
        if (query.LeadId is not null) sql.Append(" and d.lead_id = @LeadId");
        sql.Append(" order by d.id desc limit @Rows");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<DeliveryAnswer>(new CommandDefinition(sql.ToString(),
            new { scope.ProjectId, Before = before, Rows = limit + 1, query.State, query.ConnectionId, query.LeadId }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, d => d.Id));
    }
}
