using System.Globalization;

namespace LeadIngest.Benchmarks;

/// <summary>
/// The statements of <see cref="BigHistory"/>. Every value is a function of a row's number, so that a lead finds its visit and a deal its lead without a join:
/// <c>big_history.rnd(n, seed)</c> is a number in [0, 1) that is the same in every run. Rows of a day lie within its hours in the order of their numbers.
/// </summary>
internal sealed class BigHistoryRows
{
    /// <summary>Three years, one of them long.</summary>
    private const int Days = 1096;

    private readonly string _project;
    private readonly BigHistorySize _size;
    private readonly string _lastDay;

    public BigHistoryRows(Guid project, BigHistorySize size, DateOnly lastDay) =>
        (_project, _size, _lastDay) = ($"'{project}'::uuid", size, $"date '{lastDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'");

    private static string Connection => $"'{BigHistory.ConnectionId}'::uuid";

    private static string Site => "(select site_id from big_history.place)";

    /// <summary>Seven of ten leads are of new people; the others come from one in ten of those, who so have three more each.</summary>
    private const string Person = "case when n % 10 < 7 then n else (n - 1 - (hashint8extended(n, 11) & 2147483647) % least(n, 300000)) / 10 * 10 end";

    private const string Hours = "interval '1 day' * case when q < 0.04 then q * 8 else 0.32 + (q - 0.04) * 0.65 end";

