using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// A service whose leads wait: connections are made over its API, leads of new clients are written by SQL while all are paused, and the time is taken from the
/// release to the last delivered row.
/// </summary>
internal static class WaitingLeads
{
    public const string Comment = "Нужен расчёт окон";
    private const string Key = "li_benchmark-key-of-the-account-rounds";

    /// <param name="settings">More settings, in the environment's spelling.</param>
    public static Task<ServiceProcess> StartAsync(BenchDatabase database, EmulatorProcess emulator, CancellationToken ct, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Demo__ApiKey"] = Key, ["Crm__AllowedHosts__0"] = emulator.Url.Authority };
        foreach (var (name, value) in settings) all[name] = value;
        return ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct, all);
    }

    /// <summary>Connects one account of its own in the emulated CRM.</summary>
    public static Task<Guid> ConnectAsync(ServiceProcess service, EmulatorProcess emulator, string crm, string name, CancellationToken ct)
    {
        var authority = emulator.Url.GetLeftPart(UriPartial.Authority);
        return ConnectAsync(service, crm == "amocrm"
            ? new { crm, name, baseAddress = $"{authority}/amocrm@{name}.amocrm.ru", token = (string?)"demo-amocrm-token" }
            : new { crm, name, baseAddress = $"{authority}/bitrix24@{name}.bitrix24.ru/rest/1/demo-bitrix-secret/", token = (string?)null }, ct);
    }

    /// <summary>Each lead has a phone of its own: what is read back from the CRMs would join them otherwise.</summary>
    public static async Task StoreAsync(BenchDatabase database, Guid connection, int leads, CancellationToken ct)
    {
        await database.ExecuteAsync("create sequence if not exists lead_numbers", ct);
        _ = await database.RowsAsync(Store, _ => 0, ct, BenchDatabase.Project, connection, leads, Comment);
    }

    /// <returns>From the release to the last row.</returns>
    public static async Task<TimeSpan> DrainAsync(BenchDatabase database, TimeSpan patience, CancellationToken ct)
    {
        await database.ExecuteAsync("analyze", ct);
        await database.CheckpointAsync(ct);
        var started = Stopwatch.GetTimestamp();
        await database.ResumeDeliveryAsync(ct);
        while (Stopwatch.GetElapsedTime(started) < patience && await database.OneAsync<bool>(Open, ct)) await Task.Delay(50, ct);
        var time = Stopwatch.GetElapsedTime(started);
        var rest = await database.RowsAsync(ByState, r => $"{r.GetInt64(0)} {r.GetString(1)} ({r.GetString(2)})", ct);
        return rest.Count == 0 ? time : throw new BenchFailure("Not delivered: " + string.Join("; ", rest));
    }

    private static async Task<Guid> ConnectAsync(ServiceProcess service, object connection, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Url, "/v1/connections")) { Content = JsonContent.Create(connection) };
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await service.Http.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchFailure($"A connection was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetGuid();
    }

    // By an index: reading all deliveries twenty times a second would be a load of its own.
    private const string Open = """
        select exists (select 1 from connections c where exists (
            select 1 from deliveries d where d.project_id = c.project_id and d.connection_id = c.id and d.state in ('pending', 'sending', 'in_doubt') limit 1))
        """;

    private const string ByState = "select count(*), state, coalesce(min(last_error), 'no error') from deliveries where state <> 'delivered' group by state";

    private const string Store = """
        with made as materialized (
            select n, gen_random_uuid() as client, ('01900000-0000-7000-8000-' || right(replace(gen_random_uuid()::text, '-', ''), 12))::uuid as lead, gen_random_uuid() as delivery
            from generate_series(1, $3) n),
        clients as (insert into clients (project_id, id) select $1, client from made),
        leads as (
            insert into leads (project_id, id, site_id, client_id, kind, status, received_at, name, phone, comment, form_name, channel, source, medium, campaign, keyword, passport, details)
            select $1, lead, (select id from sites where project_id = $1 limit 1), client, 'form', 'new', clock_timestamp(), 'Анна ' || n, '+79' || lpad(nextval('lead_numbers')::text, 9, '0'),
                $4, 'Замер', 'paid_search', 'Яндекс.Директ', 'cpc', 'Поиск_Москва', 'окна пвх',
                '{"utm":{"utm_source":"yandex"},"clickIds":{"yclid":"17"},"landingPage":"https://okna-plus.ru/","origin":"utm","confidence":"exact","evidence":[],"warnings":[]}', '{"fields":[]}'
            from made)
        insert into deliveries (project_id, id, lead_id, connection_id, client_id, kind) select $1, delivery, lead, $2, client, 'deal' from made
        """;
}
