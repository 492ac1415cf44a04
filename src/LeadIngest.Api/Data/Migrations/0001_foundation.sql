-- Every key starts with project_id: the schema can be spread over Citus by project without change. Ids are UUIDv7, made by the
-- service: they sort by time, so the primary key is also the reading order. The two tables without a project are named at the end.

create table projects (
    project_id uuid primary key,
    name text not null,
    time_zone text not null default 'Europe/Moscow',
    currency char(3) not null default 'RUB',
    is_demo boolean not null default false,
    duplicate_window_seconds integer not null default 600 check (duplicate_window_seconds between 0 and 86400),
    -- What a repeat lead of a known client causes: a new deal linked to the contact, or a note on the client's last deal.
    repeat_policy text not null default 'deal' check (repeat_policy in ('deal', 'note')),
    created_at timestamptz not null default clock_timestamp()
);

create table api_keys (
    project_id uuid not null references projects,
    id uuid not null,
    name text not null,
    prefix text not null,
    key_hash bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    primary key (project_id, id)
);
create index api_keys_hash on api_keys (key_hash);

create table sites (
    project_id uuid not null references projects,
    id uuid not null,
    -- Public and unguessable; 96 random bits make it unique over projects without a cross-project constraint.
    site_key text not null,
    name text not null,
    -- Exact origins ("https://example.ru"); empty: any origin may post.
    allowed_origins text[] not null default '{}',
    default_country char(2) not null default 'RU',
    -- Field map of the owner: posted name -> meaning, wins over the synonyms.
    field_map jsonb not null default '{}',
    rate_per_second integer not null default 50,
    rate_per_ip_per_minute integer not null default 60,
    is_demo boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    unique (project_id, site_key)
);
create index sites_key on sites (site_key);

create table clients (
    project_id uuid not null,
    id uuid not null,
    name text,
    first_lead_id uuid,
    -- The client that this one was merged into; always the root, so that one hop is enough. Null: stands for itself.
    merged_into uuid,
    lead_count integer not null default 0,
    -- Grows by one with every batch that touches the client: two nodes that read the same client cannot both write from what they read.
    version integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    last_lead_at timestamptz,
    primary key (project_id, id)
);
create index clients_merged on clients (project_id, merged_into) where merged_into is not null;

create table identities (
    project_id uuid not null,
    kind text not null check (kind in ('crm_contact', 'phone', 'email', 'messenger', 'visitor')),
    -- phone: E.164; email: normalised; crm_contact: '<connection id>/<remote id>'.
    value text not null,
    client_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (project_id, kind, value)
);
create index identities_client on identities (project_id, client_id);

-- Contacts that belong to nobody in particular (info@, a reception phone) and never join people.
create table shared_contacts (
    project_id uuid not null,
    kind text not null check (kind in ('phone', 'email', 'messenger')),
    value text not null,
    note text,
    created_at timestamptz not null default now(),
    primary key (project_id, kind, value)
);

create table client_merges (
    project_id uuid not null,
    id uuid not null,
    kept_id uuid not null,
    merged_id uuid not null,
    -- Clients that had been merged into merged_id before: an undo gives them back.
    moved uuid[] not null default '{}',
    reason text not null,
    lead_id uuid,
    created_at timestamptz not null default now(),
    undone_at timestamptz,
    primary key (project_id, id)
);

-- Pairs that look like one person, but something contradicts: a person decides.
create table merge_suggestions (
    project_id uuid not null,
    id uuid not null,
    client_a uuid not null,
    client_b uuid not null,
    reason text not null,
    lead_id uuid,
    created_at timestamptz not null default now(),
    resolved_at timestamptz,
    primary key (project_id, id)
);
create unique index merge_suggestions_pair on merge_suggestions (project_id, client_a, client_b);

create table leads (
    project_id uuid not null,
    id uuid not null,
    site_id uuid not null,
    client_id uuid,
    duplicate_of uuid,
    kind text not null,
    status text not null,
    received_at timestamptz not null,
    occurred_at timestamptz,
    name text,
    -- E.164 / normalised, else null; what was typed is kept beside it when it differs.
    phone text,
    phone_typed text,
    email text,
    email_typed text,
    messenger text,
    comment text,
    form_id text,
    form_name text,
    visitor_id text,
    visit_id text,
    channel text not null,
    source text,
    medium text,
    campaign text,
    content text,
    keyword text,
    -- utm, clickIds, landingPage, referrer, origin, confidence, evidence, warnings
    passport jsonb not null,
    -- fields, consent, ip, userAgent, warnings: whatever was sent that no rule needs.
    details jsonb not null,
    primary key (project_id, id)
);
create index leads_client on leads (project_id, client_id, id);

