using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Shows what does not meet: campaigns that cost and brought no lead, and advertised leads whose campaign has no spend.</summary>
internal sealed class ListUnmatchedSpend : IEndpoint
{
    private const int Most = 500;

    /// <param name="From">From this day on; 30 days back when absent.</param>
    /// <param name="To">Up to this day; today when absent.</param>
    internal sealed record Query(DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.To).Must((q, to) => to is null || q.From is null || to >= q.From).WithMessage("Not before `from`.");
    }

    /// <param name="SpendWithoutLeads">The dearest first; at most 500.</param>
    /// <param name="LeadsWithoutSpend">Most leads first; at most 500.</param>
    internal sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<SpendPart> SpendWithoutLeads, IReadOnlyList<LeadPart> LeadsWithoutSpend);

    /// <param name="Key">Null: spend that names no campaign and belongs to its source as a whole.</param>
    /// <param name="Money">In the project's currency; null: no rate is known.</param>
    internal sealed record SpendPart(string? Key, string? CampaignId, string? Campaign, string? Source, decimal? Money, long Clicks);

    /// <param name="Campaign">As the leads' tags name it.</param>
    internal sealed record LeadPart(string? Campaign, string? Source, long Leads);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/unmatched", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var today = await connection.QuerySingleAsync<DateOnly>(new CommandDefinition("select (@Now at time zone time_zone)::date from projects where project_id = @ProjectId",
            new { scope.ProjectId, Now = clock.GetUtcNow() }, cancellationToken: ct));
        var to = query.To ?? today;
        var from = query.From ?? to.AddDays(-30);
        var args = new { scope.ProjectId, From = from, To = to, Most };
        var spend = await connection.QueryAsync<SpendPart>(new CommandDefinition(Leads + Spend, args, cancellationToken: ct));
        var leads = await connection.QueryAsync<LeadPart>(new CommandDefinition(Leads + Lonely, args, cancellationToken: ct));
        return TypedResults.Ok(new Response(from, to, spend.AsList(), leads.AsList()));
    }

    private const string Leads = """
        with advertised as (
            select lead_campaign_key(l.project_id, l.campaign, l.passport) as key, l.campaign, l.source, l.channel
            from leads l join projects p on p.project_id = l.project_id
            where l.project_id = @ProjectId and l.status in ('new', 'repeat')
                and l.received_at >= (@From::date::timestamp at time zone p.time_zone) and l.received_at < ((@To::date + 1)::timestamp at time zone p.time_zone)),
        cost as (select * from spend_money where project_id = @ProjectId and day between @From and @To)

        """;

    private const string Spend = """
        select campaign_key as key, max(campaign_id) as campaign_id, (array_agg(campaign_name order by day desc) filter (where campaign_name is not null))[1] as campaign, max(source) as source,
            round(sum(money), 2) as money, sum(clicks)::bigint as clicks
        from cost c where not exists (select 1 from advertised a where a.key = c.campaign_key)
        group by campaign_key, case when campaign_key is null then source end order by money desc nulls first limit @Most
        """;

    private const string Lonely = """
        select a.campaign, a.source, count(*) as leads from advertised a
        where a.channel in ('paid_search', 'paid_social', 'display') and not exists (select 1 from cost c where c.campaign_key = a.key)
        group by a.campaign, a.source order by leads desc limit @Most
        """;
}
