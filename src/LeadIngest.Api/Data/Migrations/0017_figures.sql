-- What reports are made of. Facts are computed from what the other tables hold, row by row replaceable: whatever changes there leaves a mark, and the worker of
-- Figures/ computes what is marked anew within seconds. No figure is ever added to: an old one is taken out and the new one put in.

-- How the project counts.
alter table projects
    -- {"model":"lastNonDirect","dealWindowDays":90,"leadWindowDays":30,"halfLifeDays":7,"leaveOutDirect":false}; see Figures/AttributionRules.
    add column attribution jsonb not null default '{}',
    -- Which of the two meanings of ROMI pages show.
    add column romi text not null default 'payback' check (romi in ('payback', 'net')),
    -- For response times: {"mon":"09:00-18:00",…}, and days off whatever the day of the week.
    add column working_hours jsonb not null default '{"mon":"09:00-18:00","tue":"09:00-18:00","wed":"09:00-18:00","thu":"09:00-18:00","fri":"09:00-18:00"}',
    add column days_off date[] not null default '{}';

-- What has to be computed anew. Rows are only added and taken away, never changed: those who mark never wait for each other, nor for the worker.
create table figure_marks (
    project_id uuid not null,
    id uuid not null default gen_random_uuid(),
    -- Days of the project's time zone: of visits; of leads and calls; of spend; of deals and clients, whose facts are there already.
    visit_days date[] not null default '{}',
    lead_days date[] not null default '{}',
    spend_days date[] not null default '{}',
    deal_days date[] not null default '{}',
    -- Whose paths or deals changed: clients (any member of the family), deals, visitors as visits name them.
    clients uuid[] not null default '{}',
    deals uuid[] not null default '{}',
    visitors uuid[] not null default '{}',
    -- Rates of these currencies changed, from the day on.
    currencies text[] not null default '{}',
    rates_from date,
    -- Names or mappings of campaigns changed.
    campaigns boolean not null default false,
    -- The time zone, the currency, a rule: all of the project.
    everything boolean not null default false,
    marked_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);
create index figure_marks_age on figure_marks (project_id, marked_at);

create function stale_figures(project uuid) returns void language sql as $$
    insert into figure_marks (project_id, everything) values (project, true);
$$;

-- One passport's names, interned. The id is made of them, so that every node makes the same one. A row whose finer names are null also stands for its coarser level.
create function origin_id(channel text, source text, medium text, campaign text, content text, keyword text, tag_id text) returns uuid language sql immutable parallel safe
    return md5(concat_ws(E'\x1f', coalesce(channel, E'\x1e'), coalesce(source, E'\x1e'), coalesce(medium, E'\x1e'), coalesce(campaign, E'\x1e'), coalesce(content, E'\x1e'), coalesce(keyword, E'\x1e'), coalesce(tag_id, E'\x1e')))::uuid;

create table origins (
    project_id uuid not null,
    id uuid not null,
    channel text not null,
    source text,
    medium text,
    campaign text,
    content text,
    keyword text,
    -- utm_id, which may be all that names the campaign.
    tag_id text,
    -- Rows that stand for this one with nothing below the medium, and with nothing below the campaign that spend knows it by.
    source_id uuid not null,
    campaign_id uuid not null,
    -- What spend it meets (lead_campaign_key), and how that campaign is called now.
    campaign_key text,
    campaign_name text,
    primary key (project_id, id)
);
create index origins_source on origins (project_id, source_id);
create index origins_node on origins (project_id, campaign_id);
create index origins_campaign on origins (project_id, campaign_key);

create type origin_names as (channel text, source text, medium text, campaign text, content text, keyword text, tag_id text);

-- The same names always find the same campaign, whatever else a passport says: origins can be matched anew without the leads.
create function origin_campaign_key(project uuid, campaign text, content text, keyword text, tag_id text) returns text language sql stable parallel safe
    return lead_campaign_key(project, campaign, jsonb_build_object('utm', jsonb_strip_nulls(jsonb_build_object('utm_campaign', campaign, 'utm_id', tag_id, 'utm_content', content, 'utm_term', keyword))));

