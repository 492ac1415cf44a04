using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// An account of 200,000 people is read under the CRM's own limits, each CRM in turn (Bitrix24 on its smaller plan). Leads come once a second, first with the
/// reading paused, then while it runs: what the reading takes of the request limit, of memory, and of the leads' time.
/// </summary>
internal static class ImportRounds
{
    private const int Contacts = 200_000, Leads = 45, WarmUp = 5;
    private const string Key = "li_benchmark-key-of-the-import-rounds";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), Apart = TimeSpan.FromSeconds(1), Settling = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        var numbers = new LeadNumbers();
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        // The vendors' figures: 7 requests a second; 2 a second.
        foreach (var (crm, limit) in new[] { ("amocrm", 7.0), ("bitrix24", 2.0) }) await OneAsync(postgres, emulator, crm, limit, numbers, report, ct);
    }

    private static async Task OneAsync(PostgresUnderTest postgres, EmulatorProcess emulator, string crm, double limit, LeadNumbers numbers, Report report, CancellationToken ct)
    {
        var host = crm == "amocrm" ? "import.amocrm.ru" : "import.bitrix24.ru";
        await DoorAsync(emulator, $"/_seed/{crm}", new { account = host, contacts = Contacts, first_phone = 79000000000 }, ct);
        if (crm == "bitrix24") await DoorAsync(emulator, "/_account/bitrix24", new { account = host, plan = "standard" }, ct);
        await using var database = await postgres.CreateAsync("import_" + crm, ct);
        await using var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct,
            new Dictionary<string, string> { ["Demo__ApiKey"] = Key, ["Crm__AllowedHosts__0"] = emulator.Url.Authority });
        var authority = emulator.Url.GetLeftPart(UriPartial.Authority);
        var connection = (await CallAsync(service, "/v1/connections", crm == "amocrm"
            ? new { crm, name = crm, baseAddress = $"{authority}/amocrm@{host}", token = (string?)"demo-amocrm-token" }
            : new { crm, name = crm, baseAddress = $"{authority}/bitrix24@{host}/rest/1/demo-bitrix-secret/", token = (string?)null }, ct)).GetProperty("id").GetGuid();
        await CallAsync(service, $"/v1/connections/{connection}/import/pause", null, ct);

        report.Progress($"{crm}: {WarmUp + Leads} leads beside a paused reading");
        var first = numbers.TakeRange();
        await PostAsync(service, first, WarmUp, ct);
        var alone = await LeadsAsync(service, database, connection, first + WarmUp, ct);
        await Task.Delay(Settling, ct);
        var before = service.Megabytes();
        var readBefore = (await ProgressAsync(service, connection, ct)).GetProperty("contacts").GetInt32();
        var (requestsBefore, _) = await RequestsAsync(emulator, crm, host, ct);

        report.Progress($"{crm}: {Contacts:N0} people");
        var started = Stopwatch.GetTimestamp();
        await CallAsync(service, $"/v1/connections/{connection}/import/resume", null, ct);
        var beside = LeadsAsync(service, database, connection, first + WarmUp + Leads, ct);
        var most = before;
        while ((await ProgressAsync(service, connection, ct)).GetProperty("state").GetString() is var state && state != "done")
        {
            if (state != "running" || Stopwatch.GetElapsedTime(started) > Patience) throw new BenchFailure($"The reading of {crm} stayed {await ProgressAsync(service, connection, ct)}.");
            most = Math.Max(most, service.Megabytes());
            await Task.Delay(200, ct);
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (requests, refused) = await RequestsAsync(emulator, crm, host, ct);
        var during = await beside;
        var known = await database.OneAsync<long>("select count(*) from identities where project_id = $1 and kind = 'crm_contact' and starts_with(value, $2)", ct, BenchDatabase.Project, $"{connection}/");
        if (known < Contacts) throw new BenchFailure($"{Contacts} people were read out of {crm}, and {known} are known.");
        var allowed = (await CallAsync(service, $"/v1/connections/{connection}/status", null, ct, HttpMethod.Get)).GetProperty("requestsPerSecondAllowed").GetDouble();

        report.Add($"import.{crm}.seconds", seconds);
        report.Add($"import.{crm}.cards_per_second", (Contacts - readBefore) / seconds);
        report.Add($"import.{crm}.limit_share", (requests - requestsBefore) / seconds / limit);
        report.Add($"import.{crm}.allowed_share", (requests - requestsBefore) / seconds / allowed);
        report.Add($"import.{crm}.refused_for_rate", refused);
        report.Add($"import.{crm}.memory_mb", most - before);
        report.Add($"import.{crm}.lead_p95_ms_alone", alone);
        report.Add($"import.{crm}.lead_p95_ms", during);
        report.Add($"import.{crm}.lead_ratio", during / alone);
    }

    /// <summary>Leads of new people by a fixed timetable.</summary>
    /// <returns>Milliseconds from the post to the record of the CRM's answer, 95th percentile.</returns>
    private static async Task<double> LeadsAsync(ServiceProcess service, BenchDatabase database, Guid connection, long first, CancellationToken ct)
    {
        var mark = StoredRows.Mark();
        await PostAsync(service, first, Leads, ct);
        var waited = Stopwatch.GetTimestamp();
        while (true)
        {
            var times = await database.RowsAsync(Times, r => r.IsDBNull(0) ? double.NaN : r.GetDouble(0), ct, BenchDatabase.Project, connection, mark);
            if (times.Count == Leads && !times.Exists(double.IsNaN)) return Figures.Percentile([.. times.Order()], 95);
            if (Stopwatch.GetElapsedTime(waited) > TimeSpan.FromMinutes(2)) throw new BenchFailure($"{times.Count(t => !double.IsNaN(t))} of {Leads} leads were delivered.");
            await Task.Delay(100, ct);
        }
    }

    private static async Task PostAsync(ServiceProcess service, long first, int count, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Apart);
        var answers = new List<Task>();
        for (var i = 0; i < count && await timer.WaitForNextTickAsync(ct); i++) answers.Add(Posting.PostAsync(service, first + i, ct));
        await Task.WhenAll(answers);
    }

    private static Task<JsonElement> ProgressAsync(ServiceProcess service, Guid connection, CancellationToken ct) => CallAsync(service, $"/v1/connections/{connection}/import", null, ct, HttpMethod.Get);

    private static async Task<JsonElement> CallAsync(ServiceProcess service, string path, object? body, CancellationToken ct, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(service.Url, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await service.Http.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchFailure($"{path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    private static async Task DoorAsync(EmulatorProcess emulator, string path, object body, CancellationToken ct)
    {
        using var answer = await emulator.Http.PostAsJsonAsync(new Uri(emulator.Url, path), body, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchFailure($"{path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private static async Task<(int Requests, int Refused)> RequestsAsync(EmulatorProcess emulator, string crm, string host, CancellationToken ct)
    {
        var log = await emulator.Http.GetFromJsonAsync<JsonElement>(new Uri(emulator.Url, $"/_requests/{crm}?account={host}"), ct);
        return (log.GetProperty("total").GetInt32(), log.GetProperty("perSecond").EnumerateArray().Sum(s => s.GetProperty("refused").GetInt32()));
    }

    private const string Times = """
        select extract(epoch from d.delivered_at - l.received_at)::float8 * 1000
        from deliveries d join leads l on l.project_id = d.project_id and l.id = d.lead_id
        where d.project_id = $1 and d.connection_id = $2 and d.id >= $3
        """;
}
