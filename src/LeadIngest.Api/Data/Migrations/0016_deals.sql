-- What is read back out of the CRMs: deals with everything that figures are made of. The CRM is the owner of these rows: they are written by the worker that
-- holds the account's lease and by nobody else. No text of a note, a message or a task is kept.
create table deals (
    project_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    -- lead: a lead of Bitrix24, which is won when it is converted; that is no sale.
    kind text not null check (kind in ('deal', 'lead')),
    remote_id bigint not null,
    name text,
    -- Empty: the only one of its kind.
    pipeline_id text not null default '',
    stage_id text not null,
    state text not null check (state in ('open', 'won', 'lost')),
    amount numeric not null default 0,
    currency text,
    responsible_id text,
    -- The main contact, and all of them with the main one first.
    contact_id text,
    contact_ids text[] not null default '{}',
    company_id text,
    -- The client as the contact stood when it was joined; who was merged since is found by the family of it, as with leads.
    client_id uuid,
    -- Our lead that became this deal.
    lead_id uuid,
    -- Bitrix24: the lead that was converted into this deal.
    from_lead_id bigint,
    lost_reason_id text,
    -- By the CRM's clock. moved_at: when it came to its stage, where the CRM says that.
    created_at timestamptz,
    updated_at timestamptz,
    updated_by text,
    moved_at timestamptz,
    moved_by text,
    closed_at timestamptz,
    -- Not there any more; the CRM's moment where its log told of it, else ours. merged_into: what became of it, where that can be known.
    deleted_at timestamptz,
    merged_into uuid,
    told_deleted_at timestamptz,
    told_merged_at timestamptz,
    -- Its products are still to be read.
    products_due boolean not null default false,
    first_seen_at timestamptz not null default clock_timestamp(),
    version integer not null default 1,
    primary key (project_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);
create unique index deals_remote on deals (project_id, connection_id, kind, remote_id);
create index deals_client on deals (project_id, client_id);
create index deals_lead on deals (project_id, lead_id) where lead_id is not null;
create index deals_contact on deals (project_id, connection_id, contact_id);
create index deals_made on deals (project_id, created_at);
create index deals_month on deals (project_id, connection_id, kind, created_at) where deleted_at is null;
create index deals_products_due on deals (project_id, connection_id, remote_id) where products_due;
create index deals_gone on deals (project_id, connection_id, deleted_at) where deleted_at is not null;

-- The whole course of a deal through its stages, without a gap: each step begins where the one before ended, the last ends where the deal stands.
create table stage_changes (
    project_id uuid not null,
    deal_id uuid not null,
    n integer not null,
    at timestamptz not null,
    -- Null: how it began, or how far back is known.
    from_pipeline_id text,
    from_stage_id text,
    pipeline_id text not null,
    stage_id text not null,
    by_id text,
    -- history: told by the CRM; seen: by looking at the card; inferred: neither, but the steps around it do not fit without it.
    origin text not null check (origin in ('history', 'seen', 'inferred')),
    order_key text,
    -- The history itself said where from.
    is_told boolean not null default false,
    primary key (project_id, deal_id, n),
    foreign key (project_id, deal_id) references deals (project_id, id) on delete cascade
);

-- The same for its amount: what was changed, and on which day.
create table deal_changes (
    project_id uuid not null,
    deal_id uuid not null,
    n integer not null,
    at timestamptz not null,
    from_amount numeric,
    from_currency text,
    amount numeric not null,
    currency text,
    by_id text,
    origin text not null check (origin in ('history', 'seen', 'inferred')),
    order_key text,
    is_told boolean not null default false,
    primary key (project_id, deal_id, n),
    foreign key (project_id, deal_id) references deals (project_id, id) on delete cascade
);

create table deal_products (
    project_id uuid not null,
    deal_id uuid not null,
    n integer not null,
    -- Null: typed by hand.
    product_id text,
    name text,
    -- Of one, in the deal's currency.
    price numeric,
    quantity numeric not null,
    primary key (project_id, deal_id, n),
    foreign key (project_id, deal_id) references deals (project_id, id) on delete cascade
);

-- Dictionaries of a CRM account. What was removed there stays here: deals of the past still name it.
create table crm_pipelines (
    project_id uuid not null,
    connection_id uuid not null,
    kind text not null check (kind in ('deal', 'lead')),
    id text not null,
    name text not null,
    sort integer not null,
    removed_at timestamptz,
    primary key (project_id, connection_id, kind, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);

create table crm_stages (
    project_id uuid not null,
    connection_id uuid not null,
    kind text not null check (kind in ('deal', 'lead')),
    pipeline_id text not null,
    id text not null,
    name text not null,
    sort integer not null,
    state text not null check (state in ('open', 'won', 'lost')),
    removed_at timestamptz,
    primary key (project_id, connection_id, kind, pipeline_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);

create table crm_users (
    project_id uuid not null,
    connection_id uuid not null,
    id text not null,
    name text not null,
    is_active boolean not null,
    removed_at timestamptz,
    primary key (project_id, connection_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);

create table crm_lost_reasons (
    project_id uuid not null,
    connection_id uuid not null,
    id text not null,
    name text not null,
    removed_at timestamptz,
    primary key (project_id, connection_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);

create table crm_tasks (
    project_id uuid not null,
    connection_id uuid not null,
    id bigint not null,
    -- deal, lead, contact, company; null: at no card.
    owner_kind text,
    owner_id bigint,
    kind text not null check (kind in ('call', 'meeting', 'email', 'task')),
    responsible_id text,
    created_at timestamptz,
    due_at timestamptz,
    is_done boolean not null,
    done_at timestamptz,
    updated_at timestamptz,
    -- Not among the open ones any more, though nobody has seen it done.
    removed_at timestamptz,
    seen_at timestamptz not null default clock_timestamp(),
    primary key (project_id, connection_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);
create index crm_tasks_owner on crm_tasks (project_id, connection_id, owner_kind, owner_id);
create index crm_tasks_open on crm_tasks (project_id, connection_id, due_at) where not is_done and removed_at is null;

-- Contacts with clients: when, of what kind, which way, by whom.
create table crm_touches (
    project_id uuid not null,
    connection_id uuid not null,
    id text not null,
    owner_kind text not null,
    owner_id bigint not null,
    at timestamptz not null,
    kind text not null check (kind in ('call', 'message', 'email', 'sms')),
    direction text check (direction in ('in', 'out')),
    by_id text,
    primary key (project_id, connection_id, id),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);
create index crm_touches_owner on crm_touches (project_id, connection_id, owner_kind, owner_id, at);

-- How far all that has been read through a connection. Beside crm_imports, whose webhooks it shares: neither holds the other up.
create table deal_readings (
    project_id uuid not null,
    connection_id uuid not null,
    -- Of the first reading, as in crm_imports. It begins when the people have been read.
    state text not null default 'waiting' check (state in ('waiting', 'running', 'paused', 'cancelled', 'failed', 'done')),
    deals integer not null default 0,
    changes integer not null default 0,
    tasks integer not null default 0,
    touches integer not null default 0,
    -- Parts that the CRM does not let us read.
    refused text[] not null default '{}',
    requested_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    last_error text,
    pass_began timestamptz,
    since timestamptz,
    part text not null default 'directories',
    cursor text,
    read_until timestamptz,
    next_at timestamptz default clock_timestamp(),
    directories_at timestamptz,
    -- amoCRM: the account's.
    currency text,
    -- The comparison under way: which cards, the months that differ (empty: not counted yet; -infinity: all of them at once), and where in them.
    sweep_part text not null default 'deals' check (sweep_part in ('deals', 'leads', 'tasks')),
    sweep_months timestamptz[] not null default '{}',
    sweep_cursor text,
    sweep_seen bigint not null default 0,
    sweep_began timestamptz,
    sweep_at timestamptz,
    primary key (project_id, connection_id),
    foreign key (project_id, connection_id) references crm_imports on delete cascade
);
create index deal_readings_connection on deal_readings (connection_id);
insert into deal_readings (project_id, connection_id) select project_id, connection_id from crm_imports;

-- Deals that a webhook spoke of are read now: what is left of earlier ones is found by the first reading.
update crm_events set deals = '{}' where deals <> '{}';
comment on column crm_events.deals is 'Deals and leads still to be read, as deal:7 and lead:9.';
create index crm_events_deals on crm_events (connection_id, received_at) where deals <> '{}';

-- A deal in amoCRM that could not be given our id is known by the delivery that made it.
create index deliveries_card on deliveries (project_id, connection_id, remote_lead_id) where kind = 'deal' and remote_lead_id is not null;
