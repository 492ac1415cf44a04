-- A sender is one outside system that brings leads or calls to a site: a form builder, an advertising network, a call tracker, a PBX.
create table senders (
    project_id uuid not null references projects,
    id uuid not null,
    site_id uuid not null,
    -- form: POST /v1/sites/{siteKey}/forms/{provider}; call: /v1/calls/{provider}/{token}.
    kind text not null check (kind in ('form', 'call')),
    provider text not null,
    name text not null,
    -- SHA-256 of the token in a call sender's address (160 random bits). Null for forms: the site key is their address.
    token_hash bytea,
    -- Encrypted: {"token":…,"secret":…}, whatever the provider signs with.
    credentials bytea,
    -- Field map, time zone, words of outcomes; see SenderSettings.
    settings jsonb not null default '{}',
    is_active boolean not null default true,
    is_demo boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz,
    last_test_at timestamptz,
    primary key (project_id, id),
    foreign key (project_id, site_id) references sites (project_id, id)
);
create index senders_token on senders (token_hash) where token_hash is not null;
create unique index senders_form on senders (project_id, site_id, provider) where kind = 'form';

-- One arrival of one browser. Ids come from the tracker (first-party storage) or are made here.
create table visits (
    project_id uuid not null,
    id uuid not null,
    site_id uuid not null,
    visitor_id uuid not null,
    started_at timestamptz not null,
    last_seen_at timestamptz not null,
    channel text not null,
    source text,
    medium text,
    campaign text,
    content text,
    keyword text,
    -- As in leads: utm, clickIds, landingPage, referrer, origin, confidence, evidence, warnings.
    passport jsonb not null,
    -- Analytics ids of the browser: {"ym":"170…","ga":"1.2"}.
    client_ids jsonb not null default '{}',
    -- [["/path", unix seconds], …], the first 50 views.
    pages jsonb not null default '[]',
    page_views integer not null default 0,
    -- Seconds with the page in sight.
    seconds integer not null default 0,
    ip text,
    user_agent text,
    is_bot boolean not null default false,
    primary key (project_id, id)
) with (fillfactor = 80);
create index visits_visitor on visits (project_id, visitor_id, id);
create index visits_site on visits (project_id, site_id, id);

-- One phone call, folded from its events: any order, any number of times, one row.
create table calls (
    project_id uuid not null,
    id uuid not null,
    sender_id uuid not null,
    site_id uuid not null,
    provider text not null,
    -- The provider's id of the whole call.
    external_id text not null,
    direction text not null default 'unknown' check (direction in ('unknown', 'in', 'out', 'internal')),
    phase text not null default 'unknown' check (phase in ('unknown', 'ringing', 'talking', 'ended')),
    outcome text not null default 'unknown' check (outcome in ('unknown', 'answered', 'missed', 'unanswered', 'rejected')),
    -- E.164; what was sent is kept beside it when it differs.
    client_phone text,
    client_phone_typed text,
    -- The number that the client dialled, E.164 where readable.
    line_phone text,
    employee text,
    started_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    wait_seconds integer,
    talk_seconds integer,
    recording_url text,
    recording_id text,
    -- Known by the caller's phone; a call of a stranger that makes no lead has none.
    client_id uuid,
    -- Reserved with the first event of a call that will be a lead, so that every retry makes the same one.
    lead_id uuid,
    visit_id uuid,
    number_id uuid,
    -- How the visit or the source was found: holder, recent, session, provider, static, none.
    matched_by text,
    -- Everything that the events said and no column holds: tags, fields, warnings.
    facts jsonb not null default '{}',
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- Events are stored that the row does not show yet; the moment from which it may be folded.
    fold_at timestamptz,
    primary key (project_id, id),
    unique (project_id, sender_id, external_id)
) with (fillfactor = 80);
create index calls_fold on calls (fold_at) where fold_at is not null;
create index calls_client on calls (project_id, client_id, id) where client_id is not null;
create index calls_phone on calls (project_id, client_phone, id) where client_phone is not null;

-- What the provider sent about a call, whole; the same event again is the same row.
create table call_events (
    project_id uuid not null,
    sender_id uuid not null,
    -- SHA-256 over the provider's event id and the body.
    fingerprint bytea not null,
    call_id uuid not null,
    received_at timestamptz not null,
    -- The event in our words, see Core/Calls/CallEvent.
    event jsonb not null,
    content_type text,
    query text,
    body bytea not null,
    primary key (project_id, sender_id, fingerprint)
);
create index call_events_call on call_events (project_id, call_id);

alter table leads add column call_id uuid;
