using System.Diagnostics;
using System.Text;

namespace LeadIngest.Benchmarks;

/// <summary>
/// Beacons a second (<see cref="TypicalVisit"/>, every one of them lending or extending a number) beside leads a second: rounds of both alternate, and the
/// ratio is the median of neighbouring rounds. Then 200 beacons a second by a fixed timetable, as a busy site sends them.
/// </summary>
internal sealed class VisitRounds(IngestRounds leads, Wrk wrk, Report report)
{
    private const int PerSecond = 200, SecondsAtRate = 15;

    public async Task RunAsync(ServiceProcess service, BenchDatabase database, CancellationToken ct)
    {
        await database.ExecuteAsync(OpenPool, ct);
        await database.PauseDeliveryAsync(ct);
        await wrk.VisitsAsync(service, IngestRounds.Connections, IngestRounds.Seconds, ct);
        var (visits, yardstick) = (new List<Load>(), new List<Load>());
        for (var round = 0; round < IngestRounds.Rounds; round++)
        {
            yardstick.Add(await leads.LoadAsync(service, database, IngestRounds.Connections, IngestRounds.Seconds, ct));
            await database.CheckpointAsync(ct);
            var before = await database.OneAsync<long>("select count(*) from visits", ct);
            visits.Add(await wrk.VisitsAsync(service, IngestRounds.Connections, IngestRounds.Seconds, ct));
            await CheckAsync(database, before, visits[^1].Answered, ct);
            report.Progress($"round {round + 1}: leads {yardstick[^1].PerSecond:F0}/s, beacons {visits[^1].PerSecond:F0}/s");
        }
        report.Add("visits.ratio", Figures.Median(visits.Zip(yardstick, (v, l) => v.PerSecond / l.PerSecond)));
        report.Add("visits.per_second", Figures.Median(visits.Select(v => v.PerSecond)));
        report.Add("visits.p99_ms", Figures.Median(visits.Select(v => v.P99)));

        var times = await AtRateAsync(service, ct);
        report.Add("visits.p50_ms_at_200", Figures.Percentile(times, 50));
        report.Add("visits.p99_ms_at_200", Figures.Percentile(times, 99));
        await database.ResumeDeliveryAsync(ct);
    }

    /// <summary>Every visit that was answered is stored, every visitor has a number, and no two have had one at the same time.</summary>
    private static async Task CheckAsync(BenchDatabase database, long before, long answered, CancellationToken ct)
    {
        var stored = await database.OneAsync<long>("select count(*) from visits", ct) - before;
        // The last visits may have got no further than their first message.
        if (stored < answered / TypicalVisit.Messages || stored > (answered / TypicalVisit.Messages) + (2 * TypicalVisit.Visitors))
            throw new BenchFailure($"{answered} beacons of visits with {TypicalVisit.Messages} each were answered, and {stored} visits are stored.");
        if (await database.OneAsync<long>("select count(distinct held_visitor) from tracking_numbers", ct) != TypicalVisit.Visitors)
            throw new BenchFailure("Not every visitor has a number.");
        if (await database.OneAsync<long>(Shared, ct) is > 0 and var shared) throw new BenchFailure($"{shared} pairs of visitors shared a number.");
    }

    private static async Task<double[]> AtRateAsync(ServiceProcess service, CancellationToken ct)
    {
        var (times, sent, started) = (new List<Task<double>>(), 0, Stopwatch.GetTimestamp());
        while (sent < PerSecond * SecondsAtRate)
        {
            // By the timetable: what came due since the last look is sent, and a slow answer delays no later beacon.
            for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond); sent <= due && sent < PerSecond * SecondsAtRate; sent++)
                times.Add(TimeAsync(service, sent, ct));
            await Task.Delay(1, ct);
        }
        // The first second warms the connections up.
        return [.. (await Task.WhenAll(times)).Skip(PerSecond).Order()];
    }

    private static async Task<double> TimeAsync(ServiceProcess service, int n, CancellationToken ct)
    {
        using var body = new StringContent(TypicalVisit.Body(n, 0x7000_0000), Encoding.UTF8, "text/plain");
        var started = Stopwatch.GetTimestamp();
        using var answer = await service.Http.PostAsync(service.Visits, body, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode || !text.Contains("\"number\":", StringComparison.Ordinal)) throw new BenchFailure($"A beacon was answered with {(int)answer.StatusCode}: {text}");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // The server looks at a new pool within a minute by itself; what the plans of that minute cost is no figure of the service.
    private static readonly string OpenPool = $$"""
        update sites set replace_numbers = '[{"number":"+74951234567","region":""}]' where project_id = '{{BenchDatabase.Project}}';
        insert into tracking_numbers (project_id, id, site_id, number, kind, free_at)
        select project_id, gen_random_uuid(), id, '+7495' || lpad(n::text, 7, '0'), 'dynamic', now() - interval '1 day'
        from sites, generate_series(1, {{TypicalVisit.Pool}}) n where project_id = '{{BenchDatabase.Project}}';
        analyze tracking_numbers;
        notify sites
        """;

    private const string Shared = """
        select count(*) from (
            select h.from_at < lag(coalesce(h.until_at, h.from_at)) over w and h.visitor_id <> lag(h.visitor_id) over w as shared
            from number_holds h window w as (partition by h.number_id order by h.from_at)) pairs
        where shared
        """;
}
