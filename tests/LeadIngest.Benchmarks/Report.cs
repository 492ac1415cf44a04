using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>Collects the figures, writes <c>artifacts/bench.json</c> (flat, name to number) and prints them beside their targets.</summary>
internal sealed class Report
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, double> _figures = [];

    /// <summary>Every figure with its meaning, in the order of the table; a target is shown, never asserted.</summary>
    private static readonly (string Name, string Meaning, string Target, Func<double, bool>? Met)[] Rows =
    [
        ("ingest.ratio", "service to floor, 64 connections", "≥ 1.2", v => v >= 1.2),
        ("ingest.ratio_same_rows", "service to pgbench writing the same rows", "≥ 2", v => v >= 2),
        ("ingest.ratio_1m_clients", "a million clients stored to none", "≥ 0.85", v => v >= 0.85),
        ("ingest.ratio_1m_clients_to_floor", "service to floor, a million clients stored", "", null),
        ("ingest.leads_per_second", "leads/s, 64 connections", "", null),
        ("ingest.p50_ms", "answer, median, 64 connections", "", null),
        ("ingest.p99_ms", "answer, 99th percentile, 64 connections", "≤ 30", v => v <= 30),
        ("ingest.leads_per_second_16_connections", "leads/s, 16 connections", "", null),
        ("ingest.p50_ms_16_connections", "answer, median, 16 connections", "", null),
        ("ingest.p99_ms_16_connections", "answer, 99th percentile, 16 connections", "≤ 15", v => v <= 15),
        ("ingest.leads_per_second_delivering", "leads/s, delivery and CRMs on the same cores", "", null),
        ("ingest.p99_ms_delivering", "answer, 99th percentile, the same", "", null),
        ("ingest.leads_per_second_1m_clients", "leads/s, a million clients stored", "", null),
        ("ingest.p50_ms_1m_clients", "answer, median, a million clients", "", null),
        ("ingest.p99_ms_1m_clients", "answer, 99th percentile, a million clients", "", null),
        ("visits.ratio", "beacons/s to leads/s, numbers lent from a pool of 200", "≥ 0.6", v => v >= 0.6),
        ("visits.per_second", "beacons/s, 64 connections", "", null),
        ("visits.p99_ms", "answer, 99th percentile, 64 connections", "", null),
        ("visits.p50_ms_at_200", "answer at 200 beacons/s, median", "", null),
        ("visits.p99_ms_at_200", "answer at 200 beacons/s, 99th percentile", "≤ 20", v => v <= 20),
        ("numbers.advised", "numbers for 60 visits/h, 5.5 min each, calls 30 min late", "", null),
        ("numbers.accuracy_at_advice", "calls that reach the right visit, simulated", "≥ 0.99", v => v >= 0.99),
        ("numbers.accuracy_at_half", "the same with half as many numbers", "", null),
        ("numbers.accuracy_at_double", "the same with twice as many", "", null),
        ("machine.flush_us", "one 8 KB write flushed to the disk, µs", "", null),
        ("floor.leads_per_second", "pgbench: one lead row, one outbox row a commit", "", null),
        ("floor_same_rows.leads_per_second", "pgbench: the service's rows and indexes", "", null),
        ("passport.us", "passport of a typical address, µs", "≤ 10", v => v <= 10),
        ("phone.us", "phone to E.164, µs", "≤ 5", v => v <= 5),
        ("junk.judge_us", "judgement of a typical lead, 10,000 entries on the stop list, µs", "≤ 20", v => v <= 20),
        ("attribution.markov_ms", "Markov model of a million paths, counting included, ms", "≤ 5000", v => v <= 5000),
        ("attribution.markov_order2_ms", "the same, of order 2", "", null),
        ("memory.idle_mb", "service, idle, MB", "≤ 150", v => v <= 150),
        ("memory.load_mb", "service, most under load, MB", "≤ 400", v => v <= 400),
        ("memory.load_mb_1m_clients", "the same, a million clients stored, MB", "≤ 400", v => v <= 400),
        ("start.seconds", "start to ready, existing database, s", "≤ 3", v => v <= 3),
        ("delivery.p50_ms", "lead to CRM at 5 leads/s, median", "≤ 300", v => v <= 300),
        ("delivery.p99_ms", "lead to CRM at 5 leads/s, 99th percentile", "≤ 1500", v => v <= 1500),
        ("delivery.amocrm.p50_ms", "the same, amoCRM", "", null),
        ("delivery.amocrm.p99_ms", "the same, amoCRM", "", null),
        ("delivery.bitrix24.p50_ms", "the same, Bitrix24", "", null),
        ("delivery.bitrix24.p99_ms", "the same, Bitrix24", "", null),
        ("logins.lead_p99_ms_alone", "lead answered at 50 leads/s, 99th percentile", "", null),
        ("logins.lead_p99_ms", "the same beside 200 wrong passwords a second", "", null),
        ("logins.lead_p99_ratio", "the second to the first", "≤ 1.5", v => v <= 1.5),
        ("logins.checked_per_second", "passwords looked at meanwhile", "", null),
        ("logins.refused_per_second", "sign-ins told to come again", "", null),
        ("page.overview_paint_ms", "largest paint of the overview, empty cache, median of seven", "≤ 1,500", v => v <= 1500),
        ("page.overview_longest_task_ms", "the longest task while it loads, median", "≤ 200", v => v <= 200),
        ("page.overview_blocked_ms", "what its tasks take beyond 50 ms each, median", "", null),
        ("page.overview_kb", "all that comes over the line for it, charts and figures included", "", null),
        ("page.rows_50k_draw_longest_task_ms", "the longest task while 50,000 rows come and are drawn", "", null),
        ("page.rows_50k_scroll_longest_task_ms", "the longest task while they are scrolled through", "≤ 200", v => v <= 200),
        ("backlog.amocrm.requests_per_50_leads", "calls for 50 leads of new clients, amoCRM", "≤ 2.2", v => v <= 2.2),
        ("backlog.amocrm.share_of_limit", "calls/s to amoCRM's 7", "≥ 0.85", v => v >= 0.85),
        ("backlog.amocrm.leads_per_second", "leads/s at the limit, amoCRM", "", null),
        ("backlog.amocrm.factor_over_single", "the same to one lead a call", "", null),
        ("backlog.bitrix24.commands_per_request", "commands in a batch of new clients, Bitrix24", "≥ 49", v => v >= 49),
        ("backlog.bitrix24.share_of_limit", "calls/s to Bitrix24's 2", "≥ 0.85", v => v >= 0.85),
        ("backlog.bitrix24.leads_per_second", "leads/s at the limit, Bitrix24", "", null),
        ("backlog.bitrix24.factor_over_single", "the same to one lead a call", "", null),
        ("backlog.refused_for_rate", "calls refused for their rate", "0", v => v == 0),
        ("unlimited.leads_per_second", "leads/s into one account, no limits", "≥ 5000", v => v >= 5000),
        ("unlimited.service_cpu_us_per_lead", "processor time of the service for one of them, µs", "", null),
        ("unlimited.emulator_cpu_us_per_lead", "the same, emulated CRM", "", null),
        ("unlimited.postgres_cpu_us_per_lead", "the same, PostgreSQL", "", null),
        ("accounts.drained_seconds", "1,000 accounts with 20 leads each, s", "≤ 60", v => v <= 60),
        ("accounts.memory_mb", "memory that takes, MB", "≤ 150", v => v <= 150),
        ("accounts.drained_seconds_two_nodes", "the same, two services on one database, s", "≤ 60", v => v <= 60),
        ("accounts.share_of_second_node", "accounts worked on by the service that did less", "≥ 0.3", v => v >= 0.3),
        ("accounts.refused_for_rate", "calls refused for their rate", "0", v => v == 0),
        ("import.amocrm.seconds", "200,000 people read out of amoCRM, s", "", null),
        ("import.amocrm.cards_per_second", "people/s", "", null),
        ("import.amocrm.limit_share", "requests/s to the CRM's limit, meanwhile", "≥ 0.85", v => v >= 0.85),
        ("import.amocrm.allowed_share", "requests/s to those that the service allows itself", "≥ 0.95", v => v >= 0.95),
        ("import.amocrm.refused_for_rate", "calls refused for their rate", "0", v => v == 0),
        ("import.amocrm.memory_mb", "memory that takes, MB", "≤ 50", v => v <= 50),
        ("import.amocrm.lead_p95_ms_alone", "lead to CRM at 1 lead/s, reading paused, 95th percentile", "", null),
        ("import.amocrm.lead_p95_ms", "the same while it reads", "≤ 500", v => v <= 500),
        ("import.amocrm.lead_ratio", "the one to the other", "≤ 2", v => v <= 2),
        ("import.bitrix24.seconds", "200,000 people read out of Bitrix24, s", "", null),
        ("import.bitrix24.cards_per_second", "people/s", "", null),
        ("import.bitrix24.limit_share", "requests/s to the CRM's limit, meanwhile", "≥ 0.85", v => v >= 0.85),
        ("import.bitrix24.allowed_share", "requests/s to those that the service allows itself", "≥ 0.95", v => v >= 0.95),
        ("import.bitrix24.refused_for_rate", "calls refused for their rate", "0", v => v == 0),
        ("import.bitrix24.memory_mb", "memory that takes, MB", "≤ 50", v => v <= 50),
        ("import.bitrix24.lead_p95_ms_alone", "lead to CRM at 1 lead/s, reading paused, 95th percentile", "", null),
        ("import.bitrix24.lead_p95_ms", "the same while it reads", "≤ 500", v => v <= 500),
        ("import.bitrix24.lead_ratio", "the one to the other", "≤ 2", v => v <= 2),
        ("hanging.p95_ms_alone", "lead to CRM at 5 leads/s, 95th percentile, amoCRM", "", null),
        ("hanging.p95_ms", "the same beside a CRM that takes 30 s a call", "", null),
        ("hanging.p95_ratio", "the second to the first", "≤ 2", v => v <= 2),
        ("reports.scale", "of 10,000,000 visits, 2,000,000 leads, 400,000 deals in 3 years", "", null),
        ("reports.rebuild_s", "until all of the stored history is in the figures", "", null),
        ("reports.sources_p95_ms", "sources for a year, by source", "≤ 500", v => v <= 500),
        ("reports.child_p95_ms", "a source's campaigns of a year", "≤ 200", v => v <= 200),
        ("reports.keywords_p95_ms", "a campaign's keywords of a year", "≤ 200", v => v <= 200),
        ("reports.models_p95_ms", "sources for a year, another model, money on the day of refunds", "≤ 500", v => v <= 500),
        ("reports.cohorts_p95_ms", "cohorts of a year by month", "≤ 1,000", v => v <= 1_000),
        ("reports.rfm_p95_ms", "RFM of all clients", "≤ 1,000", v => v <= 1_000),
        ("reports.funnel_p95_ms", "the funnel of a year's deals", "≤ 1,000", v => v <= 1_000),
        ("reports.losses_p95_ms", "lost reasons of a year", "", null),
        ("reports.clients_p95_ms", "the base of clients over a year", "", null),
        ("reports.abc_p95_ms", "ABC and XYZ of a year's products", "", null),
        ("reports.ltv_p95_ms", "LTV of a year's buyers by source", "", null),
        ("reports.fresh_s", "from a lead's commit until sources shows it, the longest of ten", "≤ 60", v => v <= 60),
        ("reports.fresh_rebuilding_s", "the same while all of the history is being rebuilt", "≤ 60", v => v <= 60),
        ("reports.memory_mb", "the service's most during all of this", "", null),
    ];

    public void Add(string name, double value)
    {
        if (!Rows.Any(r => r.Name == name)) throw new InvalidOperationException($"{name} has no row in the table.");
        _figures.Add(name, value);
    }

    /// <summary>What is being done, with the seconds since the start.</summary>
    public void Progress(FormattableString what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:F1} s  {what.ToString(CultureInfo.InvariantCulture)}"));

    public void Write(string file)
    {
        var figures = Rows.Where(r => _figures.ContainsKey(r.Name)).ToDictionary(r => r.Name, r => Math.Round(_figures[r.Name], 3));
        File.WriteAllText(file, JsonSerializer.Serialize(figures, Indented) + "\n");
        Console.WriteLine();
        Console.WriteLine($"{"",2}{"figure",-42}{"value",10}  {"target",-8}  meaning");
        foreach (var (name, meaning, target, met) in Rows)
        {
            if (!figures.TryGetValue(name, out var value)) continue;
            var mark = met is null ? "" : met(value) ? "✓" : "✗";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mark,-2}{name,-42}{value,10:0.###}  {target,-8}  {meaning}"));
        }
        Console.WriteLine($"\nWritten to {Path.GetRelativePath(Environment.CurrentDirectory, file)}.");
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}

internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that so many per cent of the values do not exceed.</summary>
    public static double Percentile(double[] sorted, int percent) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
}
