using System.Text;
using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Reconcile;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Reconcile;

/// <summary>Lists what is missing on either side, newest finding first, with the counts of the last comparison.</summary>
/// <remarks>
/// Kinds: <c>lead_without_card</c> (an hour after a lead nothing of it was delivered to a connection), <c>card_without_deal</c> (delivered, and not or no more a deal in the CRM),
/// <c>deal_without_lead</c> (the CRM names a lead that is not here), <c>call_without_lead</c>, <c>lead_by_hand</c> (a manager typed in what had come by itself).
/// </remarks>
internal sealed class ListFindings : IEndpoint
{
    /// <param name="From">First day of what it is about, in the project's time zone.</param>
    /// <param name="To">Last day.</param>
    /// <param name="Kind">One of the kinds.</param>
    /// <param name="ConnectionId">Of one connection.</param>
    /// <param name="Resolved">True: those that a later comparison did not find any more. Absent: those that are open.</param>
    /// <param name="Limit">Findings a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(DateOnly? From, DateOnly? To, string? Kind, Guid? ConnectionId, bool? Resolved, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Kind).OneOf([.. FindingSql.All.Select(k => k.Kind)]);
            RuleFor(q => q.To).Must((q, to) => q.From is null || to is null || to >= q.From).WithMessage("Not before `from`.");
        }
    }

    /// <param name="Day">Of the lead (when it happened, as in reports), the delivery, the deal or the call.</param>
    /// <param name="ConnectionName">For people; null when the connection was removed since.</param>
    /// <param name="RemoteId">The card's or the deal's id in the CRM, the provider's id of the call.</param>
    /// <param name="Detail">What is known of it, the CRM's own words included.</param>
    /// <param name="ResolvedAt">When a comparison did not find it any more; null: it is missing still.</param>
    internal sealed record FindingAnswer(Guid Id, string Kind, DateOnly Day, Guid? ConnectionId, string? ConnectionName, Guid? LeadId, Guid? DealId, Guid? CallId, string? RemoteId, string Detail,
        DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, DateTimeOffset? ResolvedAt);

    /// <param name="Night">The night it belongs to; null: asked for.</param>
    internal sealed record LastRun(DateTimeOffset At, DateOnly From, DateOnly To, DateOnly? Night, int Findings, IReadOnlyList<DayCounts> Counts);

    /// <param name="Provider">The provider's word.</param>
    internal sealed record UncheckedSender(Guid SenderId, string Provider, string Name, string Reason);

    /// <param name="LastComparison">Null: none has been made.</param>
    /// <param name="NotCheckable">Call senders whose provider's journal is not read: a call of which no message ever came is seen by nobody.</param>
    internal sealed record Response(LastRun? LastComparison, IReadOnlyList<FindingAnswer> Items, string? NextCursor, IReadOnlyList<UncheckedSender> NotCheckable);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        var sql = new StringBuilder($"""
            select id, kind, day, connection_id, (select k.name from connections k where k.project_id = reconcile_findings.project_id and k.id = reconcile_findings.connection_id) as connection_name, lead_id, deal_id, call_id, remote_id, detail, first_seen_at, last_seen_at, resolved_at from reconcile_findings
            where project_id = @ProjectId and id < @Before and resolved_at is {(query.Resolved == true ? "not null" : "null")}
            """);
        if (query.From is not null) sql.Append(" and day >= @From");
        if (query.To is not null) sql.Append(" and day <= @To");
        if (query.Kind is not null) sql.Append(" and kind = @Kind");
        if (query.ConnectionId is not null) sql.Append(" and connection_id = @ConnectionId");
        sql.Append(" order by id desc limit @Rows");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, Before = before, query.From, query.To, query.Kind, query.ConnectionId, Rows = limit + 1 };
        var rows = (await connection.QueryAsync<FindingAnswer>(new CommandDefinition(sql.ToString(), args, cancellationToken: ct))).AsList();
        var run = await connection.QueryFirstOrDefaultAsync<(DateTimeOffset At, DateOnly From, DateOnly To, DateOnly? Night, int Findings, string Counts)?>(new CommandDefinition(
            "select created_at, first_day, last_day, night, findings, counts::text from reconcile_runs where project_id = @ProjectId order by id desc limit 1", args, cancellationToken: ct));
        var senders = await connection.QueryAsync<(Guid Id, string Provider, string Name)>(new CommandDefinition(
            "select id, provider, name from senders where project_id = @ProjectId and kind = 'call' and is_active order by id", args, cancellationToken: ct));
        var page = Cursor.Page(rows, limit, r => r.Id);
        return TypedResults.Ok(new Response(
            run is { } last ? new(last.At, last.From, last.To, last.Night, last.Findings, JsonSerializer.Deserialize<DayCounts[]>(last.Counts, JsonSerializerOptions.Web) ?? []) : null,
            page.Items, page.NextCursor, [.. senders.Select(s => new UncheckedSender(s.Id, s.Provider, s.Name, "The journal of this provider is not read: only what it sent is known."))]));
    }
}
