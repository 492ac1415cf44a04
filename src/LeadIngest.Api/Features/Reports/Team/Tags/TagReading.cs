using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Tags;

/// <summary>What passports say of the marking of links: of leads, and of visits.</summary>
internal static class TagReading
{
    public static readonly Dictionary<string, Dimension> Dimensions = new(
        [.. Dimension.OfPassport("p"), new("site", new("p.site_id::text")), .. Dimension.OfDay("(p.at at time zone @Zone)::date")], StringComparer.Ordinal);

    /// <summary>The kinds that somebody should mend.</summary>
    public static string[] Faults => [.. TagFaults.All.Where(f => f.IsFault).Select(f => f.Name)];

    /// <summary>Of enquiries only; duplicates, spam and tests hurt nobody.</summary>
    public const string Leads = """
        (select project_id, id, (case when occurred_at is not null then occurred_at else received_at end) as at, site_id, channel, source, medium, campaign, content, keyword, passport from leads
            where project_id = @ProjectId and (case when occurred_at is not null then occurred_at else received_at end) >= @Begin and (case when occurred_at is not null then occurred_at else received_at end) < @End and status in ('new', 'repeat')) p
        """;

    public const string Visits = """
        (select project_id, id, started_at as at, site_id, channel, source, medium, campaign, content, keyword, passport from visits
            where project_id = @ProjectId and started_at >= @Begin and started_at < @End and not is_bot) p
        """;

    public static string Where(ReportQuery query) => $"true{Filters.OfPassport(query, "p").With("p.site_id", query.SiteId, "@SiteId")}";

    /// <summary>The faults of a passport: <c>w.name</c>, <c>w.subject</c>.</summary>
    public const string Warnings = """
        (select distinct split_part(x, ':', 1) as name, btrim(substr(x, length(split_part(x, ':', 1)) + 2)) as subject
            from jsonb_array_elements_text(case jsonb_typeof(p.passport->'warnings') when 'array' then p.passport->'warnings' else '[]' end) x where split_part(x, ':', 1) = any(@Faults)) w
        """;
}
