namespace LeadIngest.Api.Reconcile;

/// <summary>Something that one side has and the other has not.</summary>
internal sealed class Finding
{
    public string Kind { get; init; } = "";
    public Guid SubjectId { get; init; }
    public Guid? ConnectionId { get; init; }
    public DateOnly Day { get; init; }
    public Guid? LeadId { get; init; }
    public Guid? DealId { get; init; }
    public Guid? CallId { get; init; }
    public string? RemoteId { get; init; }
    public string Detail { get; init; } = "";
}

/// <summary>
/// The questions of a comparison, one a kind. <c>p</c> is the project's row with <c>zone</c>; the period is from <c>@From</c> to before <c>@To</c>, <c>@Due</c> is when what is older should be there.
/// </summary>
internal static class FindingSql
{
    public static readonly (string Kind, string Sql)[] All =
    [
        // Everything that ought to stand in the CRM: per connection, for one card does not make up for another. The day is the lead's, as in reports; one that was told late is looked at
        // in the period in which it came, too, and is due from then on.
        ("lead_without_card", """
            select l.id as subject_id, k.id as connection_id, (coalesce(l.occurred_at, l.received_at) at time zone p.zone)::date as day, l.id as lead_id, null::uuid as deal_id, l.call_id, null::text as remote_id,
                case when d.id is null then 'no delivery' when d.state = 'dead' then 'given up: ' || coalesce(d.last_error, 'no reason is known')
                    else d.state || ' after ' || d.attempts || ' attempts' || coalesce(': ' || d.last_error, '') end || case when k.state <> 'active' then '; the connection is ' || k.state else '' end as detail
            from p join leads l on l.project_id = p.project_id join connections k on k.project_id = p.project_id and k.created_at <= l.received_at
                left join lateral (select * from deliveries o where o.project_id = p.project_id and o.lead_id = l.id and o.connection_id = k.id and o.kind <> 'call' order by o.id desc limit 1) d on true
            where (coalesce(l.occurred_at, l.received_at) >= @From and coalesce(l.occurred_at, l.received_at) < @To or l.received_at >= @From and l.received_at < @To)
                and l.received_at < @Due and l.status in ('new', 'repeat')
                and not exists (select 1 from deliveries o where o.project_id = p.project_id and o.lead_id = l.id and o.connection_id = k.id and o.state = 'delivered')
            """),
        // Only where the mirror has read up to then: what it has not seen yet is not missing.
        ("card_without_deal", """
            select v.id as subject_id, v.connection_id, (v.delivered_at at time zone p.zone)::date as day, v.lead_id, d.id as deal_id, null::uuid as call_id, v.remote_lead_id as remote_id,
                case when d.id is null then 'delivered, but not in the CRM' when d.merged_into is not null then 'merged into another deal in the CRM' else 'deleted in the CRM' end as detail
            from p join deliveries v on v.project_id = p.project_id
                join deal_readings r on r.project_id = v.project_id and r.connection_id = v.connection_id and r.state = 'done' and r.read_until > v.delivered_at + interval '10 minutes'
                left join lateral (
                    select * from deals m where m.project_id = v.project_id and m.connection_id = v.connection_id and m.remote_id = v.remote_lead_id::bigint and (m.lead_id = v.lead_id or m.lead_id is null)
                    order by m.deleted_at nulls first limit 1) d on true
            where v.kind = 'deal' and v.state = 'delivered' and v.delivered_at >= @From and v.delivered_at < least(@To, @Due)
                and case when v.remote_lead_id ~ '^[0-9]{1,18}$' then d.id is null or d.deleted_at is not null else false end
            """),
        // A lead of another project with the same account is no stranger.
        ("deal_without_lead", """
            select d.id as subject_id, d.connection_id, (coalesce(d.created_at, d.first_seen_at) at time zone p.zone)::date as day, coalesce(d.told_lead_id, d.lead_id) as lead_id, d.id as deal_id,
                null::uuid as call_id, d.remote_id::text as remote_id, 'the CRM names a lead that is not here' as detail
            from p join deals d on d.project_id = p.project_id
            where coalesce(d.created_at, d.first_seen_at) >= @From and coalesce(d.created_at, d.first_seen_at) < @To and d.deleted_at is null and coalesce(d.told_lead_id, d.lead_id) is not null
                and not exists (
                    select 1 from connections a join connections b on b.account_key = a.account_key join leads l on l.project_id = b.project_id and l.id = coalesce(d.told_lead_id, d.lead_id)
                    where a.project_id = p.project_id and a.id = d.connection_id)
            """),
        ("call_without_lead", """
            select c.id as subject_id, null::uuid as connection_id, (coalesce(c.started_at, c.first_seen_at) at time zone p.zone)::date as day, c.lead_id, null::uuid as deal_id, c.id as call_id, c.external_id as remote_id,
                case when c.facts -> 'warnings' ? 'lead_not_storable' then 'its lead could not be stored' when c.fold_at is not null then 'its messages are still to be read' else 'no lead was made of it' end as detail
            from p join calls c on c.project_id = p.project_id
            where coalesce(c.started_at, c.first_seen_at) >= @From and coalesce(c.started_at, c.first_seen_at) < @To and c.last_seen_at < @Due and c.direction in ('in', 'unknown')
                and not exists (select 1 from leads l where l.project_id = c.project_id and l.id = c.lead_id)
            """),
        // A manager typed in what had come by itself: the deal has no source and counts beside the lead's own.
        ("lead_by_hand", """
            select d.id as subject_id, d.connection_id, (coalesce(d.created_at, d.first_seen_at) at time zone p.zone)::date as day, l.id as lead_id, d.id as deal_id, l.call_id, d.remote_id::text as remote_id,
                'made by hand ' || round(extract(epoch from coalesce(d.created_at, d.first_seen_at) - l.received_at) / 60) || ' min after its lead had come' || coalesce(', whose card is ' || v.remote_lead_id, ', which has no card') as detail
            from p join deals d on d.project_id = p.project_id join clients c on c.project_id = d.project_id and c.id = d.client_id
                join lateral (
                    select l.* from clients f join leads l on l.project_id = f.project_id and l.client_id = f.id
                    where f.project_id = d.project_id and (f.id = coalesce(c.merged_into, c.id) or f.merged_into = coalesce(c.merged_into, c.id)) and l.status in ('new', 'repeat')
                        and l.received_at <= coalesce(d.created_at, d.first_seen_at) and l.received_at > coalesce(d.created_at, d.first_seen_at) - @ByHand::interval
                    order by l.received_at desc limit 1) l on true
                left join lateral (
                    select o.remote_lead_id from deliveries o where o.project_id = d.project_id and o.lead_id = l.id and o.connection_id = d.connection_id and o.state = 'delivered' order by o.id limit 1) v on true
            where coalesce(d.created_at, d.first_seen_at) >= @From and coalesce(d.created_at, d.first_seen_at) < @To and d.deleted_at is null and d.lead_id is null and d.told_lead_id is null and d.from_lead_id is null
                and not exists (select 1 from deliveries o where o.project_id = d.project_id and o.connection_id = d.connection_id and o.kind = 'deal' and o.remote_lead_id = d.remote_id::text)
            """),
    ];