create table idempotency_keys (
    project_id uuid not null,
    site_id uuid not null,
    path text not null,
    key text not null,
    body_hash bytea not null,
    status integer not null,
    answer text not null,
    created_at timestamptz not null default now(),
    primary key (project_id, site_id, path, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create table rejects (
    project_id uuid not null,
    id uuid not null,
    site_id uuid,
    -- The route that took it: leads, forms.
    route text not null,
    received_at timestamptz not null,
    reason text not null,
    -- By field: what was wrong.
    errors jsonb not null default '{}',
    content_type text,
    headers jsonb not null default '{}',
    ip text,
    body bytea not null,
    body_sha256 bytea not null,
    state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
    lead_id uuid,
    closed_at timestamptz,
    primary key (project_id, id)
);

create table connections (
    project_id uuid not null references projects,
    id uuid not null,
    crm text not null check (crm in ('amocrm', 'bitrix24')),
    name text not null,
    -- Kind and host: connections with one account share its lease and its limits, whatever their project.
    account_key text not null,
    -- Host for people; the whole address of a Bitrix24 webhook is a secret and lives in credentials.
    account_host text not null,
    -- Encrypted: {"baseAddress":…,"token":…}.
    credentials bytea not null,
    settings jsonb not null default '{}',
    state text not null default 'active' check (state in ('active', 'paused', 'needs_reauth', 'blocked')),
    state_reason text,
    is_demo boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);
create index connections_account on connections (account_key);

create table deliveries (
    project_id uuid not null,
    id uuid not null,
    lead_id uuid not null,
    connection_id uuid not null,
    client_id uuid not null,
    -- deal: a new lead/deal in the CRM; note: a note in the card of the client's deal.
    kind text not null,
    state text not null default 'pending',
    attempts integer not null default 0,
    next_attempt_at timestamptz default clock_timestamp(),
    -- The account's lease token under which the row was taken; every write after that is fenced by it.
    lease_token bigint,
    sent_at timestamptz,
    doubt_since timestamptz,
    lookups integer not null default 0,
    -- Claims without a recorded outcome: a lead that kills its worker is put aside after five.
    crash_claims integer not null default 0,
    steps jsonb,
    remote_lead_id text,
    remote_contact_id text,
    last_error text,
    warnings text[],
    delivered_at timestamptz,
    primary key (project_id, id)
) with (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 90);
create index deliveries_lead on deliveries (project_id, lead_id);
-- The queue of one connection, oldest due first, and the unfinished rows of one client (order per client).
create index deliveries_due on deliveries (connection_id, next_attempt_at) where state in ('pending', 'in_doubt');
create index deliveries_open on deliveries (project_id, connection_id, client_id, id) where state in ('pending', 'sending', 'in_doubt');

create table delivery_attempts (
    project_id uuid not null,
    delivery_id uuid not null,
    id uuid not null,
    attempt integer not null,
    action text not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    outcome text not null,
    error text,
    primary key (project_id, delivery_id, id)
);

-- Without a project: one CRM account may serve connections of several projects, and its lease and limits are the account's.
create table crm_accounts (
    account_key text primary key,
    lease_owner text,
    lease_token bigint not null default 0,
    lease_until timestamptz not null default '-infinity',
    breaker_open boolean not null default false,
    retry_at timestamptz,
    last_error text,
    last_worked_at timestamptz
);

-- Without a project: the key ring that encrypts credentials belongs to the installation.
create table data_protection_keys (
    id text primary key,
    xml text not null,
    created_at timestamptz not null default now()
);

-- Aborts the transaction when a statement touched fewer rows than it was planned for: what had been read before is stale, and the caller
-- reads again. 40001 is the SQLSTATE of a serialisation failure, which this is.
create function require_rows(touched bigint, expected bigint) returns void language plpgsql as $$
begin
    if touched <> expected then
        raise exception 'stale: % rows of % were as read', touched, expected using errcode = '40001';
    end if;
end $$;
