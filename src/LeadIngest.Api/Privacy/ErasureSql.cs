namespace LeadIngest.Api.Privacy;

/// <summary>The statements of an <see cref="Erasure"/>, in their order.</summary>
internal static class ErasureSql
{
    /// <summary>Why a delivery is dead whose person was erased before it was sent.</summary>
    public const string Erased = "erased";

    /// <summary>In the order of ids, as everybody locks clients.</summary>
    public const string Lock = """
        select c.id, c.erasure_id from clients c
        where c.project_id = @ProjectId and c.id in (
            select f.id from clients a join clients f on f.project_id = a.project_id and (f.id = coalesce(a.merged_into, a.id) or f.merged_into = coalesce(a.merged_into, a.id))
            where a.project_id = @ProjectId and a.id = @ClientId)
        order by c.id for update
        """;

    /// <summary>By what the person is known. What belongs to nobody in particular, and the business's own numbers, are not the person's.</summary>
    public const string Known = """
        with told as (
            select kind, value from identities where project_id = @ProjectId and client_id = any(@Clients) and kind <> 'crm_contact'
            union select t.kind, t.value from leads l cross join lateral (values ('phone', l.phone), ('phone_typed', l.phone_typed), ('email', l.email), ('email_typed', l.email_typed),
                ('messenger', l.messenger), ('name', l.name), ('visitor', l.visitor_id)) t (kind, value) where l.project_id = @ProjectId and l.client_id = any(@Clients)
            union select t.kind, t.value from calls c cross join lateral (values ('phone', c.client_phone), ('phone_typed', c.client_phone_typed), ('name', c.facts ->> 'clientName')) t (kind, value)
                where c.project_id = @ProjectId and c.client_id = any(@Clients)
            union select 'name', name from clients where project_id = @ProjectId and id = any(@Clients))
        select kind, value from told where value <> ''
            and not exists (select 1 from shared_contacts s where s.project_id = @ProjectId and s.kind = told.kind and s.value = told.value)
            and not (told.kind = 'phone' and exists (select 1 from tracking_numbers n where n.project_id = @ProjectId and n.number = told.value))
        """;

    /// <summary>Spam and trials have no client, but they are of the person all the same.</summary>
    public const string Leads = """
        select id from leads where project_id = @ProjectId and (client_id = any(@Clients)
            or (client_id is null and (phone = any(@Phones) or email = any(@Emails) or messenger = any(@Messengers))))
        """;

    public const string Calls = """
        select id from calls where project_id = @ProjectId and (client_id = any(@Clients) or (client_id is null and client_phone = any(@Phones)))
        """;

    /// <summary>What lies in the CRMs.</summary>
    public const string Cards = """
        select split_part(i.value, '/', 1)::uuid as connection_id, 'contact' as kind, split_part(i.value, '/', 2) as remote_id from identities i
        where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id = any(@Clients) and i.value ~ '^[0-9a-f-]{36}/'
        union
        select substr(split_part(i.value, '/', 1), 9)::uuid, 'company', split_part(i.value, '/', 2) from identities i
        where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id = any(@Clients) and i.value ~ '^company:[0-9a-f-]{36}/'
        union
        select d.connection_id, 'contact', d.remote_contact_id from deliveries d where d.project_id = @ProjectId and d.lead_id = any(@Leads) and d.remote_contact_id is not null
        union
        select d.connection_id, d.kind, d.remote_id::text from deals d where d.project_id = @ProjectId and d.deleted_at is null and (d.client_id = any(@Clients) or d.lead_id = any(@Leads))
        union
        select d.connection_id, 'deal', d.remote_lead_id from deliveries d
        where d.project_id = @ProjectId and d.lead_id = any(@Leads) and d.kind = 'deal' and d.remote_lead_id is not null
            and not exists (select 1 from deals x where x.project_id = d.project_id and x.connection_id = d.connection_id and x.remote_id::text = d.remote_lead_id)
        order by 1, 2, 3
        """;

    private const string Names = """
        source = without_person(t.source, @Patterns || contact_patterns()), medium = without_person(t.medium, @Patterns || contact_patterns()),
        campaign = without_person(t.campaign, @Patterns || contact_patterns()), content = without_person(t.content, @Patterns || contact_patterns()),
        keyword = without_person(t.keyword, @Patterns || contact_patterns()), passport = anonymous_passport(t.passport, @Patterns)
        """;

    private const string Renamed = "unnest(@Visitors::text[], @Others::text[]) v (old, new)";

