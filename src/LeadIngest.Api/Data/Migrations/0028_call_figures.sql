-- How many calls came on a day and how many of them were answered, by the passports of their leads. A redial is a call, though its lead is a duplicate and no lead of the report.
alter table lead_days add column calls integer not null default 0, add column answered integer not null default 0;

create or replace view lead_rows as
    select l.project_id, l.id, case when l.occurred_at is not null then l.occurred_at else l.received_at end as at, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport -> 'utm' ->> 'utm_id' as tag_id, l.site_id,
        landing_of(l.passport ->> 'landingPage') as landing, region_of(l.passport -> 'utm', l.details -> 'fields') as region, device_of(l.details ->> 'userAgent') as device,
        case when l.status not in ('spam', 'test', 'duplicate') then 1 else 0 end as leads, case when l.status = 'spam' then 1 else 0 end as spam,
        case when l.status not in ('spam', 'test', 'duplicate') and exists (select 1 from deal_facts f where f.project_id = l.project_id and f.lead_id = l.id and f.won_day is not null) then 1 else 0 end as paid,
        l.client_id, l.status,
        case when l.kind = 'call' and l.status not in ('spam', 'test') then 1 else 0 end as calls,
        case when l.kind = 'call' and l.status not in ('spam', 'test') and exists (select 1 from calls c where c.project_id = l.project_id and c.id = l.call_id and c.outcome = 'answered') then 1 else 0 end as answered
    from leads l where l.status <> 'test';

-- A call counts on the day of its lead, which may be another than its own: clocks of senders go wrong.
create or replace function mark_call() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, lead_days, clients)
        select new.project_id, array[day_in(coalesce(old.started_at, old.first_seen_at), p.time_zone), day_in(coalesce(new.started_at, new.first_seen_at), p.time_zone)]
                || array(select day_in(coalesce(l.occurred_at, l.received_at), p.time_zone) from leads l where l.project_id = new.project_id and l.id in (old.lead_id, new.lead_id)),
            array_remove(array[old.client_id, new.client_id], null)
        from projects p where p.project_id = new.project_id;
    end if;
    return null;
end $$;

-- Days that have calls are counted again.
insert into figure_marks (project_id, lead_days)
select l.project_id, array_agg(distinct day_in(coalesce(l.occurred_at, l.received_at), p.time_zone)) from leads l join projects p on p.project_id = l.project_id where l.kind = 'call' group by l.project_id;

-- A view that is written anew reads as its maker until it is told otherwise.
select raise_walls();
