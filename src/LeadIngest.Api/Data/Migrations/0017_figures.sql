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
    -- Days of the project's time zone whose visits, leads, calls or spend changed.
    days date[] not null default '{}',
    -- Clients whose path or deals changed (any member of the family), and deals that have none.
    clients uuid[] not null default '{}',
    deals uuid[] not null default '{}',
    -- Names or mappings of campaigns changed.
    campaigns boolean not null default false,
    -- The time zone, the currency, a rule: all of the project.
    everything boolean not null default false,
    marked_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);

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
    -- The same with nothing below the medium, and with nothing below the campaign.
    source_id uuid not null,
    campaign_id uuid not null,
    -- What spend it meets (lead_campaign_key), and how that campaign is called now.
    campaign_key text,
    campaign_name text,
    primary key (project_id, id)
);
create index origins_source on origins (project_id, source_id);
create index origins_campaign on origins (project_id, campaign_key);

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
    -- The first touch of all.
    origin_id uuid,
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
