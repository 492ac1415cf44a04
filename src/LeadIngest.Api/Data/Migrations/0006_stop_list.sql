-- Whose posts are no enquiries: known spammers, and the project's own people who try their forms out.
create table stop_list (
    project_id uuid not null references projects,
    kind text not null check (kind in ('phone', 'email', 'domain', 'ip', 'word', 'visitor')),
    -- In the spelling of leads: E.164, lower case, 192.0.2.0/24; see Core/Junk/StopValue.
    value text not null,
    id uuid not null,
    verdict text not null default 'spam' check (verdict in ('spam', 'test')),
    note text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, kind, value)
);
create unique index stop_list_id on stop_list (project_id, id);

-- Grows with every change of the list, so that nodes read a long list again only when it says something new.
alter table projects add column stop_list_version integer not null default 0;