-- Rows for names that have none yet, with those that stand for their source and their campaign.
create function intern_origins(project uuid, names origin_names[]) returns void language sql as $$
    with found as materialized (
        select n.*, origin_id(n.channel, n.source, n.medium, n.campaign, n.content, n.keyword, n.tag_id) as id from unnest(names) n),
    fresh as materialized (
        select f.*, origin_campaign_key(project, f.campaign, f.content, f.keyword, f.tag_id) as key, origin_id(f.channel, f.source, f.medium, null, null, null, null) as source_id
        from found f where not exists (select 1 from origins o where o.project_id = project and o.id = f.id)),
    keyed as materialized (
        select f.*, case when f.key is null then f.source_id else origin_id(f.channel, f.source, f.medium, f.campaign, null, null, f.key) end as node_id from fresh f),
    levels as (
        select id, channel, source, medium, campaign, content, keyword, tag_id, source_id, node_id, key, 1 as level from keyed
        union all select distinct node_id, channel, source, medium, campaign, null, null, null, source_id, node_id, key, 2 from keyed where key is not null
        union all select distinct source_id, channel, source, medium, null, null, null, null, source_id, source_id, null, 3 from keyed)
    insert into origins (project_id, id, channel, source, medium, campaign, content, keyword, tag_id, source_id, campaign_id, campaign_key)
    select distinct on (id) project, id, channel, source, medium, campaign, content, keyword, tag_id, source_id, node_id, key from levels order by id, level
    on conflict do nothing;
$$;

-- Of each deal that is there (no leads of Bitrix24, nothing deleted), as it stands now. Money in kopecks of the project's currency.
create table deal_facts (
    project_id uuid not null,
    deal_id uuid not null,
    connection_id uuid not null,
    -- The eldest of its family; null: nobody's.
    client_id uuid,
    lead_id uuid,
    site_id uuid,
    pipeline_id text not null,
    stage_id text not null,
    manager_id text,
    state text not null check (state in ('open', 'won', 'lost')),
    made_at timestamptz not null,
    made_day date not null,
    -- Of the last time it was won or lost, and null unless it is.
    won_at timestamptz,
    won_day date,
    lost_at timestamptz,
    lost_day date,
    lost_reason_id text,
    -- The last stage before it was lost.
    lost_stage_id text,
    currency text,
    -- Null: no rate is known of the day on which it was won (made, when it is not).
    amount bigint,
    -- The how-manyth won deal of its client by won_at, 1 for the first; null unless won.
    nth integer,
    -- The latest touch of its own path that is not direct; null: a repeat, or nobody knows. And the client's first touch of all.
    origin_id uuid,
    client_origin_id uuid,
    -- Its client had a deal before it.
    is_repeat boolean not null default false,
    primary key (project_id, deal_id)
);
create index deal_facts_client on deal_facts (project_id, client_id);
create index deal_facts_made on deal_facts (project_id, made_day);
create index deal_facts_won on deal_facts (project_id, won_day) where won_day is not null;
create index deal_facts_lost on deal_facts (project_id, lost_day) where lost_day is not null;

-- Of each family of clients, under its eldest.
create table client_facts (
    project_id uuid not null,
    client_id uuid not null,
    -- The first enquiry that counts, else the first deal.
    came_at timestamptz not null,
    came_day date not null,
    -- The first touch of all, and where the first enquiry came to.
    origin_id uuid,
    site_id uuid,
    leads integer not null,
    deals integer not null,
    -- Deals that are won now, what they brought, and the days of the first and the last.
    won integer not null,
    revenue bigint not null,
    first_won_day date,
    last_won_day date,
    -- The responsible user of the newest deal.
    connection_id uuid,
    manager_id text,
    -- The newest call or message of either side.
    contact_at timestamptz,
    primary key (project_id, client_id)
);
create index client_facts_came on client_facts (project_id, came_day);
create index client_facts_won on client_facts (project_id, first_won_day) where first_won_day is not null;

create index deal_facts_lead on deal_facts (project_id, lead_id) where lead_id is not null;

