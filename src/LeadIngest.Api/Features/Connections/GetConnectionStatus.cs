using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Shows how a connection is doing: is it working, what waits, what was given up, and why.</summary>
internal sealed class GetConnectionStatus : IEndpoint
{
    internal sealed record Response
    {
        /// <summary><c>active</c>, <c>paused</c>, <c>needs_reauth</c> or <c>blocked</c>.</summary>
        public required string State { get; init; }

        /// <summary>Why it is not active, in the CRM's own words.</summary>
        public string? Reason { get; init; }

        /// <summary>True while calls are held back after a run of failures.</summary>
        public required bool BreakerOpen { get; init; }

        /// <summary>When calls are tried again after such a run.</summary>
        public DateTimeOffset? BreakerRetryAt { get; init; }

        /// <summary>Deliveries not finished yet, those in doubt included.</summary>
        public required long Queue { get; init; }

        /// <summary>Those whose outcome is being looked up in the CRM.</summary>
        public required long InDoubt { get; init; }

        /// <summary>For how long the oldest delivery that could go has been waiting, in seconds; null when none is due.</summary>
        public double? OldestDueSeconds { get; init; }

        /// <summary>Given up: look at <c>/v1/deliveries?state=dead</c>, mend, retry.</summary>
        public required long Dead { get; init; }

        /// <summary>The last failure, of a delivery or of the account as a whole.</summary>
        public string? LastError { get; init; }

        public DateTimeOffset? NextAttemptAt { get; init; }
        public DateTimeOffset? LastWorkedAt { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/status", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var status = await connection.QuerySingleOrDefaultAsync<Response>(new CommandDefinition(Status, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return status is null ? Problems.NotFound("connection") : TypedResults.Ok(status);
    }

    // The account's own last error tells more than a delivery's while the breaker is open; it may speak of a neighbour's call, so it is shown only
    // then.
    private const string Status = """
        select k.state, k.state_reason as reason, coalesce(a.breaker_open, false) as breaker_open, case when a.breaker_open then a.retry_at end as breaker_retry_at,
            q.queue, q.in_doubt, extract(epoch from clock_timestamp() - q.oldest_due)::float8 as oldest_due_seconds, g.dead,
            coalesce(case when a.breaker_open then a.last_error end, q.last_error, g.last_error) as last_error, q.next_attempt_at, a.last_worked_at
        from connections k
            left join crm_accounts a on a.account_key = k.account_key
            cross join lateral (
                select count(*) as queue, count(*) filter (where d.state = 'in_doubt') as in_doubt,
                    min(d.next_attempt_at) filter (where d.state in ('pending', 'in_doubt') and d.next_attempt_at <= clock_timestamp()) as oldest_due,
                    min(d.next_attempt_at) filter (where d.state in ('pending', 'in_doubt')) as next_attempt_at,
                    (array_agg(d.last_error order by d.next_attempt_at desc nulls last) filter (where d.last_error is not null))[1] as last_error
                from deliveries d where d.project_id = k.project_id and d.connection_id = k.id and d.state in ('pending', 'sending', 'in_doubt')) q
            cross join lateral (
                select count(*) as dead, (array_agg(d.last_error order by d.id desc) filter (where d.last_error is not null))[1] as last_error
                from deliveries d where d.project_id = k.project_id and d.connection_id = k.id and d.state = 'dead') g
        where k.project_id = @ProjectId and k.id = @Id
        """;
}
