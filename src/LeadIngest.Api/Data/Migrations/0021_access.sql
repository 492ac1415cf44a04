-- People who sign in. A person may be a member of several projects, so the person, the sign-ins and the resets belong to none: users, sessions, password_resets,
-- sign_in_failures and setup_codes are small reference tables of the installation. What somebody may do, whom a project has asked in, and what was done there carry
-- the project first, like everything else.
create table users (
    id uuid primary key,
    -- Lower case, as it is signed in by.
    email text not null check (email = lower(email)),
    name text not null,
    language text not null default 'ru' check (language in ('ru', 'en')),
    -- Identity's format V3, Base64; null: asked in and not come yet.
    password_hash text,
    -- Encrypted: the secret that codes are made from, and one that has not been confirmed by a code yet.
    totp bytea,
    totp_pending bytea,
    -- The step of the last code that was taken: a code works once.
    totp_step bigint not null default 0,
    -- SHA-256 of those that are left.
    recovery_codes bytea[] not null default '{}',
    created_at timestamptz not null,
    last_seen_at timestamptz
);
create unique index users_email on users (email);

create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- SHA-256 of the cookie.
    token_hash bytea not null,
    started_at timestamptz not null,
    -- To the minute.
    last_seen_at timestamptz not null,
    -- When the password was last given.
    confirmed_at timestamptz not null,
    address text,
    user_agent text
);
create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (user_id);

create table password_resets (
    token_hash bytea primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index password_resets_user on password_resets (user_id);

-- By SHA-256 of the e-mail as it was typed, known or not: what is counted must not tell which of the two it is.
create table sign_in_failures (
    email_hash bytea primary key,
    failures integer not null,
    failed_at timestamptz not null,
    locked_until timestamptz
);
create index sign_in_failures_age on sign_in_failures (failed_at);

-- The code of the first start, as SHA-256; one row at most.
create table setup_codes (
    code_hash bytea primary key,
    created_at timestamptz not null
);

create table memberships (
    project_id uuid not null references projects,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('owner', 'marketer', 'manager', 'operator')),
    sees_contacts boolean not null,
    -- Of a manager: [{"connectionId":…,"userId":…}], whose deals are his own.
    crm_users jsonb not null default '[]',
    created_at timestamptz not null,
    disabled_at timestamptz,
    primary key (project_id, user_id)
);
create index memberships_user on memberships (user_id);

-- Whom a project has asked in; becomes a membership when it is accepted.
create table invitations (
    project_id uuid not null references projects,
    user_id uuid not null references users on delete cascade,
    token_hash bytea not null,
    name text not null,
    role text not null check (role in ('owner', 'marketer', 'manager', 'operator')),
    sees_contacts boolean not null,
    crm_users jsonb not null default '[]',
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (project_id, user_id)
);
create index invitations_token on invitations (token_hash);
create index invitations_user on invitations (user_id);

-- What people and their programs did and looked at, one chain a project: each row's hash covers the row and the hash before it.
create table audit (
    project_id uuid not null references projects,
    id uuid not null,
    n bigint not null,
    at timestamptz not null,
    user_id uuid,
    key_id uuid,
    who text not null,
    address text,
    action text not null,
    entity text,
    entity_id text,
    -- Outcome, names of fields and filters, counts: never what stands in them.
    detail jsonb not null,
    before bytea not null,
    hash bytea not null,
    primary key (project_id, id)
);
create unique index audit_chain on audit (project_id, n);
create index audit_user on audit (project_id, user_id, id);
create index audit_entity on audit (project_id, entity_id, id) where entity_id is not null;

create table audit_heads (
    project_id uuid primary key,
    n bigint not null,
    hash bytea not null
);

create function audit_hash(a audit) returns bytea language sql stable as $$
    select sha256(a.before || convert_to(jsonb_build_array(a.project_id, a.id, a.n, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        a.user_id, a.key_id, a.who, a.address, a.action, a.entity, a.entity_id, a.detail)::text, 'UTF8'))
$$;

-- Entries of one project wait for each other here and nothing else does: the head is locked by nobody but them.
create function audit_add(a audit) returns void language plpgsql as $$
declare
    head audit_heads;
begin
    insert into audit_heads (project_id, n, hash) values (a.project_id, 0, '') on conflict do nothing;
    select * into head from audit_heads h where h.project_id = a.project_id for update;
    a.n := head.n + 1;
    a.before := head.hash;
    a.hash := audit_hash(a);
    insert into audit select a.*;
    update audit_heads h set n = a.n, hash = a.hash where h.project_id = a.project_id;
end $$;

-- The first place where the chain of a project does not hold; null: it does. The oldest rows may be gone, no others.
create function audit_fault(project uuid) returns bigint language sql stable as $$
    select min(f.n) from (
        select a.n from (
            select c.n, c.hash, c.before, audit_hash(c) as made, lag(c.n) over w as n_before, lag(c.hash) over w as hash_before
            from audit c where c.project_id = project window w as (order by c.n)
        ) a
        where a.hash <> a.made or (a.n_before is not null and (a.n <> a.n_before + 1 or a.before <> a.hash_before))
        union all
        select h.n from audit_heads h where h.project_id = project and h.n > 0
            and not exists (select 1 from audit l where l.project_id = project and l.n = h.n and l.hash = h.hash)
            and exists (select 1 from audit l where l.project_id = project)
    ) f
$$;

-- Retention alone may take rows away, and says so in its own transaction: set_config('app.audit_retention', 'on', true).
create function audit_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('app.audit_retention', true) = 'on' then return old; end if;
    raise exception 'the audit log is only added to' using errcode = '42501';
end $$;
create trigger audit_kept before update or delete on audit for each row execute function audit_is_kept();
create trigger audit_not_emptied before truncate on audit for each statement execute function audit_is_kept();
