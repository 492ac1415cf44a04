using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Shows campaigns whose spend of the same days stands in two accounts: a cabinet that is asked and its file, an agency and its client. Both count until somebody takes one away.</summary>
internal sealed class ListSpendDoubles : IEndpoint
{
    private const int Most = 500;

    /// <param name="From">From this day on; 30 days back when absent.</param>
    /// <param name="To">Up to this day; today when absent.</param>
    internal sealed record Query(DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.To).Must((q, to) => to is null || q.From is null || to >= q.From).WithMessage("Not before `from`.");
    }

    /// <param name="Items">The dearest first; at most 500.</param>
    /// <param name="Money">Of all of them, what counts twice: the lesser of the two amounts.</param>
    /// <param name="Currency">ISO 4217, of all money.</param>
    internal sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<Double> Items, decimal Money, string Currency);

    /// <param name="Key">Of the campaign: <c>id:…</c> or <c>name:…</c>.</param>
    /// <param name="FirstDay">The first day that stands in both.</param>
    /// <param name="Days">How many do.</param>
    /// <param name="Accounts">The two, with what each tells of these days.</param>
    /// <param name="Money">What counts twice; null: no rate is known.</param>
    internal sealed record Double(string Key, string? CampaignId, string? Campaign, DateOnly FirstDay, DateOnly LastDay, int Days, IReadOnlyList<Side> Accounts, decimal? Money);

    /// <param name="Kind">Of the account: <c>file</c>, <c>yandex_direct</c> or <c>vk_ads</c>; <c>manual</c>: an amount by hand, whose id and name these are.</param>
    /// <param name="Money">In the project's currency; null: no rate is known.</param>
    internal sealed record Side(Guid Id, string Name, string Kind, decimal? Money, long Clicks);

    private sealed record Row
    {
        public string Key { get; init; } = "";
        public string? CampaignId { get; init; }
        public string? Campaign { get; init; }
        public DateOnly FirstDay { get; init; }
        public DateOnly LastDay { get; init; }
        public int Days { get; init; }
        public Guid OneId { get; init; }
        public string OneName { get; init; } = "";
        public string OneKind { get; init; } = "";
        public decimal? OneMoney { get; init; }
        public long OneClicks { get; init; }
        public Guid OtherId { get; init; }
        public string OtherName { get; init; } = "";
        public string OtherKind { get; init; } = "";
        public decimal? OtherMoney { get; init; }
        public long OtherClicks { get; init; }
        public decimal? Money { get; init; }
        public decimal Total { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/doubles", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var (today, currency) = await connection.QuerySingleAsync<(DateOnly, string)>(new CommandDefinition(
            "select (@Now at time zone time_zone)::date, currency::text from projects where project_id = @ProjectId", new { scope.ProjectId, Now = clock.GetUtcNow() }, cancellationToken: ct));
        var to = query.To ?? today;
        var from = query.From ?? to.AddDays(-30);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(All, new { scope.ProjectId, From = from, To = to, Most }, cancellationToken: ct))).AsList();
        return TypedResults.Ok(new Response(from, to, [.. rows.Select(r => new Double(r.Key, r.CampaignId, r.Campaign, r.FirstDay, r.LastDay, r.Days,
            [new(r.OneId, r.OneName, r.OneKind, r.OneMoney, r.OneClicks), new(r.OtherId, r.OtherName, r.OtherKind, r.OtherMoney, r.OtherClicks)], r.Money))],
            rows.Count == 0 ? 0 : rows[0].Total, currency));
    }

    // A file may know a campaign by its name alone: the name leads to the id that another account has told.
    private const string All = """
        with told as (
            select coalesce(case when s.campaign_key like 'name:%' then
                    (select n.campaign_key from spend_names n where n.project_id = s.project_id and n.kind = 'name' and n.value = substr(s.campaign_key, 6)) end, s.campaign_key) as key,
                s.day, coalesce(s.account_id, s.manual_id) as side, s.campaign_id, s.campaign_name, s.money, s.clicks
            from spend_money s where s.project_id = @ProjectId and s.day between @From and @To and s.campaign_key is not null and s.amount <> 0),
        days as (select key, day, side, max(campaign_id) as campaign_id, max(campaign_name) as campaign_name, sum(money) as money, sum(clicks) as clicks from told group by key, day, side),
        sides as (
            select id, name, kind from spend_accounts where project_id = @ProjectId
            union all select id, name, 'manual' from spend_manual where project_id = @ProjectId),
        doubles as (
            select a.key, coalesce(max(a.campaign_id), max(b.campaign_id)) as campaign_id, coalesce(max(a.campaign_name), max(b.campaign_name)) as campaign, min(a.day) as first_day, max(a.day) as last_day,
                count(*)::int as days, a.side as one_id, round(sum(a.money), 2) as one_money, sum(a.clicks)::bigint as one_clicks, b.side as other_id, round(sum(b.money), 2) as other_money,
                sum(b.clicks)::bigint as other_clicks, round(sum(case when a.money is not null and b.money is not null then least(a.money, b.money) end), 2) as money
            from days a join days b on b.key = a.key and b.day = a.day and b.side > a.side group by a.key, a.side, b.side)
        select d.*, one.name as one_name, one.kind as one_kind, other.name as other_name, other.kind as other_kind, coalesce(sum(d.money) over (), 0) as total
        from doubles d join sides one on one.id = d.one_id join sides other on other.id = d.other_id
        order by d.money desc nulls last, d.key limit @Most
        """;
}
