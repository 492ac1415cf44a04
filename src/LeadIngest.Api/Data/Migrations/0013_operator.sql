-- Who stopped a connection and when; and, where the CRM refused the account for something that may pass (an unpaid bill), when one lead is tried.
alter table connections
    add column state_by text,
    add column state_at timestamptz,
    add column probe_at timestamptz,
    add column probes integer not null default 0;

-- What is used of the account's request limit: the next holder of the lease goes on from there, and the operator sees it.
alter table crm_accounts
    add column rate_level double precision not null default 0,
    add column rate_at timestamptz,
    add column rate_per_second double precision,
    add column rate_burst double precision,
    add column rate_last_second integer,
    add column rate_last_minute integer,
    add column last_error_at timestamptz;
