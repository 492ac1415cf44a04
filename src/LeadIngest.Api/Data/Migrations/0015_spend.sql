-- What advertising costs: by day, cabinet, campaign, group, ad and keyword; in the cabinet's own money, converted where it is read.

-- On what basis reports count: net or gross of value-added tax.
alter table projects add column spend_vat text not null default 'gross' check (spend_vat in ('net', 'gross'));

-- What spend is replaced by: one cabinet, or whatever else sends one table after another.
create table spend_accounts (
    project_id uuid not null references projects,
    id uuid not null,
    kind text not null default 'file' check (kind in ('file')),
    name text not null,
    -- For rows that name none themselves.
    source text,
    medium text,
    currency char(3),
    -- Null: as the table says.
    vat_included boolean,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);
create unique index spend_accounts_name on spend_accounts (project_id, lower(name));

create table spend_imports (
    project_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    -- Who: the API key.
    key_id uuid,
    file_name text,
    file_sha256 bytea not null,
    first_day date,
    last_day date,
    -- Rows of the file: taken, refused, skipped as totals.
    taken integer not null,
    refused integer not null,
    skipped integer not null,
    -- Columns as understood, notes, totals, and the first refused rows with their reasons.
    report jsonb not null,
    undone_at timestamptz,
    primary key (project_id, id),
    foreign key (project_id, account_id) references spend_accounts on delete cascade
);
create index spend_imports_account on spend_imports (project_id, account_id, id);

-- Which days of the account an import speaks for: a campaign that it does not name on them costs nothing on them. Of several the newest counts.
create table spend_import_days (
    project_id uuid not null,
    account_id uuid not null,
    day date not null,
    import_id uuid not null,
    primary key (project_id, account_id, day, import_id),
    foreign key (project_id, import_id) references spend_imports on delete cascade
);
create index spend_import_days_import on spend_import_days (project_id, import_id);

-- Names are compared without case and spacing. The same rule as Core/Spend/CampaignKey.
create function campaign_name_key(name text) returns text language sql immutable parallel safe
    return nullif(lower(btrim(regexp_replace(name, '[\s\u00a0]+', ' ', 'g'))), '');
create function campaign_key(id text, name text) returns text language sql immutable parallel safe
    return case when nullif(btrim(id), '') is not null then 'id:' || btrim(id) else 'name:' || campaign_name_key(name) end;

create table spend (
    project_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    import_id uuid not null,
    day date not null,
    campaign_id text,
    campaign_name text,
    group_id text,
    group_name text,
    ad_id text,
    ad_name text,
    keyword text,
    source text,
    medium text,
    currency char(3) not null,
    vat_included boolean not null,
    -- Per cent, of the day of the spend.
    vat_rate numeric(5, 2) not null,
    -- As the cabinet tells it; negative for corrections.
    amount numeric(24, 6) not null,
    clicks bigint not null default 0,
    impressions bigint not null default 0,
    -- The rows of the file: [[line, [cells]], …]; of a row over several days the cells stand by the first of them.
    original jsonb not null,
    -- False: a newer import speaks for the day.
    current boolean not null default true,
    campaign_key text generated always as (campaign_key(campaign_id, campaign_name)) stored,
    level_key uuid not null generated always as (md5(coalesce(campaign_id, '') || E'\x1f' || coalesce(campaign_name, '') || E'\x1f' || coalesce(group_id, '') || E'\x1f' || coalesce(group_name, '')
        || E'\x1f' || coalesce(ad_id, '') || E'\x1f' || coalesce(ad_name, '') || E'\x1f' || coalesce(keyword, '') || E'\x1f' || coalesce(source, '') || E'\x1f' || coalesce(medium, '')
        || E'\x1f' || currency::text || E'\x1f' || vat_included::text)::uuid) stored,
    primary key (project_id, id),
    foreign key (project_id, import_id) references spend_imports on delete cascade
);
-- The natural key: whatever races, no level of a day counts twice.
create unique index spend_level on spend (project_id, account_id, day, level_key) where current;
create index spend_day on spend (project_id, day) where current;
create index spend_import on spend (project_id, import_id);

-- What no cabinet tells: a banner, a blogger.
create table spend_manual (
    project_id uuid not null references projects,
    id uuid not null,
    name text not null,
    first_day date not null,
    last_day date not null,
    amount numeric(18, 2) not null,
    currency char(3) not null,
    vat_included boolean not null,
    source text,
    medium text,
    campaign_id text,
    campaign_name text,
    note text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    check (last_day >= first_day)
);

-- Roubles for so many units of a currency, from the day on; by the Central Bank.
create table rates (
    project_id uuid not null references projects,
    currency char(3) not null,
    day date not null,
    rubles numeric(20, 6) not null check (rubles > 0),
    nominal integer not null check (nominal > 0),
    primary key (project_id, currency, day)
);

