namespace LeadIngest.Api.Import.Deals;

/// <summary>The statements that keep what was read. Each has the project as $1 and the connection as $2; rows come as JSON, one array a statement.</summary>
internal static class DealSql
{
    // $4: cards carry our own id always (Bitrix24), so that a number of the delivery need not be believed: leads and deals there count apart.
    public const string Cards = """
        with r as (
            select * from jsonb_to_recordset($3) as r (id uuid, kind text, remote_id bigint, name text, pipeline_id text, stage_id text, state text, amount numeric, currency text,
                responsible_id text, contact_id text, contact_ids text[], company_id text, our_lead_id uuid, from_lead_id bigint, lost_reason_id text, created_at timestamptz,
                updated_at timestamptz, updated_by text, moved_at timestamptz, moved_by text, closed_at timestamptz, products_due boolean)),
        linked as (
            select r.*, coalesce(
                (select l.id from leads l where l.project_id = $1 and l.id = r.our_lead_id),
                (select d.lead_id from deliveries d where d.project_id = $1 and d.connection_id = $2 and d.remote_lead_id = r.remote_id::text and d.kind = 'deal' and not $4 order by d.id limit 1),
                (select f.lead_id from deals f where f.project_id = $1 and f.connection_id = $2 and f.kind = 'lead' and f.remote_id = r.from_lead_id)) as lead_id
            from r)
        insert into deals as d (project_id, id, connection_id, kind, remote_id, name, pipeline_id, stage_id, state, amount, currency, responsible_id, contact_id, contact_ids, company_id,
            lead_id, from_lead_id, lost_reason_id, created_at, updated_at, updated_by, moved_at, moved_by, closed_at, products_due, told_lead_id)
        select $1, id, $2, kind, remote_id, name, pipeline_id, stage_id, state, amount, currency, responsible_id, contact_id, coalesce(contact_ids, '{}'), company_id,
            lead_id, from_lead_id, lost_reason_id, created_at, updated_at, updated_by, moved_at, moved_by, closed_at, products_due, our_lead_id
        from linked order by kind, remote_id
        on conflict (project_id, connection_id, kind, remote_id) do update set
            name = excluded.name, pipeline_id = excluded.pipeline_id, stage_id = excluded.stage_id, state = excluded.state, amount = excluded.amount, currency = excluded.currency,
            responsible_id = excluded.responsible_id, contact_id = excluded.contact_id, contact_ids = excluded.contact_ids, company_id = excluded.company_id,
            lead_id = coalesce(excluded.lead_id, d.lead_id), from_lead_id = excluded.from_lead_id, lost_reason_id = excluded.lost_reason_id, updated_at = excluded.updated_at,
            updated_by = excluded.updated_by, moved_at = excluded.moved_at, moved_by = excluded.moved_by, closed_at = excluded.closed_at,
            told_lead_id = excluded.told_lead_id,
            products_due = d.products_due or excluded.products_due or (d.amount <> 0 and excluded.amount = 0 and $4), deleted_at = null, merged_into = null, told_deleted_at = null,
            version = d.version + 1
        where (d.name, d.pipeline_id, d.stage_id, d.state, d.amount, d.currency, d.responsible_id, d.contact_ids, d.company_id, d.lead_id, d.from_lead_id, d.lost_reason_id, d.updated_at,
                d.updated_by, d.moved_at, d.moved_by, d.closed_at, d.deleted_at)
            is distinct from (excluded.name, excluded.pipeline_id, excluded.stage_id, excluded.state, excluded.amount, excluded.currency, excluded.responsible_id, excluded.contact_ids,
                excluded.company_id, coalesce(excluded.lead_id, d.lead_id), excluded.from_lead_id, excluded.lost_reason_id, excluded.updated_at, excluded.updated_by, excluded.moved_at,
                excluded.moved_by, excluded.closed_at, null::timestamptz)
        """;

    // By the main contact's card, then by the lead that became the deal, then by the firm. A contact that is not known (yet) takes nobody away.
    private const string Joined = """
        update deals d set client_id = j.client_id, version = d.version + 1
        from (
            select d.id, coalesce(
                (select i.client_id from identities i where i.project_id = $1 and i.kind = 'crm_contact' and i.value = $2::text || '/' || d.contact_id),
                (select l.client_id from leads l where l.project_id = $1 and l.id = d.lead_id),
                (select i.client_id from identities i where i.project_id = $1 and i.kind = 'crm_contact' and i.value = 'company:' || $2::text || '/' || d.company_id),
                case when d.contact_id is not null or d.company_id is not null then d.client_id end) as client_id
        """;