-- What each touch of a deal's path gets of it, under every model at once: places 1 to 9 in the order of Core/Attribution/AttributionModel, 10: the client's first touch whatever the
-- model. Shares in millionths of the deal, amounts in kopecks; over the rows of a deal each place adds up to 1,000,000 and to the amount.
create table deal_credits (
    project_id uuid not null,
    deal_id uuid not null,
    -- The touch in the path, the oldest 0. -1: what no touch gets (a repeat by nothing, or nobody knows); -2: the client's first touch.
    n integer not null,
    -- Of a repeat by nothing and of nobody's, the rows of origins whose channel is 'repeat' and 'none'.
    origin_id uuid not null,
    site_id uuid,
    made_day date not null,
    won_day date,
    -- The first won deal of its client.
    is_first boolean not null,
    -- The cash view of it is in deal_moves.
    is_moved boolean not null,
    shares integer[] not null,
    amounts bigint[] not null,
    primary key (project_id, deal_id, n)
);
create index deal_credits_made on deal_credits (project_id, made_day);
create index deal_credits_won on deal_credits (project_id, won_day) where won_day is not null;
create index deal_credits_origin on deal_credits (project_id, origin_id);

-- The cash view of deals that were re-priced after they were won, lost again or reopened: what came in and went out, by day and touch.
create table deal_moves (
    project_id uuid not null,
    deal_id uuid not null,
    n integer not null,
    day date not null,
    origin_id uuid not null,
    site_id uuid,
    is_first boolean not null,
    shares integer[] not null,
    amounts bigint[] not null,
    primary key (project_id, deal_id, n, day)
);
create index deal_moves_day on deal_moves (project_id, day);
create index deal_moves_origin on deal_moves (project_id, origin_id);

-- What data-driven models have learnt, by campaign.
create table learnt_weights (
    project_id uuid not null,
    model text not null check (model in ('markov', 'shapley')),
    n integer not null,
    channel text not null,
    source text,
    medium text,
    campaign text,
    weight double precision not null,
    primary key (project_id, model, n)
);
create table learnings (
    project_id uuid not null,
    learnt_at timestamptz not null,
    paths bigint not null,
    primary key (project_id)
);

-- Where a visitor came to and from where, with what.
create table places (
    project_id uuid not null,
    id uuid not null,
    site_id uuid not null,
    landing text,
    region text,
    device text,
    primary key (project_id, id)
);
create function place_id(site_id uuid, landing text, region text, device text) returns uuid language sql immutable parallel safe
    return md5(concat_ws(E'\x1f', site_id::text, coalesce(landing, E'\x1e'), coalesce(region, E'\x1e'), coalesce(device, E'\x1e')))::uuid;

create function device_of(agent text) returns text language sql immutable parallel safe
    return case when agent is null or agent = '' then null when agent ~* 'ipad|tablet|android(?!.*mobile)' then 'tablet' when agent ~* 'mobile|iphone|ipod|android' then 'mobile' else 'desktop' end;
create function landing_of(page text) returns text language sql immutable parallel safe
    return left(coalesce(nullif((regexp_match(page, '^[a-zA-Z]+://[^/?#]*([^?#]*)'))[1], ''), case when page ~ '^[a-zA-Z]+://' then '/' end), 200);
-- As tags tell it (geoname:Москва|…), else as somebody typed it into a form.
create function region_of(utm jsonb, fields jsonb) returns text language sql immutable parallel safe
    return left(coalesce(
        case when utm::text ~* '(geoname|region|geo|city)[:=]' then (select min((regexp_match(t.value, '(?:^|[|;,&])(?:geoname|region_name|region|geo|city)[:=]([^|;,&]+)', 'i'))[1]) from jsonb_each_text(utm) t) end,
        case when jsonb_typeof(fields) = 'array' then (select min(nullif(btrim(f.value ->> 1), '')) from jsonb_array_elements(fields) f where lower(btrim(f.value ->> 0)) in ('region', 'city', 'регион', 'город')) end), 100);

-- One row a visit, a lead and a call as reports count them.
create view visit_rows as
    select v.project_id, v.id, v.started_at as at, v.channel, v.source, v.medium, v.campaign, v.content, v.keyword, v.passport -> 'utm' ->> 'utm_id' as tag_id, v.site_id,
        landing_of(v.passport ->> 'landingPage') as landing, region_of(v.passport -> 'utm', null) as region, device_of(v.user_agent) as device
    from visits v where not v.is_bot;

