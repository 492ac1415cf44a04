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

        /// <summary>Why it is not active: in the CRM's own words, or in those of the person who paused it.</summary>
        public string? Reason { get; init; }

        /// <summary>Who stopped it: <c>crm</c>, <c>restored</c> (a backup), or the API key that was used; null while it is active.</summary>
        public string? StoppedBy { get; init; }

        /// <summary>Since when it is in this state; null when it never changed.</summary>
        public DateTimeOffset? Since { get; init; }

        /// <summary>When a blocked connection is tried again by itself; null: when a person resumes it.</summary>
        public DateTimeOffset? ProbeAt { get; init; }

        /// <summary>True when new credentials are needed.</summary>
        public bool NeedsReauth => State == "needs_reauth";

        /// <summary>True while calls are held back after a run of failures.</summary>
        public required bool BreakerOpen { get; init; }

        /// <summary>When calls are tried again after such a run.</summary>
        public DateTimeOffset? BreakerRetryAt { get; init; }

        /// <summary>Deliveries not finished yet, those in doubt included.</summary>
        public required long Queue { get; init; }

        /// <summary>Those that wait for their turn.</summary>
        public required long Pending { get; init; }

        /// <summary>Those that are being sent now.</summary>
        public required long Sending { get; init; }

        /// <summary>Those whose outcome is being looked up in the CRM.</summary>
        public required long InDoubt { get; init; }

        /// <summary>For how long the oldest delivery that could go has been waiting, in seconds; null when none is due.</summary>
        public double? OldestDueSeconds { get; init; }

        /// <summary>Given up: look at <c>/v1/deliveries?state=dead</c>, mend, retry.</summary>
        public required long Dead { get; init; }

        /// <summary>The last failure, of a delivery or of the account as a whole.</summary>
        public string? LastError { get; init; }

        public DateTimeOffset? LastErrorAt { get; init; }
        public DateTimeOffset? NextAttemptAt { get; init; }

        /// <summary>Null when none of the project's last 10,000 deliveries was one of this connection.</summary>
        public DateTimeOffset? LastDeliveredAt { get; init; }

        public DateTimeOffset? LastWorkedAt { get; init; }

        /// <summary>Requests to the CRM account in the second and the minute before <c>rateMeasuredAt</c>, all connections to it together.</summary>
        public int? RequestsLastSecond { get; init; }

        /// <inheritdoc cref="RequestsLastSecond"/>
        public int? RequestsLastMinute { get; init; }

        /// <summary>Requests a second that the service allows itself for long.</summary>
        public double? RequestsPerSecondAllowed { get; init; }

        /// <summary>Requests that it allows itself at once.</summary>
        public double? BurstAllowed { get; init; }

        public DateTimeOffset? RateMeasuredAt { get; init; }
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
            case when k.state <> 'active' then k.state_by end as stopped_by, k.state_at as since, case when k.state = 'blocked' then k.probe_at end as probe_at,
            q.queue, q.pending, q.sending, q.in_doubt, extract(epoch from clock_timestamp() - q.oldest_due)::float8 as oldest_due_seconds, g.dead,
            coalesce(case when a.breaker_open then a.last_error end, q.last_error, g.last_error) as last_error,
            case when a.breaker_open and a.last_error is not null then a.last_error_at else (
                select max(t.ended_at) from delivery_attempts t
                where t.project_id = k.project_id and t.delivery_id = case when q.last_error is not null then q.failed else g.failed end and t.error is not null) end as last_error_at,
            q.next_attempt_at, a.last_worked_at, a.rate_last_second as requests_last_second, a.rate_last_minute as requests_last_minute,
            a.rate_per_second as requests_per_second_allowed, a.rate_burst as burst_allowed, a.rate_at as rate_measured_at,
            (select max(r.delivered_at) from (
                select d.connection_id, d.delivered_at from deliveries d where d.project_id = k.project_id order by d.id desc limit 10000) r
                where r.connection_id = k.id) as last_delivered_at
        from connections k
            left join crm_accounts a on a.account_key = k.account_key
            cross join lateral (
                select count(*) as queue, count(*) filter (where d.state = 'pending') as pending, count(*) filter (where d.state = 'sending') as sending,
                    count(*) filter (where d.state = 'in_doubt') as in_doubt,
                    (array_agg(d.id order by d.next_attempt_at desc nulls last) filter (where d.last_error is not null))[1] as failed,
                    min(d.next_attempt_at) filter (where d.state in ('pending', 'in_doubt') and d.next_attempt_at <= clock_timestamp()) as oldest_due,
                    min(d.next_attempt_at) filter (where d.state in ('pending', 'in_doubt')) as next_attempt_at,
                    (array_agg(d.last_error order by d.next_attempt_at desc nulls last) filter (where d.last_error is not null))[1] as last_error
                from deliveries d where d.project_id = k.project_id and d.connection_id = k.id and d.state in ('pending', 'sending', 'in_doubt')) q
            cross join lateral (
                select count(*) as dead, (array_agg(d.id order by d.id desc) filter (where d.last_error is not null))[1] as failed,
                    (array_agg(d.last_error order by d.id desc) filter (where d.last_error is not null))[1] as last_error
                from deliveries d where d.project_id = k.project_id and d.connection_id = k.id and d.state = 'dead') g
        where k.project_id = @ProjectId and k.id = @Id
        """;
}
