namespace LeadIngest.Api.Figures;

/// <summary>
/// What may be touches of clients: the one question that figures are computed by and that explains them. Which of these lead to a deal is decided by <see cref="LeadIngest.Core.Attribution.DealPath"/>.
/// </summary>
internal static class ClientTouches
{
    /// <summary>Ids of visitors and visits of our own tracker; whatever else was posted in their place names none.</summary>
    public const string Uuid = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

    /// <summary>Touches of one visitor beyond this many, the oldest ones, are left out: a browser in a shop window must not hold everybody up.</summary>
    private const int MostVisits = 5_000;

    /// <summary>
    /// Rows of root, kind (0 visit, 1 call, 2 lead), id, at, site_id, visit_id, call_id, the six names and the passport, out of <c>members (id, root)</c>. A call without a lead goes by its visit, else
    /// by its number. What is no id of a visit (pages send what they like) is none.
    /// </summary>
    /// <param name="project">The project's parameter: <c>$1</c>.</param>
    public static string Of(string project) => $$"""
        select m.root, 0 as kind, v.id, v.started_at as at, v.site_id, null::uuid as visit_id, null::uuid as call_id,
            v.channel, v.source, v.medium, v.campaign, v.content, v.keyword, v.passport
        from members m join identities i on i.project_id = {{project}} and i.client_id = m.id and i.kind = 'visitor' and i.value ~ '{{Uuid}}'
            cross join lateral (select * from visits v where v.project_id = {{project}} and v.visitor_id = i.value::uuid and not v.is_bot order by v.id desc limit {{MostVisits}}) v
        union all
        select m.root, 1, c.id, coalesce(c.started_at, c.first_seen_at), c.site_id, c.visit_id, null,
            coalesce(v.channel, case when n.kind = 'static' then coalesce(n.passport ->> 'channel', 'offline') end, 'unknown'),
            case when v.id is not null then v.source when n.kind = 'static' then coalesce(n.passport ->> 'source', n.name, n.number) end,
            case when v.id is not null then v.medium when n.kind = 'static' then n.passport ->> 'medium' end,
            case when v.id is not null then v.campaign when n.kind = 'static' then n.passport ->> 'campaign' end,
            case when v.id is not null then v.content when n.kind = 'static' then n.passport ->> 'content' end,
            case when v.id is not null then v.keyword when n.kind = 'static' then n.passport ->> 'keyword' end,
            coalesce(v.passport, '{}')
        from members m join calls c on c.project_id = {{project}} and c.client_id = m.id and c.direction = 'in'
            left join visits v on v.project_id = {{project}} and v.id = c.visit_id
            left join tracking_numbers n on n.project_id = {{project}} and n.id = c.number_id
        union all
        select m.root, 2, l.id, coalesce(l.occurred_at, l.received_at), l.site_id, case when l.visit_id ~ '{{Uuid}}' then l.visit_id::uuid end, l.call_id,
            l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport
        from members m join leads l on l.project_id = {{project}} and l.client_id = m.id and l.status not in ('spam', 'test', 'duplicate')
        """;
}
