using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests;

/// <summary>Rows as ingest and delivery leave them, for tests of what only reads or mends them. Each returns the new row's id.</summary>
public static class Rows
{
    public const string Passport = """
        {"utm":{"utm_source":"yandex","utm_medium":"cpc"},"clickIds":{"yclid":"17893022"},"landingPage":"https://okna-plus.ru/?utm_source=yandex&utm_medium=cpc",
         "referrer":"https://yandex.ru/","origin":"utm","confidence":"exact","evidence":["utm_source=yandex in the page URL","dictionary: yandex/cpc"],"warnings":[]}
        """;

    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow();
    private static int _made;

    /// <summary>A millisecond later than the one before: ids made within one millisecond have no order.</summary>
    private static DateTimeOffset NextMoment() => Start.AddMilliseconds(Interlocked.Increment(ref _made));

    private static Guid NewId() => Guid.CreateVersion7(NextMoment());

    public static async Task<Guid> ClientAsync(this ApiFixture api, TestProject project, string? name = "Анна Петрова", string? phone = null, string? email = null,
        Guid? mergedInto = null)
    {
        var id = NewId();
        await api.ExecuteAsync("insert into clients (project_id, id, name, merged_into) values (@P, @Id, @Name, @MergedInto)",
            new { P = project.ProjectId, Id = id, Name = name, MergedInto = mergedInto });
        if (phone is not null) await api.IdentityAsync(project, id, "phone", phone);
        if (email is not null) await api.IdentityAsync(project, id, "email", email);
        return id;
    }

    public static Task<int> IdentityAsync(this ApiFixture api, TestProject project, Guid clientId, string kind, string value) =>
        api.ExecuteAsync("insert into identities (project_id, kind, value, client_id) values (@P, @Kind, @Value, @ClientId)",
            new { P = project.ProjectId, Kind = kind, Value = value, ClientId = clientId });

    public static async Task<Guid> LeadAsync(this ApiFixture api, TestProject project, Guid? clientId = null, string status = "new", string? phone = "+79161234567",
        string? phoneTyped = null, string? email = null, string channel = "paid_search", string source = "Яндекс.Директ", string? name = "Анна Петрова",
        DateTimeOffset? receivedAt = null, string? details = null, string kind = "form", Guid? duplicateOf = null)
    {
        var at = receivedAt ?? NextMoment();
        var id = Guid.CreateVersion7(at);
        await api.ExecuteAsync("""
            insert into leads (project_id, id, site_id, client_id, duplicate_of, kind, status, received_at, name, phone, phone_typed, email, channel, source, medium, campaign,
                keyword, passport, details)
            values (@P, @Id, @SiteId, @ClientId, @DuplicateOf, @Kind, @Status, @At, @Name, @Phone, @PhoneTyped, @Email, @Channel, @Source, 'cpc', 'Поиск_CRM_Москва',
                'внедрение crm цена', @Passport::jsonb, @Details::jsonb);
            update clients set lead_count = lead_count + 1, last_lead_at = @At, first_lead_id = coalesce(first_lead_id, @Id) where project_id = @P and id = @ClientId
            """, new
        {
            P = project.ProjectId,
            Id = id,
            project.SiteId,
            ClientId = clientId,
            DuplicateOf = duplicateOf,
            Kind = kind,
            Status = status,
            At = at,
            Name = name,
            Phone = phone,
            PhoneTyped = phoneTyped,
            Email = email,
            Channel = channel,
            Source = source,
            Passport,
            Details = details ?? """{"fields":[["Площадь","54 м²"]],"consent":null,"ip":"192.0.2.10","userAgent":"Mozilla/5.0","warnings":[]}""",
        });
        return id;
    }

    /// <summary>A deal as the mirror keeps it, with a course of one step.</summary>
    public static async Task<Guid> DealAsync(this ApiFixture api, TestProject project, Guid connection, long remoteId, Guid? clientId = null, Guid? leadId = null, string kind = "deal",
        string state = "open", decimal amount = 0, string? currency = "RUB", string pipeline = "9100", string stage = "9102", string? responsible = "31", DateTimeOffset? createdAt = null, bool deleted = false)
    {
        var id = NewId();
        await api.ExecuteAsync("""
            insert into deals (project_id, id, connection_id, kind, remote_id, name, pipeline_id, stage_id, state, amount, currency, responsible_id, client_id, lead_id, created_at, deleted_at)
            values (@P, @Id, @Connection, @Kind, @RemoteId, 'Окна на дачу', @Pipeline, @Stage, @State, @Amount, @Currency, @Responsible, @ClientId, @LeadId, @At, case when @Deleted then @At end);
            insert into stage_changes (project_id, deal_id, n, at, pipeline_id, stage_id, origin) values (@P, @Id, 0, @At, @Pipeline, @Stage, 'seen')
            """, new
        {
            P = project.ProjectId,
            Id = id,
            Connection = connection,
            Kind = kind,
            RemoteId = remoteId,
            Pipeline = pipeline,
            Stage = stage,
            State = state,
            Amount = amount,
            Currency = currency,
            Responsible = responsible,
            ClientId = clientId,
            LeadId = leadId,
            At = createdAt ?? NextMoment(),
            Deleted = deleted
        });
        return id;
    }