    /// <summary>Each tells how many rows it changed.</summary>
    public static readonly (string Kind, string Sql)[] Statements =
    [
        ("identities", "delete from identities where project_id = @ProjectId and client_id = any(@Clients) and (kind <> 'visitor' or value <> all(@Visitors))"),
        ("visitors", $"update identities i set value = v.new from {Renamed} where i.project_id = @ProjectId and i.kind = 'visitor' and i.value = v.old and i.client_id = any(@Clients)"),
        ("leads", $"""
            update leads t set name = null, phone = null, phone_typed = null, email = null, email_typed = null, messenger = null, comment = null,
                form_name = without_person(t.form_name, @Patterns), form_id = without_person(t.form_id, @Patterns),
                visitor_id = (select v.new from {Renamed} where v.old = t.visitor_id), details = anonymous_details(t.details, @Patterns), {Names}, erasure_id = @Act
            where t.project_id = @ProjectId and t.id = any(@Leads)
            """),
        // A phone that two people gave: the other one's enquiry stays, without it.
        ("leadsOfOthers", """
            update leads l set phone = case when l.phone = any(@Phones) then null else l.phone end, email = case when l.email = any(@Emails) then null else l.email end,
                messenger = case when l.messenger = any(@Messengers) then null else l.messenger end, phone_typed = without_person(l.phone_typed, @Patterns),
                email_typed = without_person(l.email_typed, @Patterns), comment = without_person(l.comment, @Patterns), details = without_person(l.details, @Patterns)
            where l.project_id = @ProjectId and l.id <> all(@Leads) and (l.phone = any(@Phones) or l.email = any(@Emails) or l.messenger = any(@Messengers))
            """),
        // What is being sent at this moment ends by itself; see the trigger on deliveries.
        ("deliveries", $"""
            update deliveries set state = case when state = 'pending' then 'dead' else state end, next_attempt_at = case when state in ('pending', 'dead') then null else next_attempt_at end,
                parked = false, waits_for = null, last_error = case when state in ('pending', 'dead') then '{Erased}' end, warnings = null
            where project_id = @ProjectId and lead_id = any(@Leads)
            """),
        ("attempts", """
            update delivery_attempts set error = null
            where project_id = @ProjectId and error is not null and delivery_id = any(array(select id from deliveries where project_id = @ProjectId and lead_id = any(@Leads)))
            """),
        ("visits", $"""
            update visits t set visitor_id = v.new::uuid, ip = null, user_agent = device_of(t.user_agent), client_ids = jsonb_build_object(), pages = without_person(t.pages, @Patterns), {Names}
            from {Renamed} where t.project_id = @ProjectId and t.visitor_id = v.old::uuid
            """),
        ("numberHolds", $"update number_holds h set visitor_id = v.new::uuid from {Renamed} where h.project_id = @ProjectId and h.visitor_id = v.old::uuid"),
        ("numbers", $"update tracking_numbers n set held_visitor = v.new::uuid from {Renamed} where n.project_id = @ProjectId and n.held_visitor = v.old::uuid"),
        // A fold that has read the messages before finds another revision, and reads again.
        ("calls", """
            update calls set client_phone = null, client_phone_typed = null, recording_url = null, recording_id = null, facts = '{}', revision = revision + 1, erasure_id = @Act,
                external_id = without_person(external_id, @Patterns)
            where project_id = @ProjectId and id = any(@Calls)
            """),
        ("callEvents", """
            update call_events set event = without_person(anonymous_call_event(event), @Patterns), body = '', query = null
            where project_id = @ProjectId and call_id = any(@Calls)
            """),
        ("deals", """
            update deals d set name = null, lost_reason_id = without_person(d.lost_reason_id, @Patterns), erasure_id = @Act
            where d.project_id = @ProjectId and (d.client_id = any(@Clients) or d.lead_id = any(@Leads)
                or exists (select 1 from unnest(@CardConnections::uuid[], @CardIds::text[]) c (connection_id, id) where c.connection_id = d.connection_id and c.id = d.contact_id))
            """),
        // Made of the deal, and computed anew within seconds; until then it would still tell.
        ("dealFacts", """
            update deal_facts f set lost_reason_id = without_person(f.lost_reason_id, @Patterns)
            where f.project_id = @ProjectId and f.lost_reason_id ~* any(@Patterns) and f.deal_id in (select d.id from deals d where d.project_id = @ProjectId and d.erasure_id = @Act)
            """),
        ("stopList", """
            delete from stop_list where project_id = @ProjectId and ((kind = 'phone' and value = any(@Phones)) or (kind = 'email' and value = any(@Emails)) or (kind = 'visitor' and value = any(@Visitors))
                or (kind = 'word' and value ~* any(@Patterns)))
            """),
        ("mergeSuggestions", "delete from merge_suggestions where project_id = @ProjectId and (client_a = any(@Clients) or client_b = any(@Clients))"),
        ("idempotencyKeys", "delete from idempotency_keys where project_id = @ProjectId and (answer = any(@Answers) or key ~* any(@Patterns) or answer ~* any(@Patterns))"),
        // A lead that was resolved before finds another version, and is resolved again.
        ("clients", "update clients set name = null, erasure_id = @Act, version = version + 1 where project_id = @ProjectId and id = any(@Clients)"),
    ];

