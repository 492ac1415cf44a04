-- People's data: proof of consent that nobody changes, how long what is kept, and who was erased.

-- How a project keeps its register of processing, and for how long what is kept. No row: the defaults.
create table privacy_settings (
    project_id uuid not null references projects,
    -- Whose data it is, and who works with it by the operator's order (an agency, a host).
    operator_name text,
    operator_contact text,
    processor_name text,
    purpose text,
    legal_basis text,
    raw_bodies_days integer not null default 90 check (raw_bodies_days between 1 and 36500),
    rejects_days integer not null default 90 check (rejects_days between 1 and 36500),
    attempts_days integer not null default 30 check (attempts_days between 1 and 36500),
    -- Null: as long as the service keeps visits; for ever.
    visits_days integer check (visits_days between 1 and 36500),
    leads_days integer check (leads_days between 1 and 36500),
    audit_days integer not null default 1095 check (audit_days between 1 and 36500),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (project_id)
);

-- What the daily keeping took away: by kind, how many rows.
create table retention_runs (
    project_id uuid not null references projects,
    -- Of the project's time zone.
    day date not null,
    counts jsonb not null,
    finished_at timestamptz not null,
    primary key (project_id, day)
);

-- By what an erased person is known again without being known: a key for HMAC-SHA256, encrypted like credentials.
create table erasure_keys (
    project_id uuid not null references projects,
    key bytea not null,
    primary key (project_id)
);

-- Acts of erasure. They hold nothing of the person.
create table erasures (
    project_id uuid not null references projects,
    id uuid not null,
    -- The client as it was asked for, and everybody merged with it.
    client_id uuid not null,
    client_ids uuid[] not null,
    at timestamptz not null,
    by_name text not null,
    reason text not null,
    -- By kind, how many rows.
    counts jsonb not null,
    -- Cards in the CRMs that people have to erase there: [{"connectionId","kind","remoteId"}, …]
    crm_objects jsonb not null,
    due_at timestamptz,
    primary key (project_id, id)
);
create index erasures_clients on erasures using gin (client_ids);

-- The person's phones, e-mails and messengers, as HMAC of "kind:value".
create table erased_contacts (
    project_id uuid not null,
    erasure_id uuid not null,
    hash bytea not null,
    primary key (project_id, erasure_id, hash),
    foreign key (project_id, erasure_id) references erasures on delete cascade
);
create index erased_contacts_hash on erased_contacts (project_id, hash);

-- The person's cards in the CRMs: what is read of them brings nobody back.
create table erased_cards (
    project_id uuid not null,
    erasure_id uuid not null,
    connection_id uuid not null,
    kind text not null check (kind in ('contact', 'company')),
    remote_id text not null,
    primary key (project_id, erasure_id, connection_id, kind, remote_id),
    foreign key (project_id, erasure_id) references erasures on delete cascade
);
create index erased_cards_card on erased_cards (project_id, connection_id, kind, remote_id);

-- Which act took the person out of the row.
alter table clients add column erasure_id uuid;
alter table leads add column erasure_id uuid;
alter table calls add column erasure_id uuid;
alter table deals add column erasure_id uuid;

-- For the daily keeping: calls' messages that still have their bodies, and attempts by their age.
create index call_events_bodies on call_events (project_id, received_at) where octet_length(body) > 0 or query is not null;
create index delivery_attempts_age on delivery_attempts using brin (started_at);

-- Proof of consent is written once. Only the erasure of the person, or the end of the lead's term, takes out of it what names the person.
create function keep_consent() returns trigger language plpgsql as $$
begin
    if coalesce(current_setting('app.erasing', true), '') <> 'on' then
        raise exception 'the consent of a lead cannot be changed' using errcode = 'check_violation', constraint = 'leads_consent_kept';
    end if;
    return new;
end $$;
create trigger consent_kept before update of details on leads for each row
    when (jsonb_typeof(old.details -> 'consent') = 'object' and (old.details -> 'consent') is distinct from (new.details -> 'consent'))
    execute function keep_consent();

-- The text without the person: each pattern (a phone in any spelling, an address, a name) becomes ***.
create function without_person(value text, patterns text[]) returns text language plpgsql immutable parallel safe as $$
declare pattern text;
begin
    if value is null then return null; end if;
    foreach pattern in array patterns loop
        value := regexp_replace(value, pattern, '***', 'gi');
    end loop;
    return value;
end $$;