    /// <summary>Days with their rhythm, the combinations of tags, and the rows that the others refer to.</summary>
    public IEnumerable<(string Name, string Sql)> Ground =>
    [
        ("functions", """
            drop schema if exists big_history cascade;
            create schema big_history;
            create function big_history.rnd(n bigint, seed bigint) returns float8 language sql immutable parallel safe return (hashint8extended(n, seed) & 1048575) / 1048576.0::float8;
            create function big_history.id(at timestamptz, n bigint, kind text) returns uuid language sql stable parallel safe
                return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || left(md5(kind || n), 15))::uuid;
            create function big_history.visitor(n bigint) returns uuid language sql immutable parallel safe return md5('visitor' || n)::uuid;
            -- Six visits of ten are of new visitors.
            create function big_history.visitor_of(visit bigint) returns bigint language sql immutable parallel safe
                return case when visit = 0 or (hashint8extended(visit, 1) & 1023) < 614 then visit else visit - 1 - (hashint8extended(visit, 2) & 2147483647) % least(visit, 50000) end;
            -- Tags are used as unevenly as keywords are: nearly half of the visits carry some.
            create function big_history.combo_of(visit bigint) returns integer language sql immutable parallel safe
                return case when (hashint8extended(visit, 3) & 1023) < 460 then floor(19980 * power(big_history.rnd(visit, 4), 3))::integer else 19980 + floor(20 * power(big_history.rnd(visit, 5), 2))::integer end;
            """),
        ("days", $"""
            create unlogged table big_history.days as
            with days as (
                select d, {_lastDay} - {Days - 1} + d as day from generate_series(0, {Days - 1}) d),
            weights as (
                select *, (1 + 0.6 * d / {Days}.0) * (1 + 0.25 * sin(2 * pi() * (extract(doy from day) - 80) / 365)) * (array[1.1, 1.1, 1.1, 1.05, 1.0, 0.7, 0.65])[extract(isodow from day)::int] as weight from days),
            shares as (
                select d, day, sum(weight) over (order by d) / sum(weight) over () as upto from weights)
            select d, day, day::timestamp at time zone 'Europe/Moscow' as midnight,
                coalesce(lag(floor(upto * {_size.Visits})::bigint) over w, 0) as first_visit, (case when d = {Days - 1} then {_size.Visits} else floor(upto * {_size.Visits})::bigint end) - coalesce(lag(floor(upto * {_size.Visits})::bigint) over w, 0) as visits,
                coalesce(lag(floor(upto * {_size.Leads})::bigint) over w, 0) as first_lead, (case when d = {Days - 1} then {_size.Leads} else floor(upto * {_size.Leads})::bigint end) - coalesce(lag(floor(upto * {_size.Leads})::bigint) over w, 0) as leads
            from shares window w as (order by d)
            """),
        ("combinations", """
            create unlogged table big_history.combos as
            with paid as (
                select n, least(29, floor(30 * power(big_history.rnd(n, 6), 2))::int) as pair, n / 30 % 10 as campaign from generate_series(0::bigint, 19979) n),
            tagged as (
                select n, pair, campaign, (array['paid_search', 'paid_social', 'display'])[pair % 3 + 1] as channel, 'Площадка ' || lpad(pair::text, 2, '0') as source,
                    (array['cpc', 'cpc', 'banner'])[pair % 3 + 1] as medium, 'source' || lpad(pair::text, 2, '0') as tag,
                    format('Кампания %s-%s', lpad(pair::text, 2, '0'), campaign) as campaign_name, (71000000 + pair * 100 + campaign)::text as campaign_id, 'объявление ' || n % 5 as content, 'ключевая фраза ' || n as keyword
                from paid),
            -- Half of the platforms send the campaign's number along.
            marked as (select *, case when pair % 2 = 0 then campaign_name else campaign_name || '|' || campaign_id end as utm_campaign from tagged)
            select n::integer, channel, source, medium, utm_campaign as campaign, content, keyword, '/catalog/' || n % 40 as path,
                jsonb_build_object('utm', jsonb_build_object('utm_source', tag, 'utm_medium', medium, 'utm_campaign', utm_campaign, 'utm_content', content, 'utm_term', keyword), 'clickIds', '{}'::jsonb,
                    'landingPage', format('https://big.example/catalog/%s?utm_source=%s&utm_medium=%s', n % 40, tag, medium), 'referrer', null, 'origin', 'utm', 'confidence', 'exact',
                    'evidence', jsonb_build_array('utm_source=' || tag || ' in the page URL'), 'warnings', case when n % 37 = 0 then '["utm_term: keyword is empty"]'::jsonb else '[]'::jsonb end) as passport,
                pair, campaign_name, campaign_id
            from marked
            union all
            select 19980 + n, c.channel, c.source, c.medium, null, null, null, '/', jsonb_build_object('utm', '{}'::jsonb, 'clickIds', '{}'::jsonb, 'landingPage', 'https://big.example/', 'referrer', c.referrer,
                'origin', c.origin, 'confidence', c.confidence, 'evidence', jsonb_build_array(c.evidence), 'warnings', '[]'::jsonb), null, null, null
            from generate_series(0, 19) n cross join lateral (select
                case when n = 0 then 'direct' when n < 6 then 'organic_search' when n < 10 then 'organic_social' when n < 13 then 'messenger' when n < 15 then 'maps' else 'referral' end as channel,
                case when n = 0 then null else 'Переходы ' || n end as source, case when n = 0 then null when n < 6 then 'organic' when n < 10 then 'social' else 'referral' end as medium,
                case when n = 0 then null else format('https://from%s.example/', n) end as referrer, case when n = 0 then 'direct' else 'referrer' end as origin,
                case when n = 0 then 'guessed' else 'likely' end as confidence, case when n = 0 then 'no tags, no referrer' else format('referrer from%s.example', n) end as evidence) c;
            create unique index on big_history.combos (n);
            analyze big_history.combos, big_history.days
            """),
        ("project", $"""
            insert into projects (project_id, name) values ({_project}, 'Большая история') on conflict do nothing;
            insert into sites (project_id, id, site_key, name) select {_project}, '{BigHistory.SiteId}', 'big-history', 'big.example' where not exists (select 1 from sites where project_id = {_project});
            create table big_history.place as select id as site_id from sites where project_id = {_project} order by id limit 1;
            insert into senders (project_id, id, site_id, kind, provider, name) select {_project}, '{BigHistory.SiteId}', site_id, 'call', 'generic', 'АТС' from big_history.place;
            insert into connections (project_id, id, crm, name, account_key, account_host, credentials, state, state_reason)
            values ({_project}, {Connection}, 'amocrm', 'Большая история', 'amocrm/big.example', 'big.example', '', 'paused', 'Stored rows only: there is no such account.');
            insert into crm_imports (project_id, connection_id, state, hook_secret, next_at, finished_at) values ({_project}, {Connection}, 'done', '', null, clock_timestamp());
            insert into deal_readings (project_id, connection_id, state, next_at, read_until, finished_at, directories_at, currency) values ({_project}, {Connection}, 'done', null, clock_timestamp(), clock_timestamp(), clock_timestamp(), 'RUB');
            insert into crm_pipelines (project_id, connection_id, kind, id, name, sort) select {_project}, {Connection}, 'deal', p::text, 'Воронка ' || p, p from generate_series(1, 2) p;
            insert into crm_stages (project_id, connection_id, kind, pipeline_id, id, name, sort, state)
            select {_project}, {Connection}, 'deal', p::text, s.id, s.name, s.sort, s.state from generate_series(1, 2) p cross join (values ('10', 'Новая', 1, 'open'), ('20', 'Связались', 2, 'open'), ('30', 'Замер', 3, 'open'),
                ('40', 'Смета', 4, 'open'), ('50', 'Договор', 5, 'open'), ('142', 'Успешно', 6, 'won'), ('143', 'Не реализовано', 7, 'lost')) s (id, name, sort, state);
            insert into crm_users (project_id, connection_id, id, name, is_active) select {_project}, {Connection}, u::text, 'Менеджер ' || u, u < 12 from generate_series(1, 12) u;
            insert into crm_lost_reasons (project_id, connection_id, id, name)
            select {_project}, {Connection}, r.id::text, r.name from unnest(array['Дорого', 'Не устроили сроки', 'Купили у конкурента', 'Не отвечает', 'Передумали', 'Не наш регион', 'Спам', 'Повтор']) with ordinality r (name, id)
            """),
    ];

