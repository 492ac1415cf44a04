using System.Globalization;
using System.Text;
using Dapper;
using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>
/// Writes the report's question. Five kinds of figures are counted apart, each from the coarsest sums of days that know what is asked for, and put together by the values they are grouped by.
/// Everything that comes from outside is a parameter.
/// </summary>
internal sealed class SourcesSql
{
    private readonly ReportQuery _query;
    private readonly List<(Dimension Dimension, string? Value)> _filters;
    private readonly int _place;
    private readonly bool _isCash;

    public DynamicParameters Parameters { get; } = new();

    /// <param name="groups">What rows stand for; empty: one row of everything.</param>
    /// <param name="above">What is asked for lies under these.</param>
    /// <param name="place">Of the model, from 1.</param>
    public SourcesSql(Guid projectId, SourcesQuery query, IReadOnlyList<Dimension> groups, IReadOnlyList<(Dimension, string?)> above, int place)
    {
        (_query, _place, _isCash) = (query, place, query.Refunds == "cash");
        Groups = groups;
        var filters = new List<(Dimension Dimension, string? Value)>(above);
        foreach (var (name, value) in new[]
            {
                ("channel", query.Channel), ("source", query.Source), ("medium", query.Medium), ("campaign", query.Campaign), ("content", query.Content), ("keyword", query.Keyword),
                ("site", query.SiteId?.ToString()), ("manager", query.Manager), ("pipeline", query.Pipeline),
            })
            if (value is not null) filters.Add((Dimension.All[name], value == ReportQuery.None ? null : value));
        _filters = filters;
        Parameters.Add("ProjectId", projectId);
        Parameters.Add("ConnectionId", query.ConnectionId);
        for (var i = 0; i < filters.Count; i++)
            if (filters[i].Value is { } value) Parameters.Add("F" + i.ToString(CultureInfo.InvariantCulture), value);
    }

    public IReadOnlyList<Dimension> Groups { get; }

    private IEnumerable<Dimension> Used => Groups.Concat(_filters.Select(f => f.Dimension));

    private int Level => Used.Max(d => (int?)d.Level) ?? 0;

    private bool UsesPlace => Used.Any(d => d.Name is "region" or "landingPage" or "device");

    /// <summary>Only deals have these: under such a filter nothing else is counted.</summary>
    private bool IsOfDeals => _query.ConnectionId is not null || _filters.Any(f => f.Dimension.Origin is null && f.Value is not null);

    /// <summary>Sums by group, for <c>@From</c> to <c>@To</c>: first the groups as <c>g0</c>, <c>g1</c>, …, then the members of <see cref="SourceSums"/>.</summary>
    public string Sums()
    {
        var names = string.Join("", Groups.Select((_, i) => $"g{i}, "));
        var parts = new List<string> { Deals() };
        if (!IsOfDeals)
        {
            parts.Add(Visits());
            parts.Add(Leads());
            parts.Add(Clients());
            if (Used.All(d => d.Spend is not null || !_filters.Any(f => f.Dimension == d && f.Value is not null))) parts.Add(Spend());
        }
        return $"""
            select {names}sum(spend)::bigint as spend, coalesce(sum(unconverted), 0)::bigint as unconverted, sum(visits)::bigint as visits, sum(leads)::bigint as leads, sum(paid)::bigint as leads_paid,
                sum(spam)::bigint as spam, sum(clients)::bigint as clients, sum(clients_paid)::bigint as clients_paid, sum(clients_revenue)::bigint as clients_revenue,
                sum(made)::bigint as made, sum(won)::bigint as won, sum(revenue)::bigint as revenue, sum(first_won)::bigint as first_won, sum(first_revenue)::bigint as first_revenue,
                sum(calls)::bigint as calls, sum(answered)::bigint as answered
            from ({string.Join("\nunion all\n", parts)}) parts
            {(Groups.Count == 0 ? "" : $"group by {string.Join(", ", Groups.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture)))}")}
            """;
    }

    private static readonly string[] Columns =
        ["spend", "unconverted", "visits", "leads", "paid", "spam", "clients", "clients_paid", "clients_revenue", "made", "won", "revenue", "first_won", "first_revenue", "calls", "answered"];