create view lead_rows as
    select l.project_id, l.id, coalesce(l.occurred_at, l.received_at) as at, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport -> 'utm' ->> 'utm_id' as tag_id, l.site_id,
        landing_of(l.passport ->> 'landingPage') as landing, region_of(l.passport -> 'utm', l.details -> 'fields') as region, device_of(l.details ->> 'userAgent') as device,
        case when l.status not in ('spam', 'test', 'duplicate') then 1 else 0 end as leads, case when l.status = 'spam' then 1 else 0 end as spam,
        case when l.status not in ('spam', 'test', 'duplicate') and exists (select 1 from deal_facts f where f.project_id = l.project_id and f.lead_id = l.id and f.won_day is not null) then 1 else 0 end as paid,
        l.client_id, l.status
    from leads l where l.status <> 'test';

-- Level 0: by source and site; 1: by campaign and site; 2: by the whole origin and place. Of level 0 and 1 the place is the site.
create table visit_days (
    project_id uuid not null,
    level smallint not null,
    day date not null,
    origin_id uuid not null,
    place_id uuid not null,
    visits integer not null,
    primary key (project_id, level, day, origin_id, place_id)
);
create index visit_days_origin on visit_days (project_id, origin_id, day) where level = 2;

create table lead_days (
    project_id uuid not null,
    level smallint not null,
    day date not null,
    origin_id uuid not null,
    place_id uuid not null,
    -- Unique ones; those of them that became a won deal, whenever; spam.
    leads integer not null,
    paid integer not null,
    spam integer not null,
    primary key (project_id, level, day, origin_id, place_id)
);
create index lead_days_origin on lead_days (project_id, origin_id, day) where level = 2;

-- Clients by the day of their first enquiry: how many, how many of them paid by now, what they brought by now.
create table client_days (
    project_id uuid not null,
    day date not null,
    origin_id uuid not null,
    site_id uuid not null,
    clients integer not null,
    paid integer not null,
    revenue bigint not null,
    primary key (project_id, day, origin_id, site_id)
);

-- Deals by campaign and site, one row a model (as in deal_credits) and view. Deals in millionths, money in kopecks.
create table deal_days (
    project_id uuid not null,
    model smallint not null,
    is_cash boolean not null,
    day date not null,
    origin_id uuid not null,
    site_id uuid not null,
    made bigint not null,
    won bigint not null,
    revenue bigint not null,
    first_won bigint not null,
    first_revenue bigint not null,
    primary key (project_id, model, is_cash, day, origin_id, site_id)
);

-- Spend by campaign, in kopecks of the project's currency: every row of spend is rounded by itself, so that any sum of them is exact.
create table spend_days (
    project_id uuid not null,
    day date not null,
    campaign_key text not null,
    source text not null,
    medium text not null,
    keyword text not null,
    campaign_name text,
    money bigint not null,
    -- Rows whose currency has no rate on the day.
    unconverted integer not null,
    clicks bigint not null,
    impressions bigint not null,
    primary key (project_id, day, campaign_key, source, medium, keyword)
);

-- Which node of origins spend of a campaign belongs to: that of most leads, else of most visits; null: of none, it stands by its own source.
create table spend_nodes (
    project_id uuid not null,
    campaign_key text not null,
    source text not null,
    medium text not null,
    origin_id uuid,
    campaign_name text,
    primary key (project_id, campaign_key, source, medium)
);

-- Days are those of the project's zone. Found by time: the day's leads and calls, and what of them is told late.
create index leads_time on leads (project_id, (coalesce(occurred_at, received_at)));
create index calls_time on calls (project_id, (coalesce(started_at, first_seen_at)));
create index visits_time on visits (project_id, started_at);

-- Marks. One row a statement, however many rows that changes. `set local leadingest.marks = 'off'`: a bulk rewrite marks by itself, once, at its end.
create function marks_on() returns boolean language sql stable as $$
    select coalesce(current_setting('leadingest.marks', true), '') <> 'off';
