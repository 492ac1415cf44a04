-- A login that is refreshed by itself, beside credentials that stay as they are. The tokens are in credentials, encrypted; here is only what has to be searched for.
alter table connections
    add column auth text not null default 'fixed' check (auth in ('fixed', 'oauth')),
    -- The CRM's own name of the account, which a new host does not change: amoCRM's account number, Bitrix24's member_id.
    add column remote_account text,
    -- The integration or application that the login was given to.
    add column client_id text,
    add column token_refreshed_at timestamptz,
    -- Our own fields in the CRM, as the last check found them: part of the passport -> the CRM's code of the field.
    add column own_fields jsonb not null default '{}';
create index connections_remote on connections (crm, remote_account) where remote_account is not null;
create index connections_refreshed on connections (token_refreshed_at) where auth = 'oauth';

-- Logins that were begun: the state that the CRM's page sends back works once and for a while.
create table authorizations (
    project_id uuid not null references projects,
    id uuid not null,
    state_hash bytea not null,
    -- Of the connection to be made, or of the one to be logged in anew.
    connection_id uuid not null,
    crm text not null check (crm in ('amocrm', 'bitrix24')),
    name text not null,
    settings jsonb not null default '{}',
    -- Encrypted like credentials, and bound to connection_id: the keys of the integration.
    keys bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (project_id, id)
);
create index authorizations_state on authorizations (state_hash);