-- By what leads find their campaign: every id and name that spend has had. Null: several campaigns have it.
create table spend_names (
    project_id uuid not null,
    kind text not null check (kind in ('campaign', 'group', 'ad', 'name')),
    value text not null,
    campaign_key text,
    primary key (project_id, kind, value)
);

-- Set by people: leads of this utm campaign belong to that campaign.
create table spend_mappings (
    project_id uuid not null references projects,
    id uuid not null,
    -- As in leads; compared by campaign_name_key.
    lead_campaign text not null,
    campaign_id text,
    campaign_name text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (project_id, id),
    check (campaign_key(campaign_id, campaign_name) is not null)
);
create unique index spend_mappings_lead on spend_mappings (project_id, campaign_name_key(lead_campaign));

-- Roubles for one unit; the last rate known on the day. Null: none is known.
create function rub_rate(project uuid, code text, on_day date) returns numeric language sql stable parallel safe
    return case when code = 'RUB' then 1 else
        (select r.rubles / r.nominal from rates r where r.project_id = project and r.currency = code and r.day <= on_day order by r.day desc limit 1) end;

-- Russian VAT by the day, per cent; the same rule as Core/Spend/Vat.
create function vat_rate(on_day date) returns numeric language sql immutable parallel safe
    return case when on_day < date '2026-01-01' then 20 else 22 end;

-- All spend by day, on the project's VAT basis, in its currency. `money` is null where no rate is known: unconverted, not 0.
create view spend_money as
with rows as (
    select project_id, id, day, account_id, null::uuid as manual_id, import_id, campaign_key, campaign_id, campaign_name, group_id, group_name, ad_id, ad_name, keyword, source, medium,
        currency, vat_included, vat_rate, amount, clicks, impressions
    from spend where current
    union all
    -- Kopecks evenly over the days, what is left over to the first ones.
    select m.project_id, m.id, m.first_day + i, null, m.id, null, campaign_key(m.campaign_id, m.campaign_name), m.campaign_id, m.campaign_name, null, null, null, null, null, m.source, m.medium,
        m.currency, m.vat_included, vat_rate(m.first_day + i),
        ((m.amount * 100)::bigint / d.days + case when i < abs((m.amount * 100)::bigint % d.days) then sign(m.amount)::bigint else 0 end)::numeric / 100, 0, 0
    from spend_manual m cross join lateral (select m.last_day - m.first_day + 1 as days) d cross join lateral generate_series(0, d.days - 1) i
)
select r.*, p.currency as money_currency, p.spend_vat as money_vat,
    case when p.spend_vat = 'gross' and not r.vat_included then r.amount * (100 + r.vat_rate) / 100
         when p.spend_vat = 'net' and r.vat_included then r.amount * 100 / (100 + r.vat_rate) else r.amount end
    * case when r.currency = p.currency then 1 else rub_rate(r.project_id, r.currency, r.day) / rub_rate(r.project_id, p.currency, r.day) end as money
from rows r join projects p on p.project_id = r.project_id;

-- The campaign that a lead's tags name: an id in any tag, then the same name, then the project's mapping; else a key that no spend has. Null: no campaign at all.
create function lead_campaign_key(project uuid, campaign text, passport jsonb) returns text language sql stable parallel safe
    return coalesce(
        (select n.campaign_key
         from jsonb_each_text(case when jsonb_typeof(passport -> 'utm') = 'object' then passport -> 'utm' else '{}' end) t
            cross join lateral regexp_matches(t.value, '(?<![[:alnum:]])[0-9]{4,20}(?![[:alnum:]])', 'g') m
            join spend_names n on n.project_id = project and n.kind in ('campaign', 'group', 'ad') and n.value = m[1] and n.campaign_key is not null
         order by array_position(array['utm_campaign', 'utm_id', 'utm_content', 'utm_term'], t.key) nulls last, array_position(array['campaign', 'group', 'ad'], n.kind), t.key limit 1),
        (select n.campaign_key from spend_names n where n.project_id = project and n.kind = 'name' and n.value = campaign_name_key(coalesce(passport -> 'utm' ->> 'utm_campaign', campaign))),
        (select n.campaign_key from spend_names n where n.project_id = project and n.kind = 'name' and n.value = campaign_name_key(campaign)),
        (select campaign_key(m.campaign_id, m.campaign_name) from spend_mappings m where m.project_id = project
            and campaign_name_key(m.lead_campaign) in (campaign_name_key(passport -> 'utm' ->> 'utm_campaign'), campaign_name_key(campaign)) order by m.id limit 1),
        'name:' || campaign_name_key(coalesce(campaign, passport -> 'utm' ->> 'utm_campaign')));