    /// <summary>By the day of the lead as reports know it, for each connection that was there: leads, those with a card, those whose card is a living deal of the mirror.</summary>
    public const string Counts = """
        select (coalesce(l.occurred_at, l.received_at) at time zone p.zone)::date as day, k.id as connection_id, count(*)::int as leads,
            count(*) filter (where exists (select 1 from deliveries o where o.project_id = l.project_id and o.lead_id = l.id and o.connection_id = k.id and o.state = 'delivered'))::int as cards,
            count(*) filter (where exists (select 1 from deals d where d.project_id = l.project_id and d.lead_id = l.id and d.connection_id = k.id and d.deleted_at is null))::int as deals, 0 as calls, 0 as call_leads
        from p join leads l on l.project_id = p.project_id join connections k on k.project_id = p.project_id and k.created_at <= l.received_at
        where coalesce(l.occurred_at, l.received_at) >= @From and coalesce(l.occurred_at, l.received_at) < @To and l.status in ('new', 'repeat') group by 1, 2
        union all
        select (coalesce(c.started_at, c.first_seen_at) at time zone p.zone)::date, null, 0, 0, 0, count(*)::int, count(l.id)::int
        from p join calls c on c.project_id = p.project_id left join leads l on l.project_id = c.project_id and l.id = c.lead_id
        where coalesce(c.started_at, c.first_seen_at) >= @From and coalesce(c.started_at, c.first_seen_at) < @To and c.direction in ('in', 'unknown') group by 1
        order by 1, 2
        """;
}
