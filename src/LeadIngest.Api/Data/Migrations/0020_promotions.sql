-- Promotions: what was planned of an action, and the tag by which its leads, deals and spend are known.
create table promotions (
    project_id uuid not null references projects,
    id uuid not null,
    name text not null,
    -- The level of the passport that the tag stands in, and its value; compared without case and spacing, with the names of passports and with utm values as they came.
    tag_kind text not null check (tag_kind in ('source', 'medium', 'campaign', 'content', 'keyword')),
    tag text not null,
    goal text not null check (goal in ('leads', 'clients', 'deals', 'revenue', 'checks', 'frequency', 'reach')),
    -- What the goal's figure should come to, where none of the plans below says it: an average check, purchases a client, visits.
    goal_target numeric(18, 2),
    description text,
    first_day date not null,
    last_day date not null,
    responsible text,
    plan_leads integer,
    plan_clients integer,
    plan_revenue numeric(18, 2),
    plan_budget numeric(18, 2),
    -- What it cost where no cabinet tells; in the project's currency, on its VAT basis. Null: spend of the tag counts.
    actual_spend numeric(18, 2),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    check (last_day >= first_day)
);
create index promotions_days on promotions (project_id, first_day, last_day);

-- The purchases of every client in their order, without the rest of the row: what cohorts, RFM and the base of clients go through.
create index deal_facts_purchases on deal_facts (project_id, client_id, won_day) include (amount) where won_day is not null and client_id is not null;