$$;

create function day_in(at timestamptz, zone text) returns date language sql stable parallel safe return (at at time zone zone)::date;

create function mark_visits() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, visit_days, visitors)
        select n.project_id, array_agg(distinct day_in(n.started_at, p.time_zone)), array_agg(distinct n.visitor_id)
        from news n join projects p on p.project_id = n.project_id group by n.project_id;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on visits referencing new table as news for each statement execute function mark_visits();

create function mark_visit() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, visit_days, visitors)
        select new.project_id, array[day_in(old.started_at, p.time_zone), day_in(new.started_at, p.time_zone)], array[old.visitor_id, new.visitor_id]
        from projects p where p.project_id = new.project_id;
    end if;
    return null;
end $$;
create trigger figures_update after update on visits for each row
    when ((old.started_at, old.channel, old.source, old.medium, old.campaign, old.content, old.keyword, old.is_bot, old.visitor_id, old.site_id)
        is distinct from (new.started_at, new.channel, new.source, new.medium, new.campaign, new.content, new.keyword, new.is_bot, new.visitor_id, new.site_id)
        or old.passport is distinct from new.passport)
    execute function mark_visit();

create function mark_leads() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, lead_days, clients)
        select n.project_id, array_agg(distinct day_in(coalesce(n.occurred_at, n.received_at), p.time_zone)), coalesce(array_agg(distinct n.client_id) filter (where n.client_id is not null), '{}')
        from news n join projects p on p.project_id = n.project_id group by n.project_id;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on leads referencing new table as news for each statement execute function mark_leads();

create function mark_lead() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, lead_days, clients)
        select new.project_id, array[day_in(coalesce(old.occurred_at, old.received_at), p.time_zone), day_in(coalesce(new.occurred_at, new.received_at), p.time_zone)],
            array_remove(array[old.client_id, new.client_id], null)
        from projects p where p.project_id = new.project_id;
    end if;
    return null;
end $$;
create trigger figures_update after update on leads for each row
    when ((old.status, old.client_id, old.occurred_at, old.received_at, old.site_id, old.visit_id, old.call_id, old.channel, old.source, old.medium, old.campaign, old.content, old.keyword)
        is distinct from (new.status, new.client_id, new.occurred_at, new.received_at, new.site_id, new.visit_id, new.call_id, new.channel, new.source, new.medium, new.campaign, new.content, new.keyword)
        or old.passport is distinct from new.passport)
    execute function mark_lead();

create function mark_calls() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, lead_days, clients)
        select n.project_id, array_agg(distinct day_in(coalesce(n.started_at, n.first_seen_at), p.time_zone)), coalesce(array_agg(distinct n.client_id) filter (where n.client_id is not null), '{}')
        from news n join projects p on p.project_id = n.project_id group by n.project_id;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on calls referencing new table as news for each statement execute function mark_calls();

create function mark_call() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, lead_days, clients)
        select new.project_id, array[day_in(coalesce(old.started_at, old.first_seen_at), p.time_zone), day_in(coalesce(new.started_at, new.first_seen_at), p.time_zone)],
            array_remove(array[old.client_id, new.client_id], null)
        from projects p where p.project_id = new.project_id;
    end if;
    return null;
end $$;
create trigger figures_update after update on calls for each row
    when ((old.started_at, old.direction, old.outcome, old.client_id, old.visit_id, old.number_id, old.lead_id, old.site_id)
        is distinct from (new.started_at, new.direction, new.outcome, new.client_id, new.visit_id, new.number_id, new.lead_id, new.site_id))
    execute function mark_call();

create function mark_client() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, clients) values (new.project_id, array_remove(array[new.id, old.merged_into, new.merged_into], null));
    end if;
    return null;
end $$;
create trigger figures_update after update on clients for each row when (old.merged_into is distinct from new.merged_into) execute function mark_client();

