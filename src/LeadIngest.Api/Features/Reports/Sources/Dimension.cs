namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>What rows of the report may stand for.</summary>
/// <param name="Name">As the wire spells it.</param>
/// <param name="Level">How fine the sums of days have to be: 0 source, 1 campaign, 2 everything, as in <c>visit_days</c>.</param>
/// <param name="Origin">Of what has an origin, alias <c>o</c>, place <c>p</c> and day <c>r.day</c>; null: it is nothing that a visit or a lead has.</param>
/// <param name="Deal">Of deals, alias <c>f</c> for their facts besides; null: only the row of those that have none.</param>
/// <param name="Spend">Of spend, alias <c>s</c>; null: only the row of those that have none.</param>
internal sealed record Dimension(string Name, int Level, string? Origin, string? Deal, string? Spend, string Ru, string En, bool NeedsFacts = false, bool IsDay = false)
{
    public static readonly IReadOnlyDictionary<string, Dimension> All = new Dimension[]
    {
        new("channel", 0, "o.channel", "o.channel", "o.channel", "Канал", "Channel"),
        new("source", 0, "o.source", "o.source", "o.source", "Источник", "Source"),
        new("medium", 0, "o.medium", "o.medium", "o.medium", "Тип трафика", "Medium"),
        new("campaign", 1, "o.campaign_key", "o.campaign_key", "o.campaign_key", "Кампания", "Campaign"),
        new("content", 2, "o.content", "o.content", null, "Объявление", "Content", NeedsFacts: true),
        new("keyword", 2, "o.keyword", "o.keyword", "nullif(s.keyword, '')", "Ключевая фраза", "Keyword", NeedsFacts: true),
        new("site", 0, "p.site_id::text", "nullif(r.site_id, '00000000-0000-0000-0000-000000000000')::text", null, "Сайт", "Site"),
        new("region", 2, "p.region", "p.region", null, "Регион", "Region", NeedsFacts: true),
        new("landingPage", 2, "p.landing", "p.landing", null, "Страница входа", "Landing page", NeedsFacts: true),
        new("device", 2, "p.device", "p.device", null, "Устройство", "Device", NeedsFacts: true),
        new("manager", 0, null, "f.manager_id", null, "Менеджер", "Manager", NeedsFacts: true),
        new("pipeline", 0, null, "f.pipeline_id", null, "Воронка", "Pipeline", NeedsFacts: true),
        // Under the product that most of its money is for: parts of a deal would be no deals.
        new("product", 0, null, """
            (select coalesce(x.name, x.product_id) from deal_products x where x.project_id = @ProjectId and x.deal_id = r.deal_id order by coalesce(x.price, 0) * x.quantity desc, x.n limit 1)
            """, null, "Товар", "Product", NeedsFacts: true),
        new("day", 0, "r.day::text", "r.day::text", "r.day::text", "День", "Day", IsDay: true),
        new("week", 0, "date_trunc('week', r.day)::date::text", "date_trunc('week', r.day)::date::text", "date_trunc('week', r.day)::date::text", "Неделя", "Week", IsDay: true),
        new("month", 0, "date_trunc('month', r.day)::date::text", "date_trunc('month', r.day)::date::text", "date_trunc('month', r.day)::date::text", "Месяц", "Month", IsDay: true),
    }.ToDictionary(d => d.Name);
}
