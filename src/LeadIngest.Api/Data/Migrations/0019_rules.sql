-- A project's own names of sources, and what follows when they change: history is rebuilt, the figures of before stay, and what both sides know is compared.

create table source_entries (
    project_id uuid not null references projects,
    id uuid not null,
    -- As compared: lower case, a host in ASCII; '*' for any source.
    source text not null,
    -- Exact, or a kind of mediums (@paid); empty: any medium and none.
    medium text not null default '',
    -- Empty: the source as it was written.
    name text not null default '',
    channel text not null,
    note text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);
create unique index source_entries_line on source_entries (project_id, source, medium);

-- Grows with every change of the entries: nodes read a dictionary again only when it says something new.
alter table projects add column sources_version integer not null default 0;

-- Work on a project's whole history in the background.
create table rebuilds (
    project_id uuid not null references projects,
    id uuid not null,
    -- What has changed. preview: nothing, an answer that takes longer than a request may.
    what text not null check (what in ('dictionary', 'clients', 'attribution', 'cost', 'all', 'preview')),
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    -- Where it is: before, visits, leads, figures, after; and behind which row.
    phase text not null default 'before' check (phase in ('before', 'visits', 'leads', 'figures', 'after')),
    cursor uuid,
    -- Rows looked at, of so many; those that became others; those whose evidence is not all kept and that stay as they were.
    done bigint not null default 0,
    total bigint,
    changed bigint not null default 0,
    kept bigint not null default 0,
    -- Who: the API key.
    key_id uuid,
    -- The project's own lines that it went by: the figures of before the next one are named by them.
    entries jsonb,
    -- Of a preview: what was asked and what came of it.
    request jsonb,
    result jsonb,
    error text,
    attempts integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    -- The node that works on it may write while this token is its own; another takes over when the lease has run out.
    lease uuid,
    lease_until timestamptz,
    primary key (project_id, id)
);
create unique index rebuilds_running on rebuilds (project_id) where state = 'running';
-- A rebuild that has not begun does the same work as another one like it.
create unique index rebuilds_waiting on rebuilds (project_id, what) where state = 'waiting' and what <> 'preview';
create index rebuilds_open on rebuilds (created_at) where state in ('waiting', 'running');

-- Figures as they stood before and after a rebuild, by month of the project's time zone.
create table figure_snapshots (
    project_id uuid not null,
    rebuild_id uuid not null,
    moment text not null check (moment in ('before', 'after')),
    n integer not null,
    month date not null,
    channel text not null,
    source text,
    medium text,
    campaign text,
    visits bigint not null default 0,
    leads bigint not null default 0,
    deals bigint not null default 0,
    won bigint not null default 0,
    -- In the project's currency.
    revenue numeric not null default 0,
    spend numeric not null default 0,
    primary key (project_id, rebuild_id, moment, n),
    foreign key (project_id, rebuild_id) references rebuilds (project_id, id) on delete cascade
);

-- The lead that the CRM's card says it came from, whether we know such a lead or not.
alter table deals add column told_lead_id uuid;

-- The comparison of a night, or of a button.
create table reconcile_runs (
    project_id uuid not null references projects,
    id uuid not null,
    -- Days of the project's time zone, both included.
    first_day date not null,
    last_day date not null,
    -- The night it belongs to; null: asked for by a person.
    night date,
    -- By day, connection and kind: [{"day":…,"connectionId":…,"leads":1,"cards":1,"deals":1}, …]
    counts jsonb not null,
    findings integer not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);
create unique index reconcile_runs_night on reconcile_runs (project_id, night) where night is not null;

create table reconcile_findings (
    project_id uuid not null references projects,
    id uuid not null,
    kind text not null check (kind in ('lead_without_card', 'card_without_deal', 'deal_without_lead', 'call_without_lead', 'lead_by_hand')),
    -- What it is about: the lead, the delivery, the deal or the call.
    subject_id uuid not null,
    connection_id uuid,
    -- Of the subject, in the project's time zone.
    day date not null,
    lead_id uuid,
    deal_id uuid,
    call_id uuid,
    remote_id text,
    detail text not null,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    -- A later comparison did not find it any more.
    resolved_at timestamptz,
    primary key (project_id, id)
);
create unique index reconcile_findings_subject on reconcile_findings (project_id, kind, subject_id, connection_id) nulls not distinct;
create index reconcile_findings_day on reconcile_findings (project_id, day, id);