    private static string Values(params (int At, string Sum)[] sums)
    {
        var all = Columns.Select(c => c == "spend" ? "null::bigint" : "0::bigint").ToArray();
        foreach (var (at, sum) in sums) all[at] = sum;
        return string.Join(", ", all.Zip(Columns, (value, name) => $"{value} as {name}"));
    }

    private string Visits() => $"""
        select {GroupsOf(d => d.Origin)}{Values((2, "sum(r.visits)"))}
        from visit_days r {Origins("r.origin_id")} {Places("r.place_id")}
        where r.project_id = @ProjectId and r.level = {Level} and r.day between @From and @To{(Level == 2 ? Only() : "")}{Where(d => d.Origin)}{GroupBy}
        """;

    private string Leads() => $"""
        select {GroupsOf(d => d.Origin)}{Values((3, "sum(r.leads)"), (4, "sum(r.paid)"), (5, "sum(r.spam)"), (14, "sum(r.calls)"), (15, "sum(r.answered)"))}
        from lead_days r {Origins("r.origin_id")} {Places("r.place_id")}
        where r.project_id = @ProjectId and r.level = {Level} and r.day between @From and @To{(Level == 2 ? Only() : "")}{Where(d => d.Origin)}{GroupBy}
        """;

    private string Clients() => Level < 2
        ? $"""
            select {GroupsOf(ClientOf)}{Values((6, "sum(r.clients)"), (7, "sum(r.paid)"), (8, "sum(r.revenue)"))}
            from client_days r {Origins("r.origin_id")}
            where r.project_id = @ProjectId and r.day between @From and @To{Where(ClientOf)}{GroupBy}
            """
        : $"""
            select {GroupsOf(ClientOf)}{Values((6, "count(*)"), (7, "count(*) filter (where r.won > 0)"), (8, "sum(r.revenue)"))}
            from (select c.*, c.came_day as day from client_facts c) r {Origins($"coalesce(r.origin_id, {Nobody})")}
            where r.project_id = @ProjectId and r.came_day between @From and @To{Where(ClientOf)}{GroupBy}
            """;

    private string Spend() => $"""
        select {GroupsOf(d => d.Spend)}{Values((0, "sum(r.money)"), (1, "sum(r.unconverted)"))}
        from (
            select campaign_key, source, medium{SpendKeys}, sum(money) as money, sum(unconverted) as unconverted from spend_days
            where project_id = @ProjectId and day between @From and @To group by campaign_key, source, medium{SpendKeys}) r
            join spend_nodes n on n.project_id = @ProjectId and n.campaign_key = r.campaign_key and n.source = r.source and n.medium = r.medium
            join origins o on o.project_id = @ProjectId and o.id = n.origin_id {(Used.Any(d => d.Name == "keyword") ? "cross join lateral (select r.keyword) s" : "")}
        where true{Where(d => d.Spend)}{GroupBy}
        """;

    // Added up before names are looked at: a year has a hundred thousand rows of a few hundred campaigns.
    private string SpendKeys => (Used.Any(d => d.Name == "keyword") ? ", keyword" : "") + (Used.Any(d => d.IsDay) ? ", day" : "");

    /// <summary>Of the finest sums and of deals one by one: only the origins that are asked for are read, by their index.</summary>
    private string Only()
    {
        if (!_filters.Exists(f => IsName(f.Dimension) && f.Value is not null)) return "";
        var names = Where(d => d.Origin, IsName);
        return $" and origin_id = any(array(select o.id from origins o where o.project_id = @ProjectId{names}))";

        static bool IsName(Dimension d) => d.Origin?.StartsWith("o.", StringComparison.Ordinal) == true;
    }

