using System.Text;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Core;
using LeadIngest.Crm;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>A database of its own for each test, with the rows that ingest would have written; workers are started by the test, as many as it wants.</summary>
public sealed class DeliveryFixture : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly OrderedIds _ids = new(TimeProvider.System);
    private readonly List<Database> _pools = [];
    private readonly List<DeliveryWorker> _workers = [];
    private readonly CredentialsCipher _cipher = new(new EphemeralDataProtectionProvider());

    internal FakeCrm Crm { get; } = new();
    internal Database Db { get; }
    public string ConnectionString => _database.ConnectionString;
    public Guid Project { get; } = Guid.CreateVersion7();
    public Guid Site { get; } = Guid.CreateVersion7();

    internal static DeliveryOptions Quick { get; } = new()
    {
        Lease = TimeSpan.FromSeconds(6),
        RenewEvery = TimeSpan.FromSeconds(1),
        PollEvery = TimeSpan.FromMilliseconds(300),
        CallMargin = TimeSpan.FromMilliseconds(500),
        MaxHold = TimeSpan.FromMilliseconds(300),
        IdleHold = TimeSpan.FromSeconds(5),
    };

    internal static CrmTimings Timings { get; } = new() { AttemptTimeout = TimeSpan.FromSeconds(1) };

    private DeliveryFixture(TestDatabase database)
    {
        _database = database;
        Db = Pool();
    }

    public static async Task<DeliveryFixture> CreateAsync()
    {
        var fixture = new DeliveryFixture(await TestDatabase.CreateAsync());
        await fixture.ExecuteAsync("""
            insert into projects (project_id, name, is_demo) values (@Project, 'Окна Плюс', true);
            insert into sites (project_id, id, site_key, name) values (@Project, @Site, 'okna', 'okna-plus.ru')
            """, new { fixture.Project, fixture.Site });
        return fixture;
    }

    /// <summary>One more process: its own pools, signal and accounts.</summary>
    internal async Task<DeliveryWorker> StartAsync(DeliveryOptions? options = null, TimeProvider? clock = null, DeliverySignal? signal = null)
    {
        var worker = new DeliveryWorker(Pool(), signal ?? new DeliverySignal(), new CrmAccountPool(Crm, _cipher), new DeliveryMetrics(),
            new Heartbeats(TimeProvider.System), clock ?? TimeProvider.System, Options.Create(options ?? Quick), Options.Create(Timings), Options.Create(new Import.ImportOptions()), new Import.HookSecrets(_cipher), new LeadIngest.Api.Privacy.ErasedPeople(new LeadIngest.Api.Privacy.ErasureKeys(_cipher)), NullLogger<DeliveryWorker>.Instance);
        _workers.Add(worker);
        await worker.StartAsync(CancellationToken.None);
        return worker;
    }

    internal Database Pool()
    {
        var pool = new Database(_database.ConnectionString);
        _pools.Add(pool);
        return pool;
    }

    public async Task<Guid> ConnectionAsync(string crm = "amocrm", string account = "amocrm/okna.amocrm.ru", bool readable = true)
    {
        var id = Guid.CreateVersion7();
        var credentials = readable ? _cipher.Encrypt(Project, id, Encoding.UTF8.GetBytes("""{"baseAddress":"https://okna.amocrm.ru","token":"secret"}""")) : [1, 2, 3];
        await ExecuteAsync("""
            insert into connections (project_id, id, crm, name, account_key, account_host, credentials)
            values (@Project, @Id, @Crm, 'Отдел продаж', @Account, 'okna.amocrm.ru', @Credentials)
            """, new { Project, Id = id, Crm = crm, Account = account, Credentials = credentials });
        return id;
    }

    public async Task<Guid> ClientAsync(Guid? mergedInto = null)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync("insert into clients (project_id, id, merged_into) values (@Project, @Id, @MergedInto)", new { Project, Id = id, MergedInto = mergedInto });
        return id;
    }

    /// <summary>A lead and its delivery, in one transaction, as ingest commits them.</summary>
    public async Task<(Guid Lead, Guid Delivery)> LeadAsync(Guid connection, Guid? client = null, string kind = "deal", string status = "new", Guid? duplicateOf = null)
    {
        var (lead, delivery) = (_ids.Next(), _ids.Next());
        client ??= await ClientAsync();
        await ExecuteAsync("""
            insert into leads (project_id, id, site_id, client_id, duplicate_of, kind, status, received_at, name, phone, email_typed, messenger, comment, form_name,
                channel, source, medium, campaign, keyword, passport, details)
            values (@Project, @Lead, @Site, @Client, @DuplicateOf, 'form', @Status, clock_timestamp(), 'Анна', '+79161234567', 'anna at mail', '@anna', 'Окна', 'Замер',
                'paid_search', 'Яндекс.Директ', 'cpc', 'Поиск', 'окна пвх',
                '{"utm":{"utm_source":"yandex"},"clickIds":{"yclid":"17"},"landingPage":"https://okna-plus.ru/?yclid=17","origin":"click_id","confidence":"likely","evidence":["yclid"],"warnings":[]}',
                '{"fields":[["Площадь","54 м²"]],"ip":"192.0.2.10"}');
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind) values (@Project, @Delivery, @Lead, @Connection, @Client, @Kind);
            select pg_notify('deliveries', '')
            """, new { Project, Lead = lead, Site, Client = client, DuplicateOf = duplicateOf, Status = status, Delivery = delivery, Connection = connection, Kind = kind });
        return (lead, delivery);
    }

    /// <summary>Makes the lead a phone call, with the visit that it came from.</summary>
    public async Task<Guid> CallAsync(Guid lead, string outcome = "answered", string? recording = null, string? visitId = null)
    {
        var (call, visit) = (_ids.Next(), _ids.Next());
        await ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, line_phone, employee, started_at,
                wait_seconds, talk_seconds, recording_url, first_seen_at, last_seen_at)
            values (@Project, @Call, @Site, @Site, 'mango', @Call::text, 'in', 'ended', @Outcome, '+79161234567', '+74951234567', '101', '2026-03-02T06:30:00Z',
                12, 65, @Recording, clock_timestamp(), clock_timestamp());
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, passport, client_ids, pages, page_views, seconds)
            values (@Project, @Visit, @Site, @Visit, '2026-03-02T06:23:00Z', clock_timestamp(), 'direct', '{}', '{"ym":"17000001","ga":"1.2"}',
                '[["/",1772432580],["/prices",1772432600]]', 4, 190);
            update leads set kind = 'call', call_id = @Call, visit_id = @VisitId where project_id = @Project and id = @Lead
            """, new { Project, Call = call, Site, Outcome = outcome, Recording = recording, Visit = visit, VisitId = visitId ?? visit.ToString(), Lead = lead });
        return call;
    }

    /// <summary>A later entry of the call of a lead, as the calls write it.</summary>
    public async Task<Guid> EntryAsync(Guid connection, Guid lead)
    {
        var delivery = _ids.Next();
        await ExecuteAsync("""
            insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind)
            select project_id, @Delivery, id, @Connection, client_id, 'call' from leads where project_id = @Project and id = @Lead;
            select pg_notify('deliveries', '')
            """, new { Project, Delivery = delivery, Connection = connection, Lead = lead });
        return delivery;
    }

    internal Task<Row> RowAsync(Guid delivery) => SingleAsync<Row>("""
        select state, attempts, crash_claims, lookups, remote_lead_id, remote_contact_id, last_error, kind, next_attempt_at, warnings, waits_for, sent_at, lease_token
        from deliveries where project_id = @Project and id = @Id
        """, new { Project, Id = delivery });

    /// <summary>Waits until the row has this state; fails with what it has instead.</summary>
    internal async Task<Row> StateAsync(Guid delivery, string state)
    {
        Row? row = null;
        await UntilAsync(async () => (row = await RowAsync(delivery)).State == state, () => $"wanted {state}, is {row}");
        return row!;
    }

    public async Task UntilAsync(Func<Task<bool>> condition, Func<string>? otherwise = null, int seconds = 20)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds, otherwise?.Invoke() ?? "The condition was not met in time.");
            await Task.Delay(10);
        }
    }

    public async Task AllDeliveredAsync(int seconds = 60)
    {
        var left = "";
        await UntilAsync(async () => (left = await SingleAsync<string>("""
            select coalesce(string_agg(n || ' ' || state || ' ' || coalesce(e, ''), ', '), '') from (
                select state, last_error as e, count(*) as n from deliveries where state <> 'delivered' group by 1, 2) s
            """)) == "", () => "left: " + left, seconds);
    }

    public async Task<int> ExecuteAsync(string sql, object? args = null)
    {
        await using var session = await Db.Reading.OpenConnectionAsync(CancellationToken.None);
        return await session.ExecuteAsync(sql, args);
    }

    public async Task<T> SingleAsync<T>(string sql, object? args = null)
    {
        await using var session = await Db.Reading.OpenConnectionAsync(CancellationToken.None);
        return await session.QuerySingleAsync<T>(sql, args);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }
        foreach (var pool in _pools) await pool.DisposeAsync();
        await _database.DisposeAsync();
    }

    internal sealed record Row
    {
        public string State { get; init; } = "";
        public int Attempts { get; init; }
        public int CrashClaims { get; init; }
        public int Lookups { get; init; }
        public string? RemoteLeadId { get; init; }
        public string? RemoteContactId { get; init; }
        public string? LastError { get; init; }
        public string Kind { get; init; } = "";
        public DateTimeOffset? NextAttemptAt { get; init; }
        public string[]? Warnings { get; init; }
        public Guid? WaitsFor { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public long? LeaseToken { get; init; }
    }
}
