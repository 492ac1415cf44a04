-- How many turns the users of a rule have taken: the next lead goes to the next of them, whatever node delivers it.
create table routing_turns (
    project_id uuid not null,
    connection_id uuid not null,
    -- The rule's name; empty: what is for every lead.
    rule text not null,
    taken bigint not null default 0,
    primary key (project_id, connection_id, rule),
    foreign key (project_id, connection_id) references connections (project_id, id) on delete cascade
);

-- note_task: a note in the open deal, and a task beside it.
alter table projects drop constraint projects_repeat_policy_check;
alter table projects add constraint projects_repeat_policy_check check (repeat_policy in ('deal', 'note', 'note_task'));