create function mark_deals() returns trigger language plpgsql as $$
begin
    if not marks_on() then return null; end if;
    if tg_op = 'INSERT' then
        insert into figure_marks (project_id, deals) select project_id, array_agg(id) from news group by project_id;
    elsif tg_op = 'DELETE' then
        insert into figure_marks (project_id, deals, clients) select project_id, array_agg(id), array_remove(array_agg(distinct client_id), null) from olds group by project_id;
    else
        insert into figure_marks (project_id, deals, clients)
        select n.project_id, array_agg(n.id), array_remove(array_agg(distinct o.client_id), null)
        from news n join olds o on o.project_id = n.project_id and o.id = n.id
        where (o.kind, o.pipeline_id, o.stage_id, o.state, o.amount, o.currency, o.responsible_id, o.client_id, o.lead_id, o.lost_reason_id, o.created_at, o.moved_at, o.closed_at, o.deleted_at)
            is distinct from (n.kind, n.pipeline_id, n.stage_id, n.state, n.amount, n.currency, n.responsible_id, n.client_id, n.lead_id, n.lost_reason_id, n.created_at, n.moved_at, n.closed_at, n.deleted_at)
        group by n.project_id;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on deals referencing new table as news for each statement execute function mark_deals();
create trigger figures_update after update on deals referencing old table as olds new table as news for each statement execute function mark_deals();
create trigger figures_delete after delete on deals referencing old table as olds for each statement execute function mark_deals();

-- Of the rows of a deal's course.
create function mark_course() returns trigger language plpgsql as $$
begin
    if marks_on() then
        if tg_op = 'DELETE' then
            insert into figure_marks (project_id, deals) select project_id, array_agg(distinct deal_id) from olds group by project_id;
        else
            insert into figure_marks (project_id, deals) select project_id, array_agg(distinct deal_id) from news group by project_id;
        end if;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on stage_changes referencing new table as news for each statement execute function mark_course();
create trigger figures_update after update on stage_changes referencing new table as news for each statement execute function mark_course();
create trigger figures_delete after delete on stage_changes referencing old table as olds for each statement execute function mark_course();
create trigger figures_insert after insert on deal_changes referencing new table as news for each statement execute function mark_course();
create trigger figures_update after update on deal_changes referencing new table as news for each statement execute function mark_course();
create trigger figures_delete after delete on deal_changes referencing old table as olds for each statement execute function mark_course();

-- A stage that turns out to be won or lost after deals came to it.
create function mark_stage() returns trigger language plpgsql as $$
begin
    if marks_on() then perform stale_figures(new.project_id); end if;
    return null;
end $$;
create trigger figures_insert after insert on crm_stages for each row when (new.kind = 'deal' and new.state <> 'open') execute function mark_stage();
create trigger figures_update after update on crm_stages for each row when (new.kind = 'deal' and new.state is distinct from old.state) execute function mark_stage();

create function mark_touches() returns trigger language plpgsql as $$
begin
    if marks_on() then
        insert into figure_marks (project_id, deals, clients)
        select n.project_id, array_remove(array_agg(distinct d.id), null), array_remove(array_agg(distinct i.client_id), null)
        from news n
            left join deals d on d.project_id = n.project_id and d.connection_id = n.connection_id and d.kind = n.owner_kind and d.remote_id = n.owner_id
            left join identities i on i.project_id = n.project_id and n.owner_kind = 'contact' and i.kind = 'crm_contact' and i.value = n.connection_id || '/' || n.owner_id
        group by n.project_id;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on crm_touches referencing new table as news for each statement execute function mark_touches();

create function mark_spend() returns trigger language plpgsql as $$
begin
    if marks_on() then
        if tg_op = 'DELETE' then
            insert into figure_marks (project_id, spend_days) select project_id, array_agg(distinct day) from olds group by project_id;
        elsif tg_op = 'INSERT' then
            insert into figure_marks (project_id, spend_days) select project_id, array_agg(distinct day) from news group by project_id;
        else
            insert into figure_marks (project_id, spend_days)
            select project_id, array_agg(distinct day) from (select project_id, day from news union select project_id, day from olds) d group by project_id;
        end if;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on spend referencing new table as news for each statement execute function mark_spend();
create trigger figures_update after update on spend referencing old table as olds new table as news for each statement execute function mark_spend();
create trigger figures_delete after delete on spend referencing old table as olds for each statement execute function mark_spend();

