-- Row-level security: the second wall behind queries that name their project. Logged-in requests read and write as leadingest_app (see Data/ProjectPool.cs; the role belongs to the server and is
-- made by Data/WallRole.cs), to which every table shows the rows of the project in app.project, and no row where that is not set. The owner of the tables, who runs ingest, delivery and all
-- other work without a request, sees them as before: such work serves all projects.
--
-- Every table is locked for a moment, and all of them until the end of this file. Nothing is read or rewritten (some hundred rows of catalogues, well under a second), the version that still runs
-- works as the owner and notices nothing, and who cannot get a lock within lock_timeout lets go of all of them and tries again (Data/Migrator.cs).

-- A migration that makes a table with project_id ends with `select raise_walls();`. A table without one is shut to leadingest_app unless it is opened by name, as below.
create function raise_walls() returns void language plpgsql as $$
declare
    wall text := $wall$project_id = nullif(current_setting('app.project', true), '')::uuid$wall$;
    found record;
begin
    for found in
        select c.oid::regclass as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'project_wall')
        order by c.oid
    loop
        execute format('alter table %s enable row level security', found.name);
        execute format('create policy project_wall on %s to leadingest_app using (%s) with check (%s)', found.name, wall, wall);
        execute format('grant select, insert, update, delete on %s to leadingest_app', found.name);
    end loop;
    -- A view reads as whoever made it unless told otherwise, and its maker stands before the wall.
    for found in select c.oid::regclass as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
    loop
        execute format('alter view %s set (security_invoker = true)', found.name);
        execute format('grant select on %s to leadingest_app', found.name);
    end loop;
end $$;

grant usage on schema public to leadingest_app;
do $$
begin
    -- Everybody may, unless an administrator has said otherwise.
    if not has_database_privilege('leadingest_app', current_database(), 'temporary') then
        execute format('grant temporary on database %I to leadingest_app', current_database());
    end if;
end $$;
-- Functions run as whoever calls them, those of triggers too: what they read and mark is of the project whose change caused it.
grant execute on all functions in schema public to leadingest_app;
grant usage, select on all sequences in schema public to leadingest_app;
-- No rights on tables to come: one whose wall was forgotten would show all projects. Functions have nothing of their own to give away.
alter default privileges in schema public grant execute on functions to leadingest_app;

select raise_walls();

-- Who may do what, and what was done, is written by signing in and by the audit log themselves, which stand before the wall.
do $$
declare
    kept regclass;
begin
    foreach kept in array array[to_regclass('memberships'), to_regclass('invitations'), to_regclass('audit'), to_regclass('audit_heads')]
    loop
        if kept is not null then execute format('revoke insert, update, delete on %s from leadingest_app', kept); end if;
    end loop;
end $$;

-- Of no project. How the CRM account stands that a connection of the project leads to: its limits and its last trouble.
alter table crm_accounts enable row level security;
create policy own_connections on crm_accounts for select to leadingest_app using (exists (select 1 from connections k where k.account_key = crm_accounts.account_key));
grant select on crm_accounts to leadingest_app;
