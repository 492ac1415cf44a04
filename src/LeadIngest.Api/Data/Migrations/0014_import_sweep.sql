-- What polling cannot see: cards that were deleted or merged while no webhook came.
-- A pass over what changed ends with the CRM's own log, where it keeps one.
alter table crm_imports drop constraint crm_imports_phase_check;
alter table crm_imports add constraint crm_imports_phase_check check (phase in ('contacts', 'companies', 'log'));
-- Where it keeps none, all cards are listed again now and then, a page at a time, and those known here that are not listed are asked for by id.
alter table crm_imports add column has_log boolean not null default false;
alter table crm_imports add column sweep_phase text not null default 'contacts' check (sweep_phase in ('contacts', 'companies'));
alter table crm_imports add column sweep_cursor text;
-- The greatest id listed so far in this phase: ids up to it have been compared.
alter table crm_imports add column sweep_seen bigint not null default 0;
-- The next page; null: so long after the first reading.
alter table crm_imports add column sweep_at timestamptz;
comment on column crm_events.content_type is 'Of a webhook; recheck, log or sweep where reading itself wants to see the cards again.';
comment on column identities.value is 'crm_contact: <connection>/<id>, company:<connection>/<id>, and gone:<connection>/<id> of a card that is not there any more.';
-- A card that is gone leads to those that were held for the same people; the other half of the pair has its index by the key.
create index merge_suggestions_second on merge_suggestions (project_id, client_b) where resolved_at is null;
