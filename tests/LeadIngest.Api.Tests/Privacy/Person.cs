using System.Text;
using Dapper;

namespace LeadIngest.Api.Tests.Privacy;

/// <summary>A person planted in everything that can hold one, and looked for in every column that can.</summary>
internal sealed record Person(TestProject Project, Guid Client, Guid Merged, Guid Lead, Guid Spam, Guid Waiting, Guid Visit, Guid Visitor, Guid Call, Guid Sender, Guid Deal, Guid Connection, Guid Delivery, Guid Pending, Guid Reject,
    Guid CrmEvent)
{
    public const string Phone = "+79169876543";
    public const string Typed = "8 (916) 987-65-43";
    public const string Digits = "9169876543";
    public const string Email = "nezabudka.akulina@example.ru";
    public const string Name = "Акулина Незабудкина";
    public const string Handle = "telegram:nezabudka_akulina";

    // The id may be given, so that a restored backup can be played.
    public static async Task<Person> PlantAsync(ApiFixture api, TestProject project, Guid? client = null)
    {
        var person = new Person(project, client ?? Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(),
            Guid.CreateVersion7(), Guid.CreateVersion7(), await api.ConnectionAsync(project), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var passport = $$"""
            {"utm":{"utm_source":"yandex","utm_medium":"cpc","utm_term":"{{Phone}}"},"clickIds":{"yclid":"17893022"},"landingPage":"https://okna-plus.ru/zakaz?phone=%2B7%20916%20987-65-43&email=nezabudka.akulina%40example.ru",
             "referrer":"https://yandex.ru/search?text={{Email}}","origin":"utm","confidence":"exact","evidence":["utm_term={{Phone}} in the page URL"],"warnings":[]}
            """;
        var details = $$"""
            {"fields":[["Город","Казань"],["Ещё телефон","{{Typed}}"],["Кто вы","{{Name}}"]],"consent":{"text":"Согласна на обработку","version":"aa11","given":true,"page":"https://okna-plus.ru/?e={{Email}}","form":"zakaz","ip":"192.0.2.77"},
             "ip":"192.0.2.77","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile","page":"https://okna-plus.ru/zakaz?p={{Phone}}","warnings":["date_ignored"]}
            """;
        await api.ExecuteAsync("""
            insert into clients (project_id, id, name, lead_count, last_lead_at, first_lead_id) values (@P, @Client, @Name, 1, now(), @Lead);
            insert into clients (project_id, id, name, merged_into) values (@P, @Merged, @Name, @Client);
            insert into client_merges (project_id, id, kept_id, merged_id, reason) values (@P, @Merged, @Client, @Merged, 'one phone ' || @Phone);
            insert into merge_suggestions (project_id, id, client_a, client_b, reason) values (@P, @Merged, @Client, @Deal, 'both have ' || @Email);
            insert into clients (project_id, id, name) values (@P, @Deal, 'Другая');
            insert into identities (project_id, kind, value, client_id) values (@P, 'phone', @Phone, @Client), (@P, 'email', @Email, @Merged), (@P, 'messenger', @Handle, @Client), (@P, 'visitor', @Visitor::text, @Client),
                (@P, 'crm_contact', @Connection || '/55', @Client);
            insert into leads (project_id, id, site_id, client_id, kind, status, received_at, name, phone, phone_typed, email, email_typed, messenger, comment, form_id, form_name, visitor_id, visit_id, channel, source, medium,
                campaign, content, keyword, passport, details, call_id)
            select @P, l.id, @SiteId, l.client, 'form', l.status, now(), @Name, @Phone, @Typed, @Email, upper(@Email), @Handle, 'Позвоните ' || @Name || ' ' || @Typed, 'zakaz', 'Заказ', @Visitor, @Visit, 'paid_search', 'Яндекс.Директ', 'cpc',
                'Поиск', 'b-' || @Email, 'окна ' || @Phone, @Passport::jsonb, @Details::jsonb, l.call
            from (values (@Lead, @Client, 'new', @Call), (@Spam, null, 'spam', null), (@Waiting, @Merged, 'repeat', null)) l (id, client, status, call);
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, content, keyword, passport, client_ids, pages, ip, user_agent)
            values (@P, @Visit, @SiteId, @Visitor, now() - interval '1 hour', now(), 'paid_search', 'Яндекс.Директ', 'cpc', 'Поиск', null, @Phone, @Passport::jsonb, '{"ym":"170"}', jsonb_build_array(jsonb_build_array('/o/' || @Email, 1)), '192.0.2.77', 'Mozilla/5.0 (iPhone) Mobile');
            insert into senders (project_id, id, site_id, kind, provider, name) values (@P, @Sender, @SiteId, 'call', 'generic', 'АТС');
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, client_phone_typed, recording_url, recording_id, client_id, lead_id, visit_id, facts, first_seen_at, last_seen_at)
            values (@P, @Call, @Sender, @SiteId, 'generic', @Call::text, 'in', 'talking', 'unknown', @Phone, @Typed, 'https://pbx.example.ru/rec/' || @Digits || '.mp3', @Phone, @Client, @Lead, @Visit,
                jsonb_build_object('clientName', @Name, 'fields', jsonb_build_array(jsonb_build_array('mail', @Email)), 'warnings', jsonb_build_array('time_unreadable')), now(), now());
            insert into call_events (project_id, sender_id, fingerprint, call_id, received_at, event, query, body)
            values (@P, @Sender, '\x01', @Call, now(), jsonb_build_object('externalId', @Call, 'phase', 'talking', 'direction', 'in', 'clientPhone', @Typed, 'clientName', @Name, 'fields', jsonb_build_array(jsonb_build_object('key', 'mail', 'value', @Email))),
                'from=' || @Digits, convert_to('{"from":"' || @Phone || '","name":"' || @Name || '"}', 'UTF8'));
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, state, attempts, last_error, warnings, remote_lead_id, remote_contact_id, next_attempt_at)
            values (@P, @Delivery, @Lead, @Connection, @Client, 'deal', 'delivered', 1, null, array['left out: ' || @Email], '77', '55', null),
                (@P, @Pending, @Waiting, @Connection, @Client, 'deal', 'pending', 2, 'PHONE ' || @Phone || ' is wrong for ' || @Name, null, null, null, now() + interval '1 hour');
            insert into delivery_attempts (project_id, delivery_id, id, attempt, action, started_at, ended_at, outcome, error) values (@P, @Pending, @Pending, 1, 'send', now(), now(), 'refused', 'PHONE ' || @Typed || ' is wrong for ' || @Email);
            insert into deals (project_id, id, connection_id, kind, remote_id, name, stage_id, state, amount, currency, contact_id, contact_ids, client_id, lead_id, created_at, lost_reason_id)
            values (@P, @Deal, @Connection, 'deal', 78, @Name || ' ' || @Phone, '9102', 'won', 1000, 'RUB', '55', '{55}', @Client, @Lead, now(), 'не взяла ' || @Phone);
            insert into rejects (project_id, id, site_id, route, received_at, reason, errors, content_type, headers, ip, body, body_sha256)
            values (@P, @Reject, @SiteId, 'leads', now(), 'unreadable_json', jsonb_build_object('phone', jsonb_build_array(@Phone)), 'application/json', jsonb_build_object('Referer', 'https://okna.ru/?m=' || @Email), '192.0.2.77', @Json, '\x00'),
                (@P, @RejectForm, @SiteId, 'forms', now(), 'no_contact', '{}', 'application/x-www-form-urlencoded', '{}', '192.0.2.77', @Form, '\x00'),
                (@P, @RejectOld, @SiteId, 'forms', now(), 'no_contact', '{}', 'text/plain', '{}', null, @Windows, '\x00');
            insert into crm_events (project_id, id, connection_id, body, body_sha256, pending) values (@P, @CrmEvent, @Connection, @Form, '\x01', '{contact:55}');
            insert into stop_list (project_id, kind, value, id, note) values (@P, 'phone', @Phone, @Reject, @Name), (@P, 'email', @Email, @Spam, null), (@P, 'word', 'злая ' || @Name, @Waiting, null), (@P, 'domain', 'spam.example', @Lead, 'как ' || @Email);
            insert into idempotency_keys (project_id, site_id, path, key, body_hash, status, answer) values (@P, @SiteId, 'leads', 'lead-' || @Digits, '\x00', 202, '{"leadId":"' || @Lead || '"}');
            insert into tracking_numbers (project_id, id, site_id, number, kind, free_at, held_by, held_visitor, held_until) values (@P, @Sender, @SiteId, '+74950000001', 'dynamic', now(), @Visit, @Visitor, now());
            insert into number_holds (project_id, id, number_id, visit_id, visitor_id, from_at) values (@P, @Visit, @Sender, @Visit, @Visitor, now());
            insert into promotions (project_id, id, name, tag_kind, tag, goal, description, first_day, last_day) values (@P, @Deal, 'Весна', 'campaign', 'spring', 'leads', 'придумала ' || @Name || ', ' || @Phone, current_date, current_date);
            insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, note) values (@P, @Deal, 'Баннер', current_date, current_date, 10, 'RUB', true, 'платила ' || @Email);
            insert into source_entries (project_id, id, source, channel, note) values (@P, @Deal, 'blogger', 'referral', @Name);
            insert into shared_contacts (project_id, kind, value, note) values (@P, 'phone', '+74951112233', 'приёмная, не ' || @Typed);
            insert into rebuilds (project_id, id, what, state, result) values (@P, @Deal, 'preview', 'done', jsonb_build_object('rows', jsonb_build_array(@Phone, @Digits::bigint)));
            insert into reconcile_findings (project_id, id, kind, subject_id, day, detail) values (@P, @Deal, 'lead_by_hand', @Deal, current_date, 'Сделка ' || @Name || ' ' || @Phone)
            """, new
        {
            P = project.ProjectId,
            project.SiteId,
            person.Client,
            person.Merged,
            person.Lead,
            person.Spam,
            person.Waiting,
            person.Visit,
            person.Visitor,
            person.Call,
            person.Sender,
            person.Deal,
            person.Connection,
            person.Delivery,
            person.Pending,
            person.Reject,
            RejectForm = Guid.CreateVersion7(),
            RejectOld = Guid.CreateVersion7(),
            person.CrmEvent,
            Phone,
            Typed,
            Digits,
            Email,
            Name,
            Handle,
            Passport = passport,
            Details = details,
            Json = Encoding.UTF8.GetBytes($$"""{"phone": {{Digits}}, "name":"{{Name}}" """),
            Form = Encoding.ASCII.GetBytes($"tel={Uri.EscapeDataString(Typed)}&imya={Uri.EscapeDataString(Name)}&mail={Uri.EscapeDataString(Email)}"),
            Windows = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes($"{Name} просит перезвонить {Typed}"),
        });
        return person;
    }

    /// <summary>Columns of the project's rows in which the person is found: the phone's digits, with anything between them, the address or the name, whatever the column's type.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(ApiFixture api, TestProject project)
    {
        await using var db = new Npgsql.NpgsqlConnection(api.Db);
        var columns = (await db.QueryAsync<(string Table, string Column, string Type)>("""
            select c.table_name::text, c.column_name::text, c.data_type::text from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and (c.data_type in ('text', 'character varying', 'jsonb', 'json', 'bytea', 'bigint', 'numeric') or c.data_type = 'ARRAY')
                and exists (select 1 from information_schema.columns p where p.table_schema = 'public' and p.table_name = c.table_name and p.column_name = 'project_id')
            """)).AsList();
        Assert.True(columns.Count > 200, $"Only {columns.Count} columns to look through?");
        var found = new List<string>();
        foreach (var table in columns.GroupBy(c => c.Table))
        {
            var tests = table.Select(c =>
            {
                var text = c.Type == "bytea" ? $"encode(\"{c.Column}\", 'escape')" : $"\"{c.Column}\"::text";
                var decoded = $"replace(replace({text}, '%20', ' '), '%40', '@')";
                var name = c.Type == "bytea" ? $"position(convert_to(@Name, 'UTF8') in \"{c.Column}\") > 0" : $"{text} ilike '%' || @Name || '%'";
                return $"case when regexp_replace({decoded}, '%2[0-9A-F]|[^0-9]', '', 'g') like '%' || @Digits || '%' or {decoded} ilike '%' || @Email || '%' or {name} then '{c.Column}' end";
            });
            var rows = await db.QueryAsync<string>($"select distinct f.c from \"{table.Key}\" t cross join lateral unnest(array[{string.Join(", ", tests)}]) f (c) where t.project_id = @P and f.c is not null",
                new { P = project.ProjectId, Name, Digits, Email });
            found.AddRange(rows.Select(c => $"{table.Key}.{c}"));
        }
        return found;
    }
}
