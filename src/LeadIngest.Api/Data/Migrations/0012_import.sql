-- What is read out of a CRM account through a connection: all its people and firms once, then those that changed.
create table crm_imports (
    project_id uuid not null,
    connection_id uuid not null,
    -- Of the first reading: waiting, running, paused and cancelled (by a person), failed (the CRM will not answer), done.
    state text not null default 'waiting' check (state in ('waiting', 'running', 'paused', 'cancelled', 'failed', 'done')),
    contacts integer not null default 0,
    companies integer not null default 0,
    identities integer not null default 0,
    -- Cards that joined nobody: nothing to reach them by, or too much.
    skipped integer not null default 0,
    requested_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    last_error text,
    -- The pass that is under way. Null began: none. Null since: all cards; else those changed from then on.
    pass_began timestamptz,
    since timestamptz,
    phase text not null default 'contacts' check (phase in ('contacts', 'companies')),
    cursor text,
    -- Everything that changed before this moment has been read.
    read_until timestamptz,
    -- When there is something to do again; null: not by itself.
    next_at timestamptz default clock_timestamp(),
    -- Encrypted: the secret of our address for the CRM's webhooks, and what the CRM sends along to prove itself (Bitrix24's application token).
    hook_secret bytea not null,
    hook_proof bytea,
    hook_address text,
    hook_state text,
    hook_why text,
    hook_checked_at timestamptz,
    hook_seen_at timestamptz,
    primary key (project_id, connection_id),
    foreign key (project_id, connection_id) references connections on delete cascade
);
create index crm_imports_connection on crm_imports (connection_id);

-- Webhooks of the CRMs as they came. Only the ids in them are believed: the cards are read again.
create table crm_events (
    project_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    received_at timestamptz not null default clock_timestamp(),
    content_type text,
    body bytea not null,
    body_sha256 bytea not null,
    -- Cards still to be read, as contact:12 and company:5.
    pending text[] not null default '{}',
    -- Deals and leads it speaks of, as deal:7 and lead:9.
    deals text[] not null default '{}',
    primary key (project_id, id),
    foreign key (project_id, connection_id) references connections on delete cascade
);
-- The same message again is the same row.
create unique index crm_events_body on crm_events (project_id, connection_id, body_sha256);
create index crm_events_pending on crm_events (connection_id, received_at) where pending <> '{}';
create index crm_events_age on crm_events (connection_id, received_at);