create function mark_manual_spend() returns trigger language plpgsql as $$
begin
    if marks_on() then
        if tg_op <> 'INSERT' then
            insert into figure_marks (project_id, spend_days) values (old.project_id, array(select old.first_day + i from generate_series(0, old.last_day - old.first_day) i));
        end if;
        if tg_op <> 'DELETE' then
            insert into figure_marks (project_id, spend_days) values (new.project_id, array(select new.first_day + i from generate_series(0, new.last_day - new.first_day) i));
        end if;
    end if;
    return null;
end $$;
create trigger figures_change after insert or update or delete on spend_manual for each row execute function mark_manual_spend();

create function mark_rates() returns trigger language plpgsql as $$
begin
    if marks_on() then
        if tg_op = 'DELETE' then
            insert into figure_marks (project_id, currencies, rates_from) select project_id, array_agg(distinct currency::text), min(day) from olds group by project_id;
        else
            insert into figure_marks (project_id, currencies, rates_from) select project_id, array_agg(distinct currency::text), min(day) from news group by project_id;
        end if;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on rates referencing new table as news for each statement execute function mark_rates();
create trigger figures_update after update on rates referencing new table as news for each statement execute function mark_rates();
create trigger figures_delete after delete on rates referencing old table as olds for each statement execute function mark_rates();

create function mark_campaigns() returns trigger language plpgsql as $$
begin
    if marks_on() then
        if tg_op = 'DELETE' then
            insert into figure_marks (project_id, campaigns) select distinct project_id, true from olds;
        else
            insert into figure_marks (project_id, campaigns) select distinct project_id, true from news;
        end if;
    end if;
    return null;
end $$;
create trigger figures_insert after insert on spend_names referencing new table as news for each statement execute function mark_campaigns();
create trigger figures_update after update on spend_names referencing new table as news for each statement execute function mark_campaigns();
create trigger figures_delete after delete on spend_names referencing old table as olds for each statement execute function mark_campaigns();
create trigger figures_insert after insert on spend_mappings referencing new table as news for each statement execute function mark_campaigns();
create trigger figures_update after update on spend_mappings referencing new table as news for each statement execute function mark_campaigns();
create trigger figures_delete after delete on spend_mappings referencing old table as olds for each statement execute function mark_campaigns();

create function mark_project() returns trigger language plpgsql as $$
begin
    perform stale_figures(new.project_id);
    return null;
end $$;
-- Which model pages show changes nothing here: credits of all models are kept side by side.
create trigger figures_update after update on projects for each row
    when ((old.time_zone, old.currency, old.spend_vat, old.attribution - 'model') is distinct from (new.time_zone, new.currency, new.spend_vat, new.attribution - 'model'))
    execute function mark_project();
create trigger figures_update after update on tracking_numbers for each row when (old.passport is distinct from new.passport) execute function mark_project();

-- A whole project being computed anew: how far that has come. New marks go before it.
create table figure_rebuilds (
    project_id uuid not null,
    -- In this order: families, alone, days, done.
    part text not null default 'families' check (part in ('families', 'alone', 'days', 'done')),
    -- The last client or deal that was computed, or the last day (from the newest to the oldest).
    last_id uuid,
    last_day date,
    done bigint not null default 0,
    total bigint not null default 0,
    began_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    primary key (project_id)
);

-- The node of a campaign that only spend knows.
create function spend_node(project uuid, channel text, source text, medium text, campaign text, key text) returns uuid language sql as $$
    with ids as materialized (
        select origin_id(channel, source, medium, null, null, null, null) as source_id,
            case when key is null then origin_id(channel, source, medium, null, null, null, null) else origin_id(channel, source, medium, campaign, null, null, key) end as id),
    made as (
        insert into origins (project_id, id, channel, source, medium, campaign, source_id, campaign_id, campaign_key)
        select project, id, channel, source, medium, case when key is not null then campaign end, source_id, id, key from ids
        union all select project, source_id, channel, source, medium, null, source_id, source_id, null from ids where key is not null
        on conflict do nothing)
    select id from ids;
$$;

-- What stands there already.
insert into figure_marks (project_id, everything) select project_id, true from projects;