    public const string Join = $"""
        {Joined} from deals d where d.project_id = $1 and d.id = any($3)) j
        where d.project_id = $1 and d.id = j.id and d.client_id is distinct from j.client_id
        """;

    /// <summary>$3: contacts, $4: firms, whose cards were read: the deals at them find their clients.</summary>
    public const string JoinOfCards = $"""
        {Joined} from deals d where d.project_id = $1 and d.connection_id = $2 and (d.contact_id = any($3) or (d.contact_id is null and d.company_id = any($4)))) j
        where d.project_id = $1 and d.id = j.id and d.client_id is distinct from j.client_id
        """;

    public static readonly string AskContacts = $"""
        with asked as (
            select array(
                select distinct 'contact:' || d.contact_id from deals d
                where d.project_id = $1 and d.id = any($3) and d.contact_id is not null
                    and not exists (select 1 from identities i where i.project_id = $1 and i.kind = 'crm_contact' and i.value = $2::text || '/' || d.contact_id)) as cards)
        {LookAgain.Insert($"'{LookAgain.Recheck}'")}
        """;

    /// <summary>$3: contacts that are gone: their deals stand elsewhere now.</summary>
    public static readonly string AskAtGone = $"""
        with asked as (
            select array(select d.kind || ':' || d.remote_id from deals d
                where d.project_id = $1 and d.connection_id = $2 and d.contact_id = any($3) and d.deleted_at is null order by d.remote_id limit {LookAgain.MostAtOnce}) as cards)
        {Ask("recheck")}
        """;

    /// <summary>In SQL: asks for <c>cards</c> (text[]) of a relation <c>asked</c>, which are deals.</summary>
    public static string Ask(string why) => $"""
        insert into crm_events (project_id, id, connection_id, content_type, body, body_sha256, deals)
        select $1, gen_random_uuid(), $2, '{why}', convert_to(array_to_string(cards, ','), 'UTF8'), sha256(convert_to('{why}:' || array_to_string(cards, ','), 'UTF8')), cards
        from asked where cardinality(cards) > 0
        on conflict (project_id, connection_id, body_sha256) do update set received_at = clock_timestamp(), deals = excluded.deals
        """;

    // Written over in place, and what is left behind the new end removed: a delete beside the insert would still be in its way.
    public const string Stages = """
        with r as (
            select * from jsonb_to_recordset($4) as r (deal_id uuid, n integer, at timestamptz, from_pipeline_id text, from_stage_id text, pipeline_id text, stage_id text, by_id text, origin text,
                order_key text, is_told boolean)),
        rest as (
            delete from stage_changes c where c.project_id = $1 and c.deal_id = any($3) and $2::uuid is not null
                and c.n > (select max(r.n) from r where r.deal_id = c.deal_id))
        insert into stage_changes as c (project_id, deal_id, n, at, from_pipeline_id, from_stage_id, pipeline_id, stage_id, by_id, origin, order_key, is_told)
        select $1, r.* from r
        on conflict (project_id, deal_id, n) do update set at = excluded.at, from_pipeline_id = excluded.from_pipeline_id, from_stage_id = excluded.from_stage_id,
            pipeline_id = excluded.pipeline_id, stage_id = excluded.stage_id, by_id = excluded.by_id, origin = excluded.origin, order_key = excluded.order_key, is_told = excluded.is_told
        """;

    public const string Amounts = """
        with r as (
            select * from jsonb_to_recordset($4) as r (deal_id uuid, n integer, at timestamptz, from_amount numeric, from_currency text, amount numeric, currency text, by_id text, origin text,
                order_key text, is_told boolean)),
        rest as (
            delete from deal_changes c where c.project_id = $1 and c.deal_id = any($3) and $2::uuid is not null
                and c.n > (select max(r.n) from r where r.deal_id = c.deal_id))
        insert into deal_changes as c (project_id, deal_id, n, at, from_amount, from_currency, amount, currency, by_id, origin, order_key, is_told)
        select $1, r.* from r
        on conflict (project_id, deal_id, n) do update set at = excluded.at, from_amount = excluded.from_amount, from_currency = excluded.from_currency,
            amount = excluded.amount, currency = excluded.currency, by_id = excluded.by_id, origin = excluded.origin, order_key = excluded.order_key, is_told = excluded.is_told
        """;

