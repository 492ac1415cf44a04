using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Promotions: what was planned and what came of it; leads, clients, deals, spend, revenue, payback, both meanings of ROMI, and the share of the plan.</summary>
/// <remarks>
/// Of the promotions that touch the days, each over its own days: 12 months back when none are given, at most 500, the latest first. Leads that bear the tag; the deals made on these days
/// that came of them or whose own source bears it, whenever they were won; spend of the tag unless the promotion has its own. What two promotions share counts in each of them, once in the
/// total. `siteId` and `connectionId` narrow leads and deals and leave spend unknown; the other filters are refused.
/// </remarks>
internal sealed class GetPromotionReport : IEndpoint
{
    internal sealed record Query : ReportQuery;

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator() => PromotionFacts.Rules(this);
    }

    /// <param name="Romi">Which of the two the project shows: <c>payback</c> or <c>net</c>.</param>
    /// <param name="Total">Of all promotions, what several share counted once. Plans are added up.</param>
    internal sealed record Response(DateOnly From, DateOnly To, string Currency, string Romi, IReadOnlyList<Row> Rows, Actual Total);

    /// <param name="SpendIsOwn">The spend is the promotion's own, not that of the tag.</param>
    internal sealed record Row(Guid PromotionId, string Name, string TagKind, string Tag, string Goal, string? Responsible, DateOnly From, DateOnly To, Plan Plan, Actual Actual, bool SpendIsOwn, PlanShares Done);

    internal sealed record Plan(int? Leads, int? Clients, decimal? Revenue, decimal? Budget, decimal? GoalTarget);

    /// <param name="Visits">That bear the tag: the reach.</param>
    /// <param name="Clients">New ones: who first enquired in the promotion.</param>
    /// <param name="Deals">Made.</param>
    /// <param name="Sales">Of them, paid for.</param>
    /// <param name="Spend">Null: nobody told.</param>
    /// <param name="SpendIsPartial">A part of it is in a currency without a rate.</param>
    /// <param name="RomiPayback">Revenue / spend; 1 is break-even.</param>
    /// <param name="RomiNet">(Revenue − spend) / spend; 0 is break-even.</param>
    /// <param name="IsPaidBack">Null: spend is unknown.</param>
    internal sealed record Actual(long Visits, long Leads, long Clients, long Deals, long Sales, decimal Revenue, decimal? Spend, bool SpendIsPartial, decimal? Cpl, decimal? AverageCheck, decimal? PurchasesPerClient,
        decimal? RomiPayback, decimal? RomiNet, bool? IsPaidBack);

    /// <summary>Actual / plan, 1 is all of it; null where nothing was planned.</summary>
    /// <param name="Goal">Of the goal's own figure, by the plan for it or by its target.</param>
    internal sealed record PlanShares(decimal? Leads, decimal? Clients, decimal? Revenue, decimal? Budget, decimal? Goal);

    private sealed record Counted
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string TagKind { get; init; } = "";
        public string Tag { get; init; } = "";
        public string Goal { get; init; } = "";
        public decimal? GoalTarget { get; init; }
        public string? Responsible { get; init; }
        public DateOnly FirstDay { get; init; }
        public DateOnly LastDay { get; init; }
        public int? PlanLeads { get; init; }
        public int? PlanClients { get; init; }
        public decimal? PlanRevenue { get; init; }
        public decimal? PlanBudget { get; init; }
        public decimal? ActualSpend { get; init; }
        public long Visits { get; init; }
        public long Leads { get; init; }
        public long Clients { get; init; }
        public long Deals { get; init; }
        public long Sales { get; init; }
        public long Buyers { get; init; }
        public decimal Revenue { get; init; }
        public decimal? Spend { get; init; }
        public bool Partial { get; init; }

        public Actual Show()
        {
            var totals = new Totals { Spend = Spend, SpendIsPartial = Partial, Leads = Leads, Deals = Sales, Revenue = Revenue / 100m };
            return new(Visits, Leads, Clients, Deals, Sales, Revenue.Money(), Spend, Partial, Two(totals.Cpl), Two(totals.AverageCheck), new Ratio(Sales, Buyers).Number(),
                totals.Romi(RomiKind.Payback).Number(), totals.Romi(RomiKind.Net).Number(), Spend is { } spend ? totals.Revenue >= spend : null);
        }

        private static decimal? Two(Ratio ratio) => ratio.Value is { } value ? decimal.Round(value, 2, MidpointRounding.AwayFromZero) : null;

        public PlanShares Done() => new(new Ratio(Leads, PlanLeads).Number(), new Ratio(Clients, PlanClients).Number(), new Ratio(Revenue / 100m, PlanRevenue).Number(), new Ratio(Spend, PlanBudget).Number(),
            Goal switch
            {
                "leads" => new Ratio(Leads, PlanLeads ?? GoalTarget),
                "clients" => new Ratio(Clients, PlanClients ?? GoalTarget),
                "revenue" => new Ratio(Revenue / 100m, PlanRevenue ?? GoalTarget),
                "deals" => new Ratio(Sales, GoalTarget),
                "checks" => new Ratio(new Ratio(Revenue / 100m, Sales).Value, GoalTarget),
                "frequency" => new Ratio(new Ratio(Sales, Buyers).Value, GoalTarget),
                _ => new Ratio(Visits, GoalTarget),
            } is var goal ? goal.Number() : null);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/promotions", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = LtvCohorts.Range(project, query.From, query.To, clock);
        var filters = new ReportFilters(scope.ProjectId, query);
        var args = PromotionFacts.Args(filters, project, range.From, range.To, null);
        var narrowed = query.SiteId is not null || query.ConnectionId is not null;
        var rows = (await connection.QueryAsync<Counted>(new CommandDefinition(PromotionFacts.With(filters, one: false) + Sql(narrowed, query.SiteId is not null, total: false), args, cancellationToken: ct))).AsList();
        var all = await connection.QuerySingleAsync<Counted>(new CommandDefinition(PromotionFacts.With(filters, one: false) + Sql(narrowed, query.SiteId is not null, total: true), args, cancellationToken: ct));
        // Own spend stands in the place of the tag's; a total has both kinds.
        var spend = rows.Aggregate(new Totals(), (sum, r) => sum + new Totals { Spend = r.ActualSpend, SpendIsPartial = false }).Spend;
        var total = all with { Spend = spend is null ? all.Spend : spend + (all.Spend ?? 0), Partial = all.Partial || rows.Any(r => r.ActualSpend is null && r.Spend is null) && (spend ?? all.Spend) is not null };
        var response = new Response(range.From, range.To, project.Currency, project.Romi == RomiKind.Net ? "net" : "payback",
            [.. rows.Select(r =>
            {
                var own = r with { Spend = r.ActualSpend ?? r.Spend, Partial = r.ActualSpend is null && r.Partial };
                return new Row(r.Id, r.Name, r.TagKind, r.Tag, r.Goal, r.Responsible, r.FirstDay, r.LastDay, new(r.PlanLeads, r.PlanClients, r.PlanRevenue, r.PlanBudget, r.GoalTarget), own.Show(),
                    r.ActualSpend is not null, own.Done());
            })], total.Show());
        return ReportAnswer.Of(query, response, () => Table(response, query, project));
    }

    private static string Sql(bool narrowed, bool site, bool total)
    {
        // The total counts once what several promotions share; spend of those that have their own is not looked for.
        var spend = narrowed ? "select null::numeric as money, false as partial where false" : $"""
            select {(total ? "" : "x.id as promotion_id,")} round(sum(s.money), 2) as money, bool_or(s.money is null) as partial
            from {(total ? $"spend_money s where s.project_id = @ProjectId and exists (select 1 from chosen x where s.day between x.first_day and x.last_day and x.actual_spend is null and {PromotionFacts.Spends})"
                : $"chosen x join spend_money s on s.project_id = @ProjectId and s.day between x.first_day and x.last_day and ({PromotionFacts.Spends}) where x.actual_spend is null group by x.id")}
            """;
        string By(string what) => total ? "true" : $"{what}.promotion_id = x.id";
        return $"""
            , spends as materialized ({spend}),
            visited as materialized (
                select {(total ? "count(distinct v.id) as n" : "x.id as promotion_id, count(*) as n")}
                from chosen x join visits v on v.project_id = @ProjectId and v.started_at >= x.begins and v.started_at < x.ends
                where not v.is_bot {(site ? "and v.site_id = @SiteId" : "")} and case x.tag_kind
                    when 'source' then campaign_name_key(v.source) = x.tag_key or campaign_name_key(v.passport -> 'utm' ->> 'utm_source') = x.tag_key
                    when 'medium' then campaign_name_key(v.medium) = x.tag_key or campaign_name_key(v.passport -> 'utm' ->> 'utm_medium') = x.tag_key
                    when 'content' then campaign_name_key(v.content) = x.tag_key or campaign_name_key(v.passport -> 'utm' ->> 'utm_content') = x.tag_key
                    when 'keyword' then campaign_name_key(v.keyword) = x.tag_key or campaign_name_key(v.passport -> 'utm' ->> 'utm_term') = x.tag_key
                    else campaign_name_key(v.campaign) = x.tag_key or campaign_name_key(v.passport -> 'utm' ->> 'utm_campaign') = x.tag_key end
                {(total ? "" : "group by x.id")})
            select {(total ? "" : "x.id, x.name, x.tag_kind, x.tag, x.goal, x.goal_target, x.responsible, x.first_day, x.last_day, x.plan_leads, x.plan_clients, x.plan_revenue, x.plan_budget, x.actual_spend,")}
                coalesce((select v.n from visited v where {By("v")}), 0) as visits, l.leads, l.clients, d.deals, d.sales, d.buyers, d.revenue, s.money as spend, coalesce(s.partial, false) as partial
            from {(total ? "(select 1) x" : "chosen x")}
                cross join lateral (
                    select count(distinct l.lead_id) as leads, count(distinct l.client_id) filter (where c.client_id is not null) as clients
                    from promotion_leads l join chosen y on y.id = l.promotion_id
                        left join client_facts c on c.project_id = @ProjectId and c.client_id = l.client_id and c.came_day between y.first_day and y.last_day
                    where {By("l")}) l
                cross join lateral (
                    select count(*) as deals, count(*) filter (where d.won_day is not null and d.amount is distinct from 0 and {ReportFilters.Paid}) as sales,
                        count(distinct coalesce(d.client_id, d.deal_id)) filter (where d.won_day is not null and d.amount is distinct from 0 and {ReportFilters.Paid}) as buyers,
                        coalesce(sum(d.amount) filter (where d.won_day is not null), 0) as revenue
                    from (select distinct d.deal_id, d.client_id, d.won_day, d.amount from promotion_deals d where {By("d")}) d) d
                left join spends s on {By("s").Replace("s.promotion_id", narrowed ? "null::uuid" : "s.promotion_id", StringComparison.Ordinal)}
            {(total ? "" : "order by x.first_day desc, x.id desc")}
            """;
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] columns =
        [
            new("Акция", "Promotion"), new("Метка", "Tag"), new("Цель", "Goal"), new("Ответственный", "Responsible"), new("Начало", "From", ColumnKind.Day), new("Конец", "To", ColumnKind.Day),
            new("План: заявки", "Planned leads", ColumnKind.Count), new("План: клиенты", "Planned clients", ColumnKind.Count), new("План: выручка", "Planned revenue", ColumnKind.Money),
            new("План: бюджет", "Planned budget", ColumnKind.Money), new("Визиты", "Visits", ColumnKind.Count), new("Заявки", "Leads", ColumnKind.Count), new("Новые клиенты", "New clients", ColumnKind.Count),
            new("Сделки", "Deals", ColumnKind.Count), new("Продажи", "Sales", ColumnKind.Count), new("Выручка", "Revenue", ColumnKind.Money), new("Расход", "Spend", ColumnKind.Money),
            new("Цена заявки", "CPL", ColumnKind.Money), new("Средний чек", "Average check", ColumnKind.Money), new("ROMI (выручка / расход)", "ROMI, payback", ColumnKind.Share),
            new("ROMI ((выручка − расход) / расход)", "ROMI, net", ColumnKind.Share), new("Цель выполнена на", "Goal done", ColumnKind.Share),
        ];
        static object?[] Cells(Actual a) => [a.Visits, a.Leads, a.Clients, a.Deals, a.Sales, a.Revenue, a.Spend, a.Cpl, a.AverageCheck, a.RomiPayback, a.RomiNet];
        return new("promotions", columns, response.Rows.Select(r => (IReadOnlyList<object?>)
            [r.Name, r.Tag, r.Goal, r.Responsible, r.From, r.To, (long?)r.Plan.Leads, (long?)r.Plan.Clients, r.Plan.Revenue, r.Plan.Budget, .. Cells(r.Actual), r.Done.Goal])
            .Append([query.Lang == "en" ? "Total" : "Итого", null, null, null, null, null, response.Rows.Sum(r => (long?)r.Plan.Leads), response.Rows.Sum(r => (long?)r.Plan.Clients), response.Rows.Sum(r => r.Plan.Revenue),
                response.Rows.Sum(r => r.Plan.Budget), .. Cells(response.Total), null]), project.Zone)
        { About = ReportAbout.Of(response.From, response.To, project) };
    }
}
