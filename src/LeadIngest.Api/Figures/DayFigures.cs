using LeadIngest.Api.Ingest;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Figures;

/// <summary>Computes the sums of whole days: what was there is taken out, what the facts say is put in.</summary>
internal static class DayFigures
{
    private static readonly string[] Visits =
        ["delete from visit_days where project_id = $1 and day = any($2)", Fine("visit_rows", "visit_days", "visits", "count(*)", "1 as visits"), Coarse("visit_days", "visits", "sum(d.visits)")];

    private static readonly string[] Leads =
    [
        "delete from lead_days where project_id = $1 and day = any($2)", Fine("lead_rows", "lead_days", "leads, paid, spam, calls, answered", "sum(leads), sum(paid), sum(spam), sum(calls), sum(answered)", "r.leads, r.paid, r.spam, r.calls, r.answered"),
        Coarse("lead_days", "leads, paid, spam, calls, answered", "sum(d.leads), sum(d.paid), sum(d.spam), sum(d.calls), sum(d.answered)"),
    ];

    public static Task VisitsAsync(NpgsqlConnection connection, Guid project, IReadOnlyCollection<DateOnly> days, CancellationToken ct) => RunAsync(connection, project, days, ct, Visits);

    public static Task LeadsAsync(NpgsqlConnection connection, Guid project, IReadOnlyCollection<DateOnly> days, CancellationToken ct) => RunAsync(connection, project, days, ct, Leads);

    public static Task SpendAsync(NpgsqlConnection connection, Guid project, IReadOnlyCollection<DateOnly> days, CancellationToken ct) =>
        RunAsync(connection, project, days, ct, "delete from spend_days where project_id = $1 and day = any($2)", Spend);

    /// <summary>Of deals and of clients who came.</summary>
    public static Task DealsAsync(NpgsqlConnection connection, Guid project, IReadOnlyCollection<DateOnly> days, CancellationToken ct) =>
        RunAsync(connection, project, days, ct, "delete from deal_days where project_id = $1 and day = any($2)", Deals, "delete from client_days where project_id = $1 and day = any($2)", Clients);

    private static async Task RunAsync(NpgsqlConnection connection, Guid project, IReadOnlyCollection<DateOnly> days, CancellationToken ct, params string[] statements)
    {
        if (days.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in statements) batch.BatchCommands.Add(new(sql) { Parameters = { Columns.Of(project), Columns.Of<DateOnly>([.. days], NpgsqlDbType.Date) } });
        await batch.ExecuteNonQueryAsync(ct);
    }

    // Level 2, with the names and the places that it meets for the first time.
    private static string Fine(string view, string table, string columns, string sums, string counted) => $"""
        with rows as materialized (
            select d.day, origin_id(r.channel, r.source, r.medium, r.campaign, r.content, r.keyword, r.tag_id) as origin_id, place_id(r.site_id, r.landing, r.region, r.device) as place_id,
                r.channel, r.source, r.medium, r.campaign, r.content, r.keyword, r.tag_id, r.site_id, r.landing, r.region, r.device, {counted}
            from unnest($2) d (day) join projects p on p.project_id = $1
                cross join lateral (
                    -- Day by day by the index on time: the planner cannot know how few rows a day has, and would read the whole history.
                    select * from {view} v where v.project_id = $1 and v.at >= d.day::timestamp at time zone p.time_zone and v.at < (d.day + 1)::timestamp at time zone p.time_zone offset 0) r),
        names as materialized (select intern_origins($1, array_agg(distinct row(channel, source, medium, campaign, content, keyword, tag_id)::origin_names)) from rows having count(*) > 0),
        met as (insert into places (project_id, id, site_id, landing, region, device) select distinct on (place_id) $1, place_id, site_id, landing, region, device from rows order by place_id on conflict do nothing)
        insert into {table} (project_id, level, day, origin_id, place_id, {columns})
        select $1, 2, day, origin_id, place_id, {sums} from rows cross join (select count(*) from names) n group by day, origin_id, place_id
        """;

    // Levels 1 and 0 from level 2.
    private static string Coarse(string table, string columns, string sums) => $"""
        insert into {table} (project_id, level, day, origin_id, place_id, {columns})
        select $1, l.level, d.day, case l.level when 0 then o.source_id else o.campaign_id end, p.site_id, {sums}
        from {table} d join origins o on o.project_id = $1 and o.id = d.origin_id join places p on p.project_id = $1 and p.id = d.place_id cross join (values (0), (1)) l (level)
        where d.project_id = $1 and d.level = 2 and d.day = any($2) group by l.level, d.day, 4, p.site_id
        """;

    private const string Spend = """
        insert into spend_days (project_id, day, campaign_key, source, medium, keyword, campaign_name, money, unconverted, clicks, impressions)
        select $1, day, coalesce(campaign_key, ''), coalesce(source, ''), coalesce(medium, ''), coalesce(keyword, ''), max(campaign_name), coalesce(sum(round(money * 100)), 0), count(*) filter (where money is null),
            sum(clicks), sum(impressions)
        from spend_money where project_id = $1 and day = any($2) group by 2, 3, 4, 5, 6
        """;

    private const string NoSite = "'00000000-0000-0000-0000-000000000000'";

    private const string Deals = $"""
        insert into deal_days (project_id, model, is_cash, day, origin_id, site_id, made, won, revenue, first_won, first_revenue)
        select $1, m.model, v.is_cash, r.day, o.campaign_id, coalesce(r.site_id, {NoSite}), coalesce(sum(r.shares[m.model]) filter (where not r.is_won), 0), coalesce(sum(r.shares[m.model]) filter (where r.is_won), 0),
            coalesce(sum(r.amounts[m.model]) filter (where r.is_won), 0), coalesce(sum(r.shares[m.model]) filter (where r.is_won and r.is_first), 0),
            coalesce(sum(r.amounts[m.model]) filter (where r.is_won and r.is_first), 0)
        from (
            select made_day as day, false as is_won, null::boolean as is_cash, origin_id, site_id, is_first, shares, amounts from deal_credits where project_id = $1 and made_day = any($2)
            union all
            select won_day, true, case when is_moved then false end, origin_id, site_id, is_first, shares, amounts from deal_credits where project_id = $1 and won_day = any($2)
            union all
            select day, true, true, origin_id, site_id, is_first, shares, amounts from deal_moves where project_id = $1 and day = any($2)) r
            join origins o on o.project_id = $1 and o.id = r.origin_id
            cross join generate_series(1, 10) m (model) cross join (values (false), (true)) v (is_cash)
        where (r.is_cash is null or r.is_cash = v.is_cash) and (r.shares[m.model] <> 0 or r.amounts[m.model] <> 0)
        group by m.model, v.is_cash, r.day, o.campaign_id, r.site_id
        """;

    private const string Clients = $"""
        insert into client_days (project_id, day, origin_id, site_id, clients, paid, revenue)
        select $1, c.came_day, o.campaign_id, coalesce(c.site_id, {NoSite}), count(*), count(*) filter (where c.won > 0), sum(c.revenue)
        from client_facts c join origins o on o.project_id = $1 and o.id = coalesce(c.origin_id, origin_id('none', null, null, null, null, null, null))
        where c.project_id = $1 and c.came_day = any($2) group by c.came_day, o.campaign_id, c.site_id
        """;
}
