-- What belongs to a manager: the deals that a user of a CRM answers for, and the leads that stand in the cards of those deals.
create index deals_responsible on deals (project_id, connection_id, responsible_id, id) where deleted_at is null;
-- A note or a call of a later lead goes into the card of an earlier one's deal (the deal's own lead is found by deliveries_card).
create index deliveries_added on deliveries (project_id, connection_id, remote_lead_id) where kind <> 'deal' and remote_lead_id is not null;

-- When a lead or a call happened, for reading behind row-level security (0025_walls.sql): there an index serves a condition that cannot leak, and PostgreSQL holds coalesce to be one that might, but not
-- case. leads_time and calls_time serve those who stand before the walls.
create index leads_at on leads (project_id, (case when occurred_at is not null then occurred_at else received_at end));
create index calls_at on calls (project_id, (case when started_at is not null then started_at else first_seen_at end));

create or replace view lead_rows as
    select l.project_id, l.id, case when l.occurred_at is not null then l.occurred_at else l.received_at end as at, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport -> 'utm' ->> 'utm_id' as tag_id, l.site_id,
        landing_of(l.passport ->> 'landingPage') as landing, region_of(l.passport -> 'utm', l.details -> 'fields') as region, device_of(l.details ->> 'userAgent') as device,
        case when l.status not in ('spam', 'test', 'duplicate') then 1 else 0 end as leads, case when l.status = 'spam' then 1 else 0 end as spam,
        case when l.status not in ('spam', 'test', 'duplicate') and exists (select 1 from deal_facts f where f.project_id = l.project_id and f.lead_id = l.id and f.won_day is not null) then 1 else 0 end as paid,
        l.client_id, l.status
    from leads l where l.status <> 'test';
