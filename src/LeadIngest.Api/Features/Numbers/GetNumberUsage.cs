using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Says how far the pool sufficed: visits that asked and got a number, the most held at once, calls that came late, by hour or by day.</summary>
internal sealed class GetNumberUsage : IEndpoint
{
    private const int MostHours = 31 * 24;
    private const int MostDays = 400;

    /// <param name="SiteId">One site; absent: all of the project's, their peaks added up.</param>
    /// <param name="From">From this moment on; 14 days before <paramref name="To"/> when absent.</param>
    /// <param name="To">Up to this moment; now when absent.</param>
    /// <param name="By"><c>hour</c> (31 days at most) or <c>day</c> of the project's time zone (400 days at most); <c>day</c> when absent.</param>
    internal sealed record Query(Guid? SiteId, DateTimeOffset? From, DateTimeOffset? To, string? By);

    /// <param name="PoolNumbers">Active dynamic numbers now.</param>
    /// <param name="NumbersNeeded">What the peak of this time asks for: peak + √peak; a pool is sized by its peak, not by its mean.</param>
    /// <param name="Total">All of the time together.</param>
    /// <param name="Items">Hours or days in which something happened, the oldest first.</param>
    internal sealed record Response(DateTimeOffset From, DateTimeOffset To, string By, string TimeZone, int PoolNumbers, int NumbersNeeded, Figures Total, IReadOnlyList<Period> Items);

    /// <param name="At">Beginning of the hour or day.</param>
    internal sealed record Period(DateTimeOffset At, Figures Figures);

    /// <param name="Asked">Visits that asked for a number, once for each region.</param>
    /// <param name="Given">Those that got one.</param>
    /// <param name="Exhausted">Those that found the pool empty.</param>
    /// <param name="Overflowed">Of these, those that were shown the overflow number.</param>
    /// <param name="Coverage">given / asked; null when nobody asked.</param>
    /// <param name="ExhaustedShare">exhausted / asked; null when nobody asked.</param>
    /// <param name="PeakHeld">Most numbers held at one time; those that rest after a call are not among them.</param>
    /// <param name="Calls">Calls to dynamic and overflow numbers.</param>
    /// <param name="LateCalls">Those that came after the hold had ended and were matched with the last holder.</param>
    /// <param name="UnmatchedCalls">Those without a visit.</param>
    /// <param name="LateCallShare">lateCalls / calls; null without calls.</param>
    internal sealed record Figures(int Asked, int Given, int Exhausted, int Overflowed, double? Coverage, double? ExhaustedShare, int PeakHeld, int Calls, int LateCalls, int UnmatchedCalls,
        double? LateCallShare);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.By).OneOf("hour", "day");
            RuleFor(q => q.From).Must(f => f is null or { Year: >= 2000 and <= 2200 }).WithMessage("From 2000 to 2200.");
            RuleFor(q => q.To).Must(t => t is null or { Year: >= 2000 and <= 2200 }).WithMessage("From 2000 to 2200.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/usage", HandleAsync).Validate(new Validator());

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        var to = query.To ?? (query.From is { } start && start > clock.GetUtcNow() ? start.AddDays(1) : clock.GetUtcNow());
        var from = query.From ?? to.AddDays(-14);
        var by = query.By ?? "day";
        if (from >= to) return Problems.Invalid("from", "Must lie before to.");
        if (by == "hour" && (to - from).TotalHours > MostHours) return Problems.Invalid("from", "31 days by the hour at most; ask by the day.");
        if ((to - from).TotalDays > MostDays) return Problems.Invalid("from", $"{MostDays} days at most.");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, query.SiteId, From = from, To = to, By = by };
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Select, args, cancellationToken: ct))).ToList();
        var (zone, pool) = await connection.QuerySingleAsync<(string, int)>(new CommandDefinition(Pool, args, cancellationToken: ct));
        var total = new Row
        {
            Asked = rows.Sum(r => r.Asked),
            Given = rows.Sum(r => r.Given),
            Exhausted = rows.Sum(r => r.Exhausted),
            Overflowed = rows.Sum(r => r.Overflowed),
            PeakHeld = rows.Count == 0 ? 0 : rows.Max(r => r.PeakHeld),
            Calls = rows.Sum(r => r.Calls),
            LateCalls = rows.Sum(r => r.LateCalls),
            UnmatchedCalls = rows.Sum(r => r.UnmatchedCalls),
        };
        return TypedResults.Ok(new Response(from, to, by, zone, pool, (int)Math.Ceiling(total.PeakHeld + Math.Sqrt(total.PeakHeld)), total.Figures(),
            [.. rows.Select(r => new Period(r.At, r.Figures()))]));
    }

    private sealed class Row
    {
        public DateTimeOffset At { get; init; }
        public int Asked { get; init; }
        public int Given { get; init; }
        public int Exhausted { get; init; }
        public int Overflowed { get; init; }
        public int PeakHeld { get; init; }
        public int Calls { get; init; }
        public int LateCalls { get; init; }
        public int UnmatchedCalls { get; init; }

        public Figures Figures() => new(Asked, Given, Exhausted, Overflowed, Share(Given, Asked), Share(Exhausted, Asked), PeakHeld, Calls, LateCalls, UnmatchedCalls, Share(LateCalls, Calls));

        private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);
    }

    // Peaks of several sites of one hour are added up, those of one site's hours compared.
    private const string Select = """
        with hours as (
            select hour, sum(asked) as asked, sum(given) as given, sum(exhausted) as exhausted, sum(overflowed) as overflowed, sum(peak_held) as peak_held,
                sum(calls) as calls, sum(late_calls) as late_calls, sum(unmatched_calls) as unmatched_calls
            from number_usage
            where project_id = @ProjectId and (@SiteId::uuid is null or site_id = @SiteId) and hour >= date_trunc('hour', @From, 'UTC') and hour < @To
            group by hour)
        select case when @By = 'hour' then h.hour else date_trunc('day', h.hour, p.time_zone) end as at, sum(h.asked)::int as asked, sum(h.given)::int as given,
            sum(h.exhausted)::int as exhausted, sum(h.overflowed)::int as overflowed, max(h.peak_held)::int as peak_held, sum(h.calls)::int as calls,
            sum(h.late_calls)::int as late_calls, sum(h.unmatched_calls)::int as unmatched_calls
        from hours h join projects p on p.project_id = @ProjectId group by 1 order by 1
        """;

    private const string Pool = """
        select p.time_zone, (select count(*)::int from tracking_numbers t
            where t.project_id = p.project_id and t.kind = 'dynamic' and t.is_active and (@SiteId::uuid is null or t.site_id = @SiteId))
        from projects p where p.project_id = @ProjectId
        """;
}