    public IEnumerable<(string Name, string Sql)> Visits =>
    [
        ("visits", $"""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, content, keyword, passport, pages, page_views, seconds, user_agent, is_bot, asks)
            select {_project}, big_history.id(at, v.n, 'visit'), (select site_id from big_history.place), big_history.visitor(big_history.visitor_of(v.n)), at, at + h % 600 * interval '1 second', c.channel, c.source, c.medium, c.campaign, c.content, c.keyword,
                c.passport, format('[["%s",%s]]', c.path, extract(epoch from at)::bigint)::jsonb, 1 + (h % 5)::int, (h % 600)::int, 'Mozilla/5.0 (X11; Linux x86_64)', h % 50 = 0, 0
            from (select n, midnight + {Hours} as at, big_history.combo_of(n) as combo, hashint8extended(n, 7) & 2147483647 as h
                from (select * from big_history.days order by d) d cross join lateral (select first_visit + k as n, k::float8 / visits as q from generate_series(0, visits - 1) k) v offset 0) v
            join big_history.combos c on c.n = v.combo
            """),
    ];

    public IEnumerable<(string Name, string Sql)> Everything =>
    [
        // A lead comes three minutes after the visit that stands at the same place of the same day.
        ("leads", $"""
            create unlogged table big_history.leads as
            select n, visit, big_history.visitor_of(visit) as visitor, big_history.combo_of(visit) as combo, at + interval '3 minutes' as at, big_history.id(at + interval '3 minutes', n, 'lead') as id, {Person} as person
            from (select n, visit, midnight + {Hours.Replace("q", "vq", StringComparison.Ordinal)} as at
                from (select * from big_history.days order by d) d
                cross join lateral (select first_lead + k as n, first_visit + k * visits / leads as visit, (k * visits / leads)::float8 / visits as vq from generate_series(0, leads - 1) k) l offset 0) l;
            create unique index on big_history.leads (n);
            create unlogged table big_history.people as
            select p.person, big_history.id(f.at, p.person, 'client') as id, f.id as first_lead, f.at as first_at, f.visitor, p.leads, p.last_at
            from (select person, count(*) as leads, max(at) as last_at from big_history.leads group by person) p join big_history.leads f on f.n = p.person;
            create unique index on big_history.people (person);
            analyze big_history.leads, big_history.people;
            insert into leads (project_id, id, site_id, client_id, duplicate_of, kind, status, received_at, occurred_at, name, phone, email, form_id, visitor_id, visit_id, call_id, channel, source, medium, campaign, content, keyword, passport, details)
            select {_project}, l.id, (select site_id from big_history.place), case when l.n = l.person or l.n % 33 <> 6 then p.id end, case when l.n <> l.person and l.n % 33 <> 6 and l.n % 25 = 8 then p.first_lead end, case when l.n % 7 = 0 then 'call' else 'form' end,
                case when l.n = l.person then case when l.n % 1000 = 3 then 'test' else 'new' end when l.n % 33 = 6 then 'spam' when l.n % 25 = 8 then 'duplicate' else 'repeat' end,
                l.at, l.at, 'Клиент ' || l.person, '+79' || lpad(l.person::text, 9, '0'), case when l.n % 7 <> 0 then 'u' || l.person || '@big.example' end, case when l.n % 7 <> 0 then 'order' end,
                big_history.visitor(l.visitor)::text, big_history.id(l.at - interval '3 minutes', l.visit, 'visit')::text, case when l.n % 7 = 0 then big_history.id(l.at, l.n, 'call') end,
                c.channel, c.source, c.medium, c.campaign, c.content, c.keyword, c.passport, '{"{}"}'
            from big_history.leads l join big_history.people p on p.person = l.person join big_history.combos c on c.n = l.combo order by l.n
            """),
        ("clients", $"""
            insert into clients (project_id, id, name, first_lead_id, lead_count, created_at, last_lead_at)
            select {_project}, id, 'Клиент ' || person, first_lead, leads, first_at, last_at from big_history.people order by id;
            insert into identities (project_id, kind, value, client_id, created_at)
            select {_project}, 'phone', '+79' || lpad(person::text, 9, '0'), id, first_at from big_history.people order by person;
            insert into identities (project_id, kind, value, client_id, created_at)
            select {_project}, 'email', 'u' || person || '@big.example', id, first_at from big_history.people where person % 7 <> 0;
            insert into identities (project_id, kind, value, client_id, created_at)
            select {_project}, 'visitor', big_history.visitor(visitor)::text, id, first_at from big_history.people on conflict do nothing
            """),
        ("calls", $"""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, line_phone, employee, started_at, answered_at, ended_at, wait_seconds, talk_seconds, client_id, lead_id, matched_by, first_seen_at, last_seen_at)
            select {_project}, big_history.id(at, n, 'call'), '{BigHistory.SiteId}', (select site_id from big_history.place), 'generic', 'call-' || n, 'in', 'ended', case when missed then 'missed' else 'answered' end, '+79' || lpad(person::text, 9, '0'), '+74950000001',
                case when not missed then 'Менеджер ' || (1 + n % 12) end, at, case when not missed then at + wait * interval '1 second' end, at + (wait + talk) * interval '1 second', wait, talk, client, id, 'none', at, at
            from (select l.*, p.id as client, big_history.rnd(l.n, 20) < 0.18 as missed, (3 + big_history.rnd(l.n, 21) * 40)::int as wait, case when big_history.rnd(l.n, 20) < 0.18 then 0 else (20 + 400 * power(big_history.rnd(l.n, 22), 2))::int end as talk
                from big_history.leads l join big_history.people p on p.person = l.person where l.n % 7 = 0) c order by n
            """),
        ("deals", $"""
            -- Three in four come of a lead; the others are made by hand for somebody who is known. The newest are open, so that nothing is closed in the future.
            create unlogged table big_history.deals as
            select m, at, big_history.id(at, m, 'deal') as id, client, lead, state, product, amount, case when is_fresh then 1 else 2 + floor(4 * big_history.rnd(m, 32))::int end as last_step, (5 + 20 * big_history.rnd(m, 33))::int as apart, person, pipeline,
                1 + m % 12 as manager
            from (select m, m > {_size.Deals - _size.Deals / 12} as is_fresh, l.at + case when m % 4 = 3 and m < {_size.Deals - _size.Deals / 12} then interval '40 days' else interval '20 minutes' end as at, p.id as client, p.person, case when m % 4 <> 3 then l.id end as lead, m % 40 as product, 1 + m % 2 as pipeline,
                    case when m > {_size.Deals - _size.Deals / 12} then 'open' when big_history.rnd(m, 30) < 0.45 then 'won' when big_history.rnd(m, 30) < 0.85 then 'lost' else 'open' end as state, (500 * (10 + floor(300 * power(big_history.rnd(m, 31), 3))))::numeric as amount
                from generate_series(0::bigint, {_size.Deals - 1}) m join big_history.leads l on l.n = least(m * {_size.Leads} / {_size.Deals} + m % 5, {_size.Leads - 1}) join big_history.people p on p.person = l.person) d;
            analyze big_history.deals;
            insert into deals (project_id, id, connection_id, kind, remote_id, name, pipeline_id, stage_id, state, amount, currency, responsible_id, contact_id, contact_ids, client_id, lead_id, lost_reason_id, created_at, updated_at, moved_at, closed_at,
                deleted_at, first_seen_at)
            select {_project}, id, {Connection}, 'deal', 1000000 + m, 'Заказ ' || m, pipeline::text, case state when 'won' then '142' when 'lost' then '143' else (last_step * 10)::text end, state, amount, 'RUB', manager::text,
                (5000000 + person)::text, array[(5000000 + person)::text], client, lead, case when state = 'lost' and m % 9 <> 0 then (1 + floor(8 * power(big_history.rnd(m, 34), 2)))::int::text end, at,
                least(at + apart * last_step * interval '6 hours', {_lastDay} + 1), at + apart * (last_step - case when state = 'open' then 1 else 0 end) * interval '6 hours', case when state <> 'open' then at + apart * last_step * interval '6 hours' end,
                case when m % 200 = 0 and m < {_size.Deals - _size.Deals / 10} then at + interval '60 days' end, at
            from big_history.deals order by m;
            insert into identities (project_id, kind, value, client_id, created_at)
            select {_project}, 'crm_contact', '{BigHistory.ConnectionId}/' || (5000000 + person), client, min(at) from big_history.deals group by person, client
            """),
        ("courses", $"""
            insert into stage_changes (project_id, deal_id, n, at, from_pipeline_id, from_stage_id, pipeline_id, stage_id, by_id, origin, is_told)
            select {_project}, id, n, at + n * apart * interval '6 hours', case when n > 0 then pipeline::text end, case when n > 0 then (n * 10)::text end, pipeline::text,
                case when n = last_step then case state when 'won' then '142' else '143' end else ((n + 1) * 10)::text end, manager::text, 'history', true
            from big_history.deals cross join lateral generate_series(0, last_step - case when state = 'open' then 1 else 0 end) n order by m, n;
            insert into deal_changes (project_id, deal_id, n, at, from_amount, from_currency, amount, currency, by_id, origin, is_told)
            select {_project}, id, n, at + n * apart * interval '5 hours', case when n > 0 then amount * 0.9 end, case when n > 0 then 'RUB' end, case when n = 0 and m % 3 = 0 then amount * 0.9 else amount end, 'RUB', manager::text, 'history', true
            from big_history.deals cross join lateral generate_series(0, case when m % 3 = 0 then 1 else 0 end) n order by m, n;
            insert into deal_products (project_id, deal_id, n, product_id, name, price, quantity)
            select {_project}, id, n, ((product + n * 7) % 40)::text, 'Товар ' || (product + n * 7) % 40, amount / (1 + m % 2), 1
            from big_history.deals cross join lateral generate_series(0, (m % 2)::int) n order by m, n
            """),
        ("tasks and touches", $"""
            insert into crm_tasks (project_id, connection_id, id, owner_kind, owner_id, kind, responsible_id, created_at, due_at, is_done, done_at, updated_at)
            select {_project}, {Connection}, 9000000 + m, 'deal', 1000000 + m, (array['call', 'meeting', 'task'])[1 + m % 3], manager::text, at, at + interval '2 days', done, case when done then at + interval '1 day' end, at + interval '1 day'
            from (select *, state <> 'open' or m % 3 <> 0 as done from big_history.deals where m % 5 <> 0) t order by m;
            insert into crm_touches (project_id, connection_id, id, owner_kind, owner_id, at, kind, direction, by_id)
            select {_project}, {Connection}, 'note-' || m || '-' || k, 'deal', 1000000 + m, at + (15 + (hashint8extended(m, 40) & 1023)) * interval '1 minute' + k * interval '3 days', case when (m + k) % 3 = 0 then 'message' else 'call' end,
                case when k % 2 = 0 then 'out' else 'in' end, manager::text
            from big_history.deals cross join lateral generate_series(0, 1) k order by m, k
            """),
        ("spend", $"""
            insert into spend_accounts (project_id, id, name, source, medium, currency, vat_included)
            select {_project}, md5('account' || pair)::uuid, 'Кабинет ' || lpad(pair::text, 2, '0'), min(source), min(medium), 'RUB', true from big_history.combos where pair is not null group by pair;
            insert into spend_imports (project_id, id, account_id, file_sha256, first_day, last_day, taken, refused, skipped, report)
            select {_project}, md5('import' || pair)::uuid, md5('account' || pair)::uuid, '', (select min(day) from big_history.days), (select max(day) from big_history.days), 0, 0, 0, '{"{}"}'
            from (select distinct pair from big_history.combos where pair is not null) p;
            insert into spend_import_days (project_id, account_id, day, import_id)
            select {_project}, md5('account' || pair)::uuid, day, md5('import' || pair)::uuid from (select distinct pair from big_history.combos where pair is not null) p cross join big_history.days;
            insert into spend (project_id, id, account_id, import_id, day, campaign_id, campaign_name, source, medium, currency, vat_included, vat_rate, amount, clicks, impressions, original)
            select {_project}, big_history.id(midnight, d * 1000 + pair * 20 + row_number() over (partition by d, pair order by campaign_name), 'spend'), md5('account' || pair)::uuid, md5('import' || pair)::uuid, day, campaign_id, campaign_name, source, medium,
                'RUB', true, vat_rate(day), round((500 + 4000 * big_history.rnd(d * 300 + pair, 50))::numeric, 2), (5 + 90 * big_history.rnd(d * 300 + pair, 51))::int, (500 + 9000 * big_history.rnd(d * 300 + pair, 52))::int, '[]'
            from big_history.days cross join (select distinct pair, campaign_name, campaign_id, source, medium from big_history.combos where pair is not null) c order by d;
            insert into spend_names (project_id, kind, value, campaign_key)
            select distinct {_project}, k.kind, k.value, campaign_key(c.campaign_id, c.campaign_name) from big_history.combos c cross join lateral (values ('campaign', c.campaign_id), ('name', campaign_name_key(c.campaign_name))) k (kind, value)
            where c.pair is not null on conflict do nothing
            """),
    ];

    public IEnumerable<(string Name, string Sql)> End =>
    [
        ("end", "drop schema big_history cascade"),
        ("vacuum", "vacuum (analyze)"),
    ];
}
