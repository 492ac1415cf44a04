-- Settings of pages that people gave a name: filters, columns, sorting. No figures and no people in them.
create table saved_views (
    project_id uuid not null references projects,
    id uuid not null,
    page text not null check (page in ('sources', 'leads', 'clients', 'calls', 'funnel', 'retention', 'team')),
    name text not null,
    settings jsonb not null check (jsonb_typeof(settings) = 'object'),
    -- Everybody in the project sees it; else whoever made it.
    is_shared boolean not null,
    -- Who made it; null: an API key.
    user_id uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    check (user_id is not null or is_shared)
);