    public static async Task<Guid> ConnectionAsync(this ApiFixture api, TestProject project, string crm = "amocrm", string host = "okna.amocrm.ru", string state = "active")
    {
        var id = NewId();
        await api.ExecuteAsync("""
            insert into connections (project_id, id, crm, name, account_key, account_host, credentials, state)
            values (@P, @Id, @Crm, 'Отдел продаж', @Account, @Host, @Credentials, @State)
            """, new { P = project.ProjectId, Id = id, Crm = crm, Account = $"{crm}/{host}", Host = host, Credentials = Encoding.UTF8.GetBytes("not readable"), State = state });
        return id;
    }

    /// <summary>A login to amoCRM that was begun.</summary>
    public static async Task<Guid> AuthorizationAsync(this ApiFixture api, TestProject project)
    {
        var id = NewId();
        await api.ExecuteAsync("""
            insert into authorizations (project_id, id, state_hash, connection_id, crm, name, keys, expires_at)
            values (@P, @Id, @Hash, @ConnectionId, 'amocrm', 'Отдел продаж', @Keys, clock_timestamp() + interval '1 hour')
            """, new { P = project.ProjectId, Id = id, Hash = id.ToByteArray(), ConnectionId = NewId(), Keys = Encoding.UTF8.GetBytes("not readable") });
        return id;
    }

    public static async Task<Guid> DeliveryAsync(this ApiFixture api, TestProject project, Guid leadId, Guid connectionId, string state = "dead", bool sent = false,
        string? lastError = "Validation: field \"price\" must be a number", Guid? clientId = null)
    {
        var id = NewId();
        await api.ExecuteAsync("""
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind, state, attempts, crash_claims, lookups, sent_at, last_error, next_attempt_at, delivered_at)
            values (@P, @Id, @LeadId, @ConnectionId, @ClientId, 'deal', @State, 3, 2, 1, case when @Sent then clock_timestamp() end, @Error,
                case when @State in ('pending', 'in_doubt') then clock_timestamp() end, case when @State = 'delivered' then clock_timestamp() end)
            """, new { P = project.ProjectId, Id = id, LeadId = leadId, ConnectionId = connectionId, ClientId = clientId ?? Guid.CreateVersion7(), State = state, Sent = sent, Error = lastError });
        return id;
    }

    public static async Task<Guid> RejectAsync(this ApiFixture api, TestProject project, byte[]? body = null, string contentType = "application/json", string reason = "unreadable_json")
    {
        var id = NewId();
        body ??= Encoding.UTF8.GetBytes("{\"phone\": +7 916");
        await api.ExecuteAsync("""
            insert into rejects (project_id, id, site_id, route, received_at, reason, errors, content_type, headers, ip, body, body_sha256)
            values (@P, @Id, @SiteId, 'leads', clock_timestamp(), @Reason, '{"body":["Not JSON."]}', @ContentType, '{"User-Agent":"curl/8"}', '192.0.2.10', @Body, @Hash)
            """, new { P = project.ProjectId, Id = id, project.SiteId, Reason = reason, ContentType = contentType, Body = body, Hash = System.Security.Cryptography.SHA256.HashData(body) });
        return id;
    }

    public static async Task<Guid> StopAsync(this ApiFixture api, TestProject project, string kind, string value, string verdict = "spam")
    {
        var id = NewId();
        await api.ExecuteAsync("insert into stop_list (project_id, id, kind, value, verdict) values (@P, @Id, @Kind, @Value, @Verdict)",
            new { P = project.ProjectId, Id = id, Kind = kind, Value = value, Verdict = verdict });
        return id;
    }

    /// <summary>A folded call with one event. Its sender is only named.</summary>
    public static async Task<Guid> CallRowAsync(this ApiFixture api, TestProject project, Guid? leadId = null, Guid? clientId = null)
    {
        var (id, sender) = (NewId(), NewId());
        await api.ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, lead_id, client_id, first_seen_at, last_seen_at)
            values (@P, @Id, @Sender, @SiteId, 'generic', 'c-1', 'in', 'ended', 'missed', '+79161234567', @LeadId, @ClientId, clock_timestamp(), clock_timestamp());
            insert into call_events (project_id, sender_id, fingerprint, call_id, received_at, event, body)
            values (@P, @Sender, @Fingerprint, @Id, clock_timestamp(), '{"externalId":"c-1","phase":"ended","direction":"in"}', '')
            """, new { P = project.ProjectId, Id = id, Sender = sender, project.SiteId, LeadId = leadId, ClientId = clientId, Fingerprint = id.ToByteArray() });
        return id;
    }

    /// <summary>The strings of a JSON array.</summary>
    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The ids of a page's items.</summary>
    public static Guid[] Ids(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetGuid())];
}
