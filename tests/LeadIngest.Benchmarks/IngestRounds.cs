namespace LeadIngest.Benchmarks;

/// <summary>
/// Leads a second, always beside a yardstick measured seconds apart: rounds alternate, so that whatever drifts on the machine hits both, and a ratio is
/// the median of the ratios of neighbouring rounds. Before each round a checkpoint; after each, the rows are counted against the answers.
/// </summary>
internal sealed class IngestRounds(Pgbench pgbench, Wrk wrk, Report report)
{
    public const int Rounds = 3, Seconds = 8, Connections = 64, FewConnections = 16;

    /// <summary>
    /// The headline: floor, same rows, service. Deliveries are written but not sent, as on a node that only takes leads; a last round has delivery and the
    /// emulated CRMs on the same cores.
    /// </summary>
    public async Task AgainstFloorAsync(ServiceProcess service, BenchDatabase database, CancellationToken ct)
    {
        var (floor, same, loads) = (new List<double>(), new List<double>(), new List<Load>());
        await database.PauseDeliveryAsync(ct);
        for (var round = 0; round < Rounds; round++)
        {
            await database.CheckpointAsync(ct);
            floor.Add(await pgbench.FloorAsync(Seconds, ct));
            await database.CheckpointAsync(ct);
            same.Add(await pgbench.SameRowsAsync(Seconds, ct));
            loads.Add(await LoadAsync(service, database, Connections, Seconds, ct));
            report.Progress($"round {round + 1}: floor {floor[^1]:F0}/s, same rows {same[^1]:F0}/s, service {loads[^1].PerSecond:F0}/s");
        }
        Add("", loads);
        report.Add("floor.leads_per_second", Figures.Median(floor));
        report.Add("floor_same_rows.leads_per_second", Figures.Median(same));
        report.Add("ingest.ratio", Figures.Median(loads.Zip(floor, (b, a) => b.PerSecond / a)));
        report.Add("ingest.ratio_same_rows", Figures.Median(loads.Zip(same, (b, a) => b.PerSecond / a)));

        var few = await LoadAsync(service, database, FewConnections, Seconds, ct);
        report.Add("ingest.leads_per_second_16_connections", few.PerSecond);
        report.Add("ingest.p50_ms_16_connections", few.P50);
        report.Add("ingest.p99_ms_16_connections", few.P99);
        await database.ResumeDeliveryAsync(ct);
        var delivering = await LoadAsync(service, database, Connections, Seconds, ct);
        report.Add("ingest.leads_per_second_delivering", delivering.PerSecond);
        report.Add("ingest.p99_ms_delivering", delivering.P99);
        report.Add("memory.load_mb", service.Megabytes("VmHWM"));
    }

    /// <summary>A database with a million clients beside one with none, and the floor; neither service delivers, so that only ingest is compared.</summary>
    public async Task AgainstEmptyAsync((ServiceProcess Service, BenchDatabase Database) empty, (ServiceProcess Service, BenchDatabase Database) million,
        CancellationToken ct)
    {
        var (floor, few, many) = (new List<double>(), new List<Load>(), new List<Load>());
        for (var round = 0; round < Rounds; round++)
        {
            await empty.Database.CheckpointAsync(ct);
            floor.Add(await pgbench.FloorAsync(Seconds, ct));
            few.Add(await LoadAsync(empty.Service, empty.Database, Connections, Seconds, ct));
            many.Add(await LoadAsync(million.Service, million.Database, Connections, Seconds, ct));
            report.Progress($"round {round + 1}: floor {floor[^1]:F0}/s, no clients {few[^1].PerSecond:F0}/s, a million {many[^1].PerSecond:F0}/s");
        }
        Add("_1m_clients", many);
        report.Add("ingest.ratio_1m_clients", Figures.Median(many.Zip(few, (b, a) => b.PerSecond / a.PerSecond)));
        report.Add("ingest.ratio_1m_clients_to_floor", Figures.Median(many.Zip(floor, (b, a) => b.PerSecond / a)));
        report.Add("memory.load_mb_1m_clients", million.Service.Megabytes("VmHWM"));
    }

    /// <summary>Load that is not counted: the service's code is compiled and improved by it.</summary>
    public Task WarmUpAsync(ServiceProcess service, BenchDatabase database, CancellationToken ct) => LoadAsync(service, database, Connections, Seconds, ct);

    /// <summary>One round of leads, checked against their rows.</summary>
    public async Task<Load> LoadAsync(ServiceProcess service, BenchDatabase database, int connections, int seconds, CancellationToken ct)
    {
        await database.CheckpointAsync(ct);
        var mark = StoredRows.Mark();
        var load = await wrk.RunAsync(service, connections, seconds, ct);
        await StoredRows.CheckAsync(database, mark, load.Answered, connections, ct);
        return load;
    }

    private void Add(string suffix, List<Load> loads)
    {
        report.Add("ingest.leads_per_second" + suffix, Figures.Median(loads.Select(l => l.PerSecond)));
        report.Add("ingest.p50_ms" + suffix, Figures.Median(loads.Select(l => l.P50)));
        report.Add("ingest.p99_ms" + suffix, Figures.Median(loads.Select(l => l.P99)));
    }
}