-- The same of JSON. Where the person stands as a number, the text is no JSON any more: nothing of it is kept then.
create function without_person(value jsonb, patterns text[]) returns jsonb language plpgsql immutable parallel safe as $$
declare clean text := without_person(value::text, patterns);
begin
    if clean is not distinct from value::text then return value; end if;
    return clean::jsonb;
exception when invalid_text_representation then
    return case when jsonb_typeof(value) = 'array' then '[]'::jsonb else '{}'::jsonb end;
end $$;

create function without_query(address text) returns text language sql immutable parallel safe return split_part(split_part(address, '?', 1), '#', 1);

-- What looks like an e-mail or a phone, whoever's it is. Ids of advertisements are digits too: a phone has its plus, or is written as one.
create function contact_patterns() returns text[] language sql immutable parallel safe return array[
    '[[:alnum:]._+-]{1,64}(@|%40)[[:alnum:].-]{1,200}\.[[:alpha:]]{2,24}',
    '(\+|%2b)[0-9](([ ().-]|%20|%28|%29|%2d){0,4}[0-9]){9,14}',
    '(?<![0-9])[78]([ ().-]|%20|%28|%29|%2d){0,4}9(([ ().-]|%20|%28|%29|%2d){0,4}[0-9]){9}(?![0-9])'];

-- A passport that still says which advertisement, and no more who came: no ids of the click, no parameters of addresses.
create function anonymous_passport(passport jsonb, patterns text[]) returns jsonb language sql immutable parallel safe as $$
    select coalesce(without_person(p, patterns || contact_patterns()), '{}') from (
        select jsonb_strip_nulls((passport - 'clickIds') || jsonb_build_object('clickIds', '{}'::jsonb, 'landingPage', without_query(passport ->> 'landingPage'),
            'referrer', without_query(passport ->> 'referrer'))) as p) s
$$;

-- A call's message without the caller: when what happened.
create function anonymous_call_event(event jsonb) returns jsonb language sql immutable parallel safe
    return event - array['clientPhone', 'clientName', 'recordingUrl', 'recordingId', 'visitorId', 'page', 'referrer', 'tags', 'fields', 'warnings'];

-- The kind of device is all that figures take from a browser's name.
create function anonymous_details(details jsonb, patterns text[]) returns jsonb language sql immutable parallel safe as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'warnings', details -> 'warnings', 'reasons', details -> 'reasons', 'userAgent', device_of(details ->> 'userAgent'),
        'fields', (select jsonb_agg(jsonb_build_array('region', r.region)) from (select region_of(null, details -> 'fields') as region) r
            where r.region !~ '[0-9@]' and length(r.region) <= 60 and without_person(r.region, patterns) = r.region),
        'consent', case when jsonb_typeof(details -> 'consent') = 'object' then (details -> 'consent') - array['ip', 'page', 'text'] end))
$$;

-- Late news of an erased person. A deal's name is what a manager called it, mostly after the client: it stays away until the person writes again and the card is somebody's.
create function erased_deal() returns trigger language plpgsql as $$
begin
    if new.erasure_id is not null or (new.contact_id is not null
        and exists (select from erased_cards e where e.project_id = new.project_id and e.connection_id = new.connection_id and e.kind = 'contact' and e.remote_id = new.contact_id)
        and not exists (select from identities i where i.project_id = new.project_id and i.kind = 'crm_contact' and i.value = new.connection_id || '/' || new.contact_id)) then
        new.name := null;
    end if;
    return new;
end $$;
create trigger erased before insert or update of name on deals for each row when (new.name is not null) execute function erased_deal();

-- A delivery that was on its way when its person was erased ends, but never begins again; and no word of the CRM about it is kept.
create function erased_delivery() returns trigger language plpgsql as $$
begin
    if exists (select from leads l where l.project_id = new.project_id and l.id = new.lead_id and l.erasure_id is not null) then
        if new.state = 'pending' then
            new.state := 'dead';
            new.next_attempt_at := null;
            new.parked := false;
            new.waits_for := null;
        end if;
        new.last_error := case when new.state = 'dead' then 'erased' end;
        new.warnings := null;
    end if;
    return new;
end $$;
create trigger erased before update of state, last_error, warnings on deliveries for each row
    when ((new.state = 'pending' and old.state <> 'pending') or (new.last_error is not null and new.last_error is distinct from old.last_error) or (new.warnings is not null and new.warnings is distinct from old.warnings))
    execute function erased_delivery();
