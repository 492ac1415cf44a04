using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// Three years of a large business are stored and counted; then the reports are asked, one call after another, and leads are posted to see how soon they show. <c>BENCH_SCALE</c> makes it smaller than the
/// size that the targets are for.
/// </summary>
internal static class ReportRounds
{
    private const int Calls = 40, FreshLeads = 10;
    private const string Key = "li_benchmark-key-of-the-report-rounds";
    private static readonly LeadNumbers Numbers = new();
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2), Soon = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        var scale = double.TryParse(Environment.GetEnvironmentVariable("BENCH_SCALE"), CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        report.Add("reports.scale", scale);
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        await using var database = await postgres.CreateAsync("reports", ct);
        var settings = new Dictionary<string, string> { ["Demo__ApiKey"] = Key, ["Visits__KeepDays"] = "3650" };
        // Makes the schema and the project, and is gone while the indexes are missing.
        await using (await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: false, ct, settings)) { }
        // The history ends yesterday, so that today's leads are the posted ones.
        var last = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);
        report.Progress($"storing {BigHistorySize.Of(scale)}");
        await new BigHistory(database.ConnectionString, BenchDatabase.Project, line => report.Progress($"  {line}")).StoreAsync(scale, last, ct);
        await using var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: false, ct, settings);

        var started = Stopwatch.GetTimestamp();
        await CaughtUpAsync(database, Patience, ct);
        report.Add("reports.rebuild_s", Stopwatch.GetElapsedTime(started).TotalSeconds);
        foreach (var table in (string[])["visit_days", "lead_days", "deal_days", "client_days", "spend_days", "origins"]) await database.ExecuteAsync($"vacuum (analyze) {table}", ct);

        var year = $"/v1/reports/sources?from={last.AddDays(-364):yyyy-MM-dd}&to={last:yyyy-MM-dd}&groupBy=";
        const string Tree = "channel,source,campaign,keyword";
        var source = await BestAsync(service, year + "channel,source&flat=true", ct);
        var campaign = await BestAsync(service, $"{year}{Tree}&parent={Uri.EscapeDataString(source)}", ct);
        await MeasureAsync(report, service, "reports.sources_p95_ms", year + "source", ct);
        await MeasureAsync(report, service, "reports.child_p95_ms", $"{year}{Tree}&parent={Uri.EscapeDataString(source)}", ct);
        await MeasureAsync(report, service, "reports.keywords_p95_ms", $"{year}{Tree}&parent={Uri.EscapeDataString(campaign)}", ct);
        await MeasureAsync(report, service, "reports.models_p95_ms", year + "source&model=timeDecay&refunds=cash", ct);
        var days = $"from={last.AddDays(-364):yyyy-MM-dd}&to={last:yyyy-MM-dd}";
        foreach (var (name, path) in new[]
            { ("cohorts", $"cohorts?{days}&unit=month"), ("rfm", "rfm"), ("funnel", $"funnel?{days}"), ("losses", $"losses?{days}"), ("clients", $"clients?{days}"), ("abc", $"abc?{days}"), ("ltv", $"ltv?{days}") })
            await MeasureAsync(report, service, $"reports.{name}_p95_ms", "/v1/reports/" + path, ct);

        report.Add("reports.memory_mb", service.Megabytes("VmHWM"));
        report.Add("reports.fresh_s", await FreshAsync(report, service, ct));
        await database.ExecuteAsync($"select stale_figures('{BenchDatabase.Project}')", ct);
        report.Add("reports.fresh_rebuilding_s", await FreshAsync(report, service, ct));
    }

    private static async Task CaughtUpAsync(BenchDatabase database, TimeSpan patience, CancellationToken ct)
    {
        for (var started = Stopwatch.GetTimestamp(); await database.OneAsync<long>("select (select count(*) from figure_marks) + (select count(*) from figure_rebuilds where part <> 'done')", ct) > 0;)
        {
            if (Stopwatch.GetElapsedTime(started) > patience) throw new BenchFailure("The figures did not catch up with the stored history.");
            await Task.Delay(1_000, ct);
        }
    }

    /// <returns>The key of the row with the greatest revenue that has children.</returns>
    private static async Task<string> BestAsync(ServiceProcess service, string path, CancellationToken ct) =>
        (await GetAsync(service, path, ct)).GetProperty("rows").EnumerateArray().Where(r => !r.GetProperty("values").EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Null))
            .OrderByDescending(r => r.GetProperty("figures").GetProperty("visits").GetInt64()).First().GetProperty("key").GetString()!;

    private static async Task MeasureAsync(Report report, ServiceProcess service, string name, string path, CancellationToken ct)
    {
        await GetAsync(service, path, ct);
        var times = new double[Calls];
        for (var i = 0; i < Calls; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await GetAsync(service, path, ct);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        report.Progress($"{name}: median {times[Calls / 2]:F0} ms, p95 {Figures.Percentile(times, 95):F0} ms");
        report.Add(name, Figures.Percentile(times, 95));
    }

    /// <returns>Seconds until a lead shows; the longest.</returns>
    private static async Task<double> FreshAsync(Report report, ServiceProcess service, CancellationToken ct)
    {
        var most = 0.0;
        for (var i = 0; i < FreshLeads; i++)
        {
            var before = await TodayAsync(service, ct);
            using var posted = await service.Http.PostAsync(service.Leads, new StringContent($$"""{"name":"Анна","phone":"+7916{{1_000_000 + Numbers.TakeRange() % 1_000_000 + i}}"}""", null, "application/json"), ct);
            if (!posted.IsSuccessStatusCode) throw new BenchFailure($"A lead was answered with {(int)posted.StatusCode}.");
            var started = Stopwatch.GetTimestamp();
            while (await TodayAsync(service, ct) == before)
            {
                if (Stopwatch.GetElapsedTime(started) > Soon) throw new BenchFailure("A lead did not show.");
                await Task.Delay(100, ct);
            }
            most = Math.Max(most, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        report.Progress($"a lead shows after {most:F1} s at the most");
        return most;
    }

    private static async Task<long> TodayAsync(ServiceProcess service, CancellationToken ct) =>
        (await GetAsync(service, "/v1/reports/sources?groupBy=channel", ct)).GetProperty("totals").GetProperty("leads").GetInt64();

    private static async Task<JsonElement> GetAsync(ServiceProcess service, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Url, path));
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await service.Http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : throw new BenchFailure($"{path}: {(int)answer.StatusCode} {text}");
    }
}
