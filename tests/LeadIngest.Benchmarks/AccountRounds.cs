using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// An agency's size: a thousand accounts, half amoCRM and half Bitrix24, with twenty waiting leads each, under the CRMs' own limits; and one account of
/// amoCRM without limits. The leads are written by SQL while the connections are paused; the time is from the release to the last delivered row.
/// </summary>
internal static class AccountRounds
{
    private const int Accounts = 1000, LeadsEach = 20, OneAccount = 20_000;
    private const string Key = "li_benchmark-key-of-the-account-rounds";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await ManyAsync(postgres, report, ct);
        await OneAsync(postgres, report, ct);
    }

    private static async Task ManyAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        await using var database = await postgres.CreateAsync("accounts", ct);
        await using var service = await StartAsync(database, emulator, unlimited: false, ct);
        report.Progress($"connecting {Accounts} accounts");
        var authority = emulator.Url.GetLeftPart(UriPartial.Authority);
        var connections = new Guid[Accounts];
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, stop) => connections[i] = await ConnectAsync(service, i % 2 == 0
            ? new { crm = "amocrm", name = $"Account {i}", baseAddress = $"{authority}/amocrm@a{i}.amocrm.ru", token = (string?)"demo-amocrm-token" }
            : new { crm = "bitrix24", name = $"Account {i}", baseAddress = $"{authority}/bitrix24@a{i}.bitrix24.ru/rest/1/demo-bitrix-secret/", token = (string?)null }, stop));
        await database.PauseDeliveryAsync(ct);
        foreach (var connection in connections) await StoreAsync(database, connection, LeadsEach, ct);
        var before = service.Megabytes();
        report.Progress($"{Accounts * LeadsEach} leads of {Accounts} accounts");
        report.Add("accounts.drained_seconds", (await DrainAsync(database, ct)).TotalSeconds);
        report.Add("accounts.memory_mb", service.Megabytes("VmHWM") - before);
        report.Add("accounts.refused_for_rate", await RefusedAsync(emulator, ct));
    }

    private static async Task OneAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct, "--rateLimits=false");
        await using var database = await postgres.CreateAsync("unlimited", ct);
        await using var service = await StartAsync(database, emulator, unlimited: true, ct);
        var connection = await ConnectAsync(service, new { crm = "amocrm", name = "Account", baseAddress = $"{emulator.Url.GetLeftPart(UriPartial.Authority)}/amocrm@one.amocrm.ru", token = "demo-amocrm-token" }, ct);
        // Code and plans warm up on the first thousand.
        foreach (var (leads, measured) in new[] { (1000, false), (OneAccount, true) })
        {
            await database.PauseDeliveryAsync(ct);
            await StoreAsync(database, connection, leads, ct);
            report.Progress($"{leads} leads of one account");
            var time = await DrainAsync(database, ct);
            if (measured) report.Add("delivery.leads_per_second_unlimited", leads / time.TotalSeconds);
        }
    }

    private static Task<ServiceProcess> StartAsync(BenchDatabase database, EmulatorProcess emulator, bool unlimited, CancellationToken ct)
    {
        var settings = new Dictionary<string, string> { ["Demo__ApiKey"] = Key, ["Crm__AllowedHosts__0"] = emulator.Url.Authority };
        if (unlimited) settings["Crm__RequestsPerSecond"] = "1000000";
        return ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct, settings);
    }

    private static async Task<Guid> ConnectAsync(ServiceProcess service, object connection, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Url, "/v1/connections")) { Content = JsonContent.Create(connection) };
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await service.Http.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchFailure($"A connection was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetGuid();
    }

    private static async Task StoreAsync(BenchDatabase database, Guid connection, int leads, CancellationToken ct) =>
        _ = await database.RowsAsync(Store, _ => 0, ct, BenchDatabase.Project, connection, leads);

    private static async Task<TimeSpan> DrainAsync(BenchDatabase database, CancellationToken ct)
    {
        await database.ExecuteAsync("analyze", ct);
        await database.CheckpointAsync(ct);
        var started = Stopwatch.GetTimestamp();
        await database.ResumeDeliveryAsync(ct);
        while (await database.OneAsync<bool>("select exists (select 1 from deliveries where state <> 'delivered')", ct))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new BenchFailure("Not drained in time: " + string.Join("; ", await database.RowsAsync(ByState, r => $"{r.GetInt64(0)} {r.GetString(1)} ({r.GetString(2)})", ct)));
            await Task.Delay(50, ct);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<double> RefusedAsync(EmulatorProcess emulator, CancellationToken ct)
    {
        var refused = 0;
        foreach (var crm in new[] { "amocrm", "bitrix24" })
        {
            var log = await emulator.Http.GetFromJsonAsync<JsonElement>(new Uri(emulator.Url, "/_requests/" + crm), ct);
            refused += log.GetProperty("perSecond").EnumerateArray().Sum(s => s.GetProperty("refused").GetInt32());
        }
        return refused;
    }

    private const string ByState = "select count(*), state, coalesce(min(last_error), 'no error') from deliveries where state <> 'delivered' group by state";

    private const string Store = """
        with made as materialized (
            select n, gen_random_uuid() as client, ('01900000-0000-7000-8000-' || right(replace(gen_random_uuid()::text, '-', ''), 12))::uuid as lead, gen_random_uuid() as delivery
            from generate_series(1, $3) n),
        clients as (insert into clients (project_id, id) select $1, client from made),
        leads as (
            insert into leads (project_id, id, site_id, client_id, kind, status, received_at, name, phone, comment, form_name, channel, source, medium, campaign, keyword, passport, details)
            select $1, lead, (select id from sites where project_id = $1 limit 1), client, 'form', 'new', clock_timestamp(), 'Анна ' || n, '+7916' || lpad(n::text, 7, '0'),
                'Нужен расчёт окон', 'Замер', 'paid_search', 'Яндекс.Директ', 'cpc', 'Поиск_Москва', 'окна пвх',
                '{"utm":{"utm_source":"yandex"},"clickIds":{"yclid":"17"},"landingPage":"https://okna-plus.ru/","origin":"utm","confidence":"exact","evidence":[],"warnings":[]}', '{"fields":[]}'
            from made)
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind) select $1, delivery, lead, $2, client, 'deal' from made
        """;
}
