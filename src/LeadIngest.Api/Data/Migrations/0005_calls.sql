-- Grows by one with every stored event: a folder that read an older state writes nothing.
alter table calls add column revision integer not null default 0;
create index leads_call on leads (project_id, call_id) where call_id is not null;
