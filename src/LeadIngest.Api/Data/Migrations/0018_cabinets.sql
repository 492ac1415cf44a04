-- Advertising cabinets that are asked for their spend: Yandex Direct and VK Ads.

alter table spend_accounts drop constraint spend_accounts_kind_check;
alter table spend_accounts add constraint spend_accounts_kind_check check (kind in ('file', 'yandex_direct', 'vk_ads'));

-- Where an import comes from. What a cabinet told before and tells anew is not kept: it can be asked again.
alter table spend_imports add column origin text not null default 'file' check (origin in ('file', 'yandex_direct', 'vk_ads'));

create table spend_cabinets (
    project_id uuid not null,
    account_id uuid not null,
    base_address text not null,
    -- Encrypted; never shown.
    credentials bytea not null,
    -- Yandex Direct: the advertiser, where the token is an agency's; and whose points its requests cost.
    client_login text,
    operator_units boolean not null default false,
    -- How finely; one level alone, or the same money would count twice.
    level text not null check (level in ('campaign', 'group', 'ad', 'keyword')),
    -- Its days and its hour are by this clock.
    time_zone text not null,
    load_hour smallint not null check (load_hour between 0 and 23),
    -- So many days back are loaded anew every day: platforms restate the past.
    restate_days smallint not null check (restate_days between 7 and 90),
    -- Where the first load begins. Null: as far back as the vendor keeps.
    load_from date,
    paused boolean not null default false,
    state text not null default 'active' check (state in ('active', 'needs_reauth')),
    last_load_at timestamptz,
    last_error text,
    last_error_at timestamptz,
    -- The last day that the daily load has brought.
    loaded_to date,
    -- When the next daily load is put into the queue.
    schedule_at timestamptz not null,
    -- One node at a time: the token grows with every take and fences what the holder writes.
    lease_owner text,
    lease_token bigint not null default 0,
    lease_until timestamptz not null default '-infinity',
    worked_at timestamptz,
    is_demo boolean not null default false,
    primary key (project_id, account_id),
    foreign key (project_id, account_id) references spend_accounts on delete cascade
);
create index spend_cabinets_schedule on spend_cabinets (schedule_at) where state = 'active' and not paused;

-- What is to be loaded: days, from the newest back, a part at a time. A part is written with its progress in one transaction.
create table spend_loads (
    project_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    reason text not null check (reason in ('first', 'daily', 'person')),
    first_day date not null,
    last_day date not null,
    -- The newest day that is not loaded yet; before first_day: all are.
    next_day date not null,
    -- Days of a part, where the vendor found more of them too many. Null: as many as the cabinet allows.
    part_days smallint check (part_days > 0),
    state text not null default 'waiting' check (state in ('waiting', 'done', 'replaced')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    -- What it waits for, in words.
    note text,
    taken bigint not null default 0,
    created_at timestamptz not null,
    done_at timestamptz,
    primary key (project_id, id),
    foreign key (project_id, account_id) references spend_cabinets on delete cascade,
    check (last_day >= first_day)
);
create index spend_loads_account on spend_loads (project_id, account_id, created_at);
create index spend_loads_waiting on spend_loads (next_at) where state = 'waiting';