    private string Deals()
    {
        if (_query.ConnectionId is null && !Used.Any(d => d.NeedsFacts))
            return $"""
                select {GroupsOf(d => d.Deal)}{Values((9, "sum(r.made)"), (10, "sum(r.won)"), (11, "sum(r.revenue)"), (12, "sum(r.first_won)"), (13, "sum(r.first_revenue)"))}
                from deal_days r {Origins("r.origin_id")}
                where r.project_id = @ProjectId and r.model = {_place} and r.is_cash = {(_isCash ? "true" : "false")} and r.day between @From and @To{Where(d => d.Deal)}{GroupBy}
                """;
        return $"""
            select {GroupsOf(d => d.Deal)}{Values((9, "sum(r.made)"), (10, "sum(r.won)"), (11, "sum(r.revenue)"), (12, "sum(r.won) filter (where r.is_first)"), (13, "sum(r.revenue) filter (where r.is_first)"))}
            from ({DealEntries()}) r {DealJoins()}
            where true{Where(d => d.Deal)}{(_query.ConnectionId is null ? "" : " and f.connection_id = @ConnectionId")}{GroupBy}
            """;
    }

    /// <summary>What deals bring to days, touch by touch.</summary>
    private string DealEntries() => $"""
        select deal_id, n, made_day as day, origin_id, site_id, is_first, shares[{_place}] as made, 0 as won, 0::bigint as revenue from deal_credits
        where project_id = @ProjectId and made_day between @From and @To and shares[{_place}] <> 0{Only()}
        union all
        select deal_id, n, won_day, origin_id, site_id, is_first, 0, shares[{_place}], amounts[{_place}] from deal_credits
        where project_id = @ProjectId and won_day between @From and @To and (shares[{_place}] <> 0 or amounts[{_place}] <> 0){(_isCash ? " and not is_moved" : "")}{Only()}
        {(_isCash ? $"""
        union all
        select deal_id, n, day, origin_id, site_id, is_first, 0, shares[{_place}], amounts[{_place}] from deal_moves
        where project_id = @ProjectId and day between @From and @To and (shares[{_place}] <> 0 or amounts[{_place}] <> 0){Only()}
        """ : "")}
        """;

    private string DealJoins() => $"""
        {Origins("r.origin_id")} join deal_facts f on f.project_id = @ProjectId and f.deal_id = r.deal_id
        {(UsesPlace ? "left join lead_rows p on p.project_id = @ProjectId and p.id = f.lead_id" : "")}
        """;

    private const string Nobody = "origin_id('none', null, null, null, null, null, null)";

    // Clients have no place but their site.
    private static string? ClientOf(Dimension d) => d.Name switch
    {
        "site" => "nullif(r.site_id, '00000000-0000-0000-0000-000000000000')::text",
        "region" or "landingPage" or "device" => null,
        _ => d.Origin,
    };

    private static string Origins(string id) => $"join origins o on o.project_id = @ProjectId and o.id = {id}";

    private string Places(string id) => Level == 2 ? $"join places p on p.project_id = @ProjectId and p.id = {id}" : $"cross join lateral (select {id} as site_id) p";

    private string GroupsOf(Func<Dimension, string?> expression) => string.Join("", Groups.Select((d, i) => $"{expression(d) ?? "null::text"} as g{i}, "));