    // $3: rows, $4 and $5: all the deals that were answered for.
    public const string Products = """
        with d as (
            select distinct d.id, a.kind, a.remote_id from unnest($4, $5) as a (kind, remote_id)
            cross join lateral (select d.id from deals d where d.project_id = $1 and d.connection_id = $2 and d.kind = a.kind and d.remote_id = a.remote_id limit 1) d),
        r as (
            select d.id as deal_id, r.n, r.product_id, r.name, r.price, r.quantity
            from jsonb_to_recordset($3) as r (kind text, remote_id bigint, n integer, product_id text, name text, price numeric, quantity numeric)
            join d on d.kind = r.kind and d.remote_id = r.remote_id),
        rest as (
            delete from deal_products p using d where p.project_id = $1 and p.deal_id = d.id and p.n > coalesce((select max(r.n) from r where r.deal_id = d.id), -1)),
        done as (update deals set products_due = false from d where deals.project_id = $1 and deals.id = d.id and deals.products_due)
        insert into deal_products as p (project_id, deal_id, n, product_id, name, price, quantity) select $1, r.* from r
        on conflict (project_id, deal_id, n) do update set product_id = excluded.product_id, name = excluded.name, price = excluded.price, quantity = excluded.quantity
        where (p.product_id, p.name, p.price, p.quantity) is distinct from (excluded.product_id, excluded.name, excluded.price, excluded.quantity)
        """;

    public const string Gone = """
        update deals d set deleted_at = coalesce(d.told_deleted_at, clock_timestamp()), products_due = false, version = d.version + 1
        from unnest($3, $4) as g (kind, remote_id)
        where d.project_id = $1 and d.connection_id = $2 and d.kind = g.kind and d.remote_id = g.remote_id and d.deleted_at is null
        """;

    public const string Told = """
        update deals d set
            told_deleted_at = case when t.what = 'deleted' and d.deleted_at is null then t.at else d.told_deleted_at end,
            told_merged_at = case when t.what = 'merged' then greatest(t.at, d.told_merged_at) else d.told_merged_at end
        from (select kind, remote_id, what, max(at) as at from unnest($3, $4, $5, $6) as t (kind, remote_id, what, at) group by kind, remote_id, what) t
        where d.project_id = $1 and d.connection_id = $2 and d.kind = t.kind and d.remote_id = t.remote_id and t.what <> 'restored'
        """;

    // Deleted ones that are known and stand here still, restored ones that do not, and those that took others over.
    public static readonly string AskTold = $"""
        with told as (select distinct * from unnest($3, $4, $5, $6) as t (card, kind, remote_id, what)),
        asked as (
            select array(
                select distinct t.card from told t
                left join deals d on d.project_id = $1 and d.connection_id = $2 and d.kind = t.kind and d.remote_id = t.remote_id
                where case t.what when 'deleted' then d.id is not null and d.deleted_at is null when 'restored' then d.id is null or d.deleted_at is not null else d.id is not null end
                order by t.card) as cards)
        {Ask(LookAgain.Log)}
        """;

    // The one that stays existed before the other one went. It took over our lead, or the log names it at that moment and it has the other one's contact.
    public const string LinkMerged = """
        update deals g set merged_into = m.id, version = g.version + 1
        from (
            select g.id as gone, (array_agg(k.id))[1] as id
            from deals g join deals k on k.project_id = $1 and k.connection_id = $2 and k.kind = g.kind and k.deleted_at is null and k.created_at < g.deleted_at
            where g.project_id = $1 and g.connection_id = $2 and g.deleted_at > clock_timestamp() - interval '2 days' and g.merged_into is null
                and ((k.lead_id = g.lead_id) or (k.told_merged_at > g.deleted_at - interval '2 days' and k.contact_id = any(g.contact_ids)
                    and (g.told_deleted_at is null or k.told_merged_at between g.told_deleted_at - interval '10 seconds' and g.told_deleted_at + interval '10 seconds')))
            group by g.id having count(*) = 1) m
        where g.project_id = $1 and g.id = m.gone
        """;