    /// <param name="Read">The next 50 rows after <c>@After</c>: id, texts, body.</param>
    /// <param name="Clear">Takes everything out of <c>@Ids</c> that came from outside.</param>
    internal sealed record Bodies(string Read, string Clear);

    public static readonly Bodies Rejects = new("""
        select id, concat_ws(' ', errors::text, headers::text, content_type) as texts, body from rejects where project_id = @ProjectId and id > @After order by id limit 50
        """, """
        update rejects set body = '', body_sha256 = sha256(''), errors = '{}', headers = '{}', ip = null, content_type = null,
            state = case when state = 'open' then 'discarded' else state end, closed_at = coalesce(closed_at, clock_timestamp())
        where project_id = @ProjectId and id = any(@Ids)
        """);

    // Only the ids in a CRM's message are believed, and they are beside it: reading goes on without its body.
    public static readonly Bodies CrmEvents = new("""
        select id, '' as texts, body from crm_events where project_id = @ProjectId and id > @After and octet_length(body) > 0 order by id limit 50
        """, "update crm_events set body = '' where project_id = @ProjectId and id = any(@Ids)");

    public const string Act = """
        insert into erasures (project_id, id, client_id, client_ids, at, by_name, reason, counts, crm_objects, due_at)
        values (@ProjectId, @Id, @ClientId, @Clients, @At, @By, @Reason, @Counts::jsonb, @Objects::jsonb, @DueAt) on conflict do nothing;
        insert into erased_contacts (project_id, erasure_id, hash) select @ProjectId, @Id, h from unnest(@Hashes) h on conflict do nothing;
        insert into erased_cards (project_id, erasure_id, connection_id, kind, remote_id)
        select @ProjectId, @Id, c.* from unnest(@CardConnections, @CardKinds, @CardIds) c on conflict do nothing
        """;

    /// <summary>Text that may be written over: of a project's tables, in no key, and not generated.</summary>
    public const string TextColumns = """
        select c.table_name::text, c.column_name::text, c.data_type::text
        from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> all(@NotSwept) and c.is_generated = 'NEVER'
            and (c.data_type in ('text', 'character varying', 'jsonb') or (c.data_type = 'ARRAY' and c.udt_name in ('_text', '_varchar')))
            and exists (select 1 from information_schema.columns p where p.table_schema = 'public' and p.table_name = c.table_name and p.column_name = 'project_id')
            and not exists (select 1 from pg_index x join pg_attribute a on a.attrelid = x.indrelid and a.attnum = any(x.indkey)
                where x.indrelid = format('public.%I', c.table_name)::regclass and x.indisunique and a.attname = c.column_name)
            and not exists (select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
                where k.conrelid = format('public.%I', c.table_name)::regclass and k.contype = 'c' and a.attname = c.column_name)
        order by 1, 2
        """;

    /// <summary>Tables with statements of their own above, the settings of the business, dictionaries of the CRMs, advertising's cost, and the act itself. The audit log is only added to, and holds no values.</summary>
    public static readonly string[] NotSwept =
    [
        "leads", "visits", "calls", "call_events", "rejects", "crm_events", "deliveries", "delivery_attempts", "identities", "clients", "idempotency_keys", "deals",
        "erasures", "erased_contacts", "erased_cards", "erasure_keys", "retention_runs", "privacy_settings", "audit", "memberships", "invitations", "users", "sessions",
        "projects", "sites", "senders", "connections", "authorizations", "api_keys", "tracking_numbers", "crm_imports", "deal_readings", "routing_turns", "spend_accounts", "spend_cabinets", "spend_loads",
        "spend_imports", "spend_import_days", "spend", "spend_names", "spend_days", "spend_nodes", "rates", "crm_pipelines", "crm_stages", "crm_users", "crm_lost_reasons", "crm_tasks", "crm_touches",
        "stage_changes", "deal_changes", "deal_facts", "client_facts", "deal_credits", "deal_moves", "visit_days", "lead_days", "client_days", "deal_days", "figure_marks", "figure_rebuilds", "learnings",
        "number_holds", "number_usage",
    ];
}