    private string GroupBy => Groups.Count == 0 ? "" : " group by " + string.Join(", ", Groups.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture)));

    private string Where(Func<Dimension, string?> expression, Func<Dimension, bool>? only = null)
    {
        var where = new StringBuilder();
        for (var i = 0; i < _filters.Count; i++)
        {
            var (dimension, value) = _filters[i];
            if (only?.Invoke(dimension) == false) continue;
            var own = expression(dimension);
            if (own is null) where.Append(value is null ? "" : " and false");
            else if (value is null) where.Append(CultureInfo.InvariantCulture, $" and {own} is null");
            // A campaign goes by its key, or by the name it has in leads.
            else if (dimension.Name == "campaign") where.Append(CultureInfo.InvariantCulture, $" and ({own} = @F{i} or o.campaign = @F{i})");
            else where.Append(CultureInfo.InvariantCulture, $" and {own} = @F{i}");
        }
        return where.ToString();
    }

    /// <summary>The rows behind a figure, the newest first: what the cell counts, one by one. <c>@Before</c> and <c>@Most</c> are the page.</summary>
    /// <param name="what"><c>visits</c>, <c>leads</c>, <c>calls</c>, <c>answeredCalls</c>, <c>clients</c>, <c>deals</c>, <c>won</c>, <c>revenue</c> or <c>spend</c>.</param>
    public string Behind(string what) => what switch
    {
        "visits" => $"""
            select r.id, r.day, r.at, 1000000::bigint as share, null::bigint as amount, o.channel, o.source, o.medium, o.campaign, null::uuid as client_id, null::text as name
            from ({OfDays("visit_rows")}) r {Origins("r.origin_id")} cross join lateral (select r.site_id, r.landing, r.region, r.device) p
            where r.id < @Before{Where(d => d.Origin)} order by r.id desc limit @Most
            """,
        "leads" or "calls" or "answeredCalls" => $"""
            select r.id, r.day, r.at, 1000000::bigint as share, null::bigint as amount, o.channel, o.source, o.medium, o.campaign, r.client_id, null::text as name
            from ({OfDays("lead_rows")}) r {Origins("r.origin_id")} cross join lateral (select r.site_id, r.landing, r.region, r.device) p
            where r.{(what == "answeredCalls" ? "answered" : what)} = 1 and r.id < @Before{Where(d => d.Origin)} order by r.id desc limit @Most
            """,
        "clients" => $"""
            select r.client_id as id, r.came_day as day, r.came_at as at, 1000000::bigint as share, r.revenue as amount, o.channel, o.source, o.medium, o.campaign, r.client_id, null::text as name
            from (select c.*, c.came_day as day from client_facts c where c.project_id = @ProjectId and c.came_day between @From and @To) r {Origins($"coalesce(r.origin_id, {Nobody})")}
            where r.client_id < @Before{Where(ClientOf)} order by r.client_id desc limit @Most
            """,
        "spend" => $"""
            select r.id, r.day, null::timestamptz as at, 1000000::bigint as share, r.kopecks as amount, o.channel, o.source, o.medium, o.campaign, null::uuid as client_id, r.campaign_name as name
            from (select m.*, round(m.money * 100)::bigint as kopecks from spend_money m where m.project_id = @ProjectId and m.day between @From and @To) r
                join spend_nodes n on n.project_id = @ProjectId and n.campaign_key = coalesce(r.campaign_key, '') and n.source = coalesce(r.source, '') and n.medium = coalesce(r.medium, '')
                join origins o on o.project_id = @ProjectId and o.id = n.origin_id cross join lateral (select r.keyword) s
            where (r.id, r.day) < (@Before, @BeforeDay){Where(d => d.Spend)} order by r.id desc, r.day desc limit @Most
            """,
        _ => $"""
            select r.deal_id as id, max(r.day) as day, max({(what == "deals" ? "f.made_at" : "coalesce(f.won_at, f.made_at)")}) as at, sum({(what == "deals" ? "r.made" : "r.won")})::bigint as share,
                {(what == "deals" ? "null::bigint" : "sum(r.revenue)::bigint")} as amount, null::text as channel, null::text as source, null::text as medium, null::text as campaign, max(f.client_id::text)::uuid as client_id,
                max(d.name) as name
            from ({DealEntries()}) r {DealJoins()} join deals d on d.project_id = @ProjectId and d.id = r.deal_id
            where r.deal_id < @Before{Where(d => d.Deal)}{(_query.ConnectionId is null ? "" : " and f.connection_id = @ConnectionId")}
                and {(what == "deals" ? "r.made <> 0" : "(r.won <> 0 or r.revenue <> 0)")}
            group by r.deal_id order by r.deal_id desc limit @Most
            """,
    };

    private static string OfDays(string view) => $"""
        select r.*, day_in(r.at, z.time_zone) as day, origin_id(r.channel, r.source, r.medium, r.campaign, r.content, r.keyword, r.tag_id) as origin_id
        from (select time_zone from projects where project_id = @ProjectId) z
            cross join lateral (
                select * from {view} v where v.project_id = @ProjectId and v.at >= @From::date::timestamp at time zone z.time_zone and v.at < (@To::date + 1)::timestamp at time zone z.time_zone offset 0) r
        """;
}