    public const string Tasks = """
        insert into crm_tasks as t (project_id, connection_id, id, owner_kind, owner_id, kind, responsible_id, created_at, due_at, is_done, done_at, updated_at)
        select $1, $2, r.* from jsonb_to_recordset($3) as r (id bigint, owner_kind text, owner_id bigint, kind text, responsible_id text, created_at timestamptz, due_at timestamptz,
            is_done boolean, done_at timestamptz, updated_at timestamptz)
        on conflict (project_id, connection_id, id) do update set owner_kind = excluded.owner_kind, owner_id = excluded.owner_id, kind = excluded.kind,
            responsible_id = excluded.responsible_id, due_at = excluded.due_at, is_done = excluded.is_done, done_at = excluded.done_at, updated_at = excluded.updated_at,
            removed_at = null, seen_at = clock_timestamp()
        """;

    public const string Touches = """
        insert into crm_touches as t (project_id, connection_id, id, owner_kind, owner_id, at, kind, direction, by_id)
        select $1, $2, r.* from jsonb_to_recordset($3) as r (id text, owner_kind text, owner_id bigint, at timestamptz, kind text, direction text, by_id text)
        on conflict (project_id, connection_id, id) do update set owner_kind = excluded.owner_kind, owner_id = excluded.owner_id, at = excluded.at, kind = excluded.kind,
            direction = excluded.direction, by_id = excluded.by_id
        where (t.owner_kind, t.owner_id, t.at, t.kind, t.direction, t.by_id)
            is distinct from (excluded.owner_kind, excluded.owner_id, excluded.at, excluded.kind, excluded.direction, excluded.by_id)
        """;

    public const string Pipelines = """
        with r as (select * from jsonb_to_recordset($3) as r (kind text, id text, name text, sort integer)),
        s as (select * from jsonb_to_recordset($4) as r (kind text, pipeline_id text, id text, name text, sort integer, state text)),
        gone as (
            update crm_pipelines p set removed_at = coalesce(p.removed_at, clock_timestamp())
            where p.project_id = $1 and p.connection_id = $2 and p.removed_at is null and not exists (select 1 from r where r.kind = p.kind and r.id = p.id)),
        gone_stages as (
            update crm_stages p set removed_at = coalesce(p.removed_at, clock_timestamp())
            where p.project_id = $1 and p.connection_id = $2 and p.removed_at is null and not exists (select 1 from s where s.kind = p.kind and s.pipeline_id = p.pipeline_id and s.id = p.id)),
        stages as (
            insert into crm_stages (project_id, connection_id, kind, pipeline_id, id, name, sort, state) select $1, $2, s.* from s
            on conflict (project_id, connection_id, kind, pipeline_id, id) do update set name = excluded.name, sort = excluded.sort, state = excluded.state, removed_at = null)
        insert into crm_pipelines (project_id, connection_id, kind, id, name, sort) select $1, $2, r.* from r
        on conflict (project_id, connection_id, kind, id) do update set name = excluded.name, sort = excluded.sort, removed_at = null
        """;

    public const string Users = """
        with r as (select * from jsonb_to_recordset($3) as r (id text, name text, is_active boolean)),
        gone as (
            update crm_users u set removed_at = clock_timestamp()
            where u.project_id = $1 and u.connection_id = $2 and u.removed_at is null and not exists (select 1 from r where r.id = u.id))
        insert into crm_users (project_id, connection_id, id, name, is_active) select $1, $2, r.* from r
        on conflict (project_id, connection_id, id) do update set name = excluded.name, is_active = excluded.is_active, removed_at = null
        """;

    public const string Reasons = """
        with r as (select * from jsonb_to_recordset($3) as r (id text, name text)),
        gone as (
            update crm_lost_reasons u set removed_at = clock_timestamp()
            where u.project_id = $1 and u.connection_id = $2 and u.removed_at is null and not exists (select 1 from r where r.id = u.id))
        insert into crm_lost_reasons (project_id, connection_id, id, name) select $1, $2, r.* from r
        on conflict (project_id, connection_id, id) do update set name = excluded.name, removed_at = null
        """;
}
