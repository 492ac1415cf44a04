using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What belongs to a promotion: leads of its days that bear its tag, deals made on its days that such a lead became or whose own source bears it, spend of its days.</summary>
internal static class PromotionFacts
{
    /// <summary>Where the utm value of each level of a passport stands.</summary>
    private static readonly (string Kind, string Utm)[] Levels = [("source", "utm_source"), ("medium", "utm_medium"), ("campaign", "utm_campaign"), ("content", "utm_content"), ("keyword", "utm_term")];

    /// <summary>
    /// Common table expressions: <c>chosen</c>, the promotions with their moments; <c>promotion_leads</c> and <c>promotion_deals</c>, pairs of a promotion and what is its own. Filters of sites
    /// and connections narrow both.
    /// </summary>
    public static string With(ReportFilters filters, bool one) => $"""
        with chosen as materialized (
            select p.*, campaign_name_key(p.tag) as tag_key, p.first_day::timestamp at time zone @Zone as begins, (p.last_day + 1)::timestamp at time zone @Zone as ends
            from promotions p where p.project_id = @ProjectId and {(one ? "p.id = @PromotionId" : "p.first_day <= @To and p.last_day >= @From")} order by p.first_day desc, p.id desc limit @Most),
        promotion_leads as materialized (
            select x.id as promotion_id, l.id as lead_id, coalesce(k.merged_into, l.client_id) as client_id
            from chosen x join leads l on l.project_id = @ProjectId and (case when l.occurred_at is not null then l.occurred_at else l.received_at end) >= x.begins and (case when l.occurred_at is not null then l.occurred_at else l.received_at end) < x.ends
                left join clients k on k.project_id = @ProjectId and k.id = l.client_id
            where l.status in ('new', 'repeat') and {Bears("l", "l.passport")} {filters.Leads()}),
        promotion_deals as materialized (
            select x.id as promotion_id, d.*
            from chosen x join deal_facts d on d.project_id = @ProjectId and d.made_day between x.first_day and x.last_day
                left join origins o on o.project_id = @ProjectId and o.id = d.origin_id
            where (o.id is not null and {Bears("o", null)} or exists (select 1 from promotion_leads z where z.promotion_id = x.id and z.lead_id = d.lead_id)) {filters.Deals()})

        """;

    private static string Bears(string table, string? passport) => "case x.tag_kind " + string.Concat(Levels.Select(l =>
        $"when '{l.Kind}' then campaign_name_key({table}.{l.Kind}) = x.tag_key" + (passport is null ? l.Kind == "campaign" ? $" or campaign_name_key({table}.campaign_name) = x.tag_key" : ""
            : $" or campaign_name_key({passport} -> 'utm' ->> '{l.Utm}') = x.tag_key") + " ")) + "end";

    /// <summary>Spend of a campaign by its name, its id, or because leads of the promotion belong to it; of other levels by the column of the same name.</summary>
    public const string Spends = """
        case x.tag_kind
            when 'source' then campaign_name_key(s.source) = x.tag_key when 'medium' then campaign_name_key(s.medium) = x.tag_key
            when 'content' then campaign_name_key(s.ad_name) = x.tag_key or s.ad_id = x.tag when 'keyword' then campaign_name_key(s.keyword) = x.tag_key
            else campaign_name_key(s.campaign_name) = x.tag_key or s.campaign_id = x.tag or s.campaign_key in (
                select n.campaign_key from origins n where n.project_id = @ProjectId and n.campaign_key is not null and (campaign_name_key(n.campaign) = x.tag_key or campaign_name_key(n.campaign_name) = x.tag_key))
        end
        """;

    public const int Most = 500;

    public static DynamicParameters Args(ReportFilters filters, ReportProject project, DateOnly from, DateOnly to, Guid? promotion)
    {
        var args = filters.Args();
        args.AddDynamicParams(new { From = from, To = to, Zone = project.Zone.Id, PromotionId = promotion, Most });
        return args;
    }

    /// <summary>A promotion's own tag says what belongs to it.</summary>
    public static void Rules<T>(AbstractValidator<T> validator) where T : ReportQuery
    {
        const string Why = "a promotion's tag says what belongs to it.";
        validator.Refuse(q => q.Channel, Why);
        validator.Refuse(q => q.Source, Why);
        validator.Refuse(q => q.Medium, Why);
        validator.Refuse(q => q.Campaign, Why);
        validator.Refuse(q => q.Content, Why);
        validator.Refuse(q => q.Keyword, Why);
        validator.Refuse(q => q.Manager, "leads have no responsible user.");
        validator.Refuse(q => q.Pipeline, "leads are in no pipeline.");
    }
}
