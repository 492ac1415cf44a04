-- Phone numbers that a site shows in the place of its own, and who saw them.
create table tracking_numbers (
    project_id uuid not null references projects,
    id uuid not null,
    site_id uuid not null,
    -- E.164.
    number text not null,
    -- Numbers of one region replace the site's numbers of the same region.
    region text not null default '',
    -- dynamic: lent to one visit at a time; static: one advertisement's own; overflow: shown when no dynamic one is free.
    kind text not null check (kind in ('dynamic', 'static', 'overflow')),
    name text,
    -- Of a static number: {"channel","source","medium","campaign","content","keyword"}.
    passport jsonb not null default '{}',
    is_active boolean not null default true,
    -- The holder, or the last one: visit, visitor and row of number_holds.
    held_by uuid,
    held_visitor uuid,
    hold_id uuid,
    -- Last word of the visit plus the hold; null: never lent.
    held_until timestamptz,
    -- From when it may be lent to somebody else: the end of the hold plus the rest, later after a call.
    free_at timestamptz not null,
    -- Start of the newest call that was seen: each call is counted once.
    last_call_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    foreign key (project_id, site_id) references sites (project_id, id)
) with (fillfactor = 40);
-- Times are in no index: lending and extending then move no index entry, and a pool is small enough to be read whole.
create unique index tracking_numbers_active on tracking_numbers (project_id, number) where is_active;
create index tracking_numbers_number on tracking_numbers (project_id, number);
create index tracking_numbers_pool on tracking_numbers (project_id, site_id, region);
create index tracking_numbers_visitor on tracking_numbers (project_id, held_visitor) where held_visitor is not null;

-- Which visit was shown a number, and when.
create table number_holds (
    project_id uuid not null,
    id uuid not null,
    number_id uuid not null,
    visit_id uuid not null,
    visitor_id uuid not null,
    from_at timestamptz not null,
    -- Null for the newest hold of its number: its end is tracking_numbers.held_until, which moves with every message.
    until_at timestamptz,
    primary key (project_id, id)
);
create index number_holds_number on number_holds (project_id, number_id, from_at);
create index number_holds_age on number_holds using brin (from_at);

-- What the pool had to do, by the hour (UTC).
create table number_usage (
    project_id uuid not null,
    site_id uuid not null,
    hour timestamptz not null,
    -- Visits that asked for a number (once for each region), those that got one, those that did not; of these, who saw the overflow number.
    asked integer not null default 0,
    given integer not null default 0,
    exhausted integer not null default 0,
    overflowed integer not null default 0,
    -- Most numbers held at one time.
    peak_held integer not null default 0,
    -- Calls to dynamic and overflow numbers: all, those after the hold had ended, those without a visit.
    calls integer not null default 0,
    late_calls integer not null default 0,
    unmatched_calls integer not null default 0,
    primary key (project_id, site_id, hour)
) with (fillfactor = 70);

-- [{"number":"+74951234567","region":""}, …]: the site's own numbers that are to be replaced.
alter table sites add column replace_numbers jsonb not null default '[]';
alter table sites add column number_hold_seconds integer not null default 150 check (number_hold_seconds between 30 and 86400);
alter table sites add column number_rest_seconds integer not null default 30 check (number_rest_seconds between 0 and 86400);
alter table sites add column number_look_back_seconds integer not null default 1800 check (number_look_back_seconds between 0 and 604800);

-- Messages of the visit that asked for numbers, up to 2: the first one is counted.
alter table visits add column asks smallint not null default 0;
create index visits_age on visits using brin (started_at);
