namespace LeadIngest.Benchmarks;

/// <summary>
/// Five leads a second into two connections, while one of the two CRMs takes 30 s for every call: what that costs the other one. Its quiet rounds come before and
/// after, so that what drifts on the machine hits both.
/// </summary>
internal static class HangingAccount
{
    private const int Leads = 100;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(200), Hang = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        await using var database = await postgres.CreateAsync("hanging", ct);
        await using var service = await ServiceProcess.StartAsync(database.ConnectionString, emulator.Url, delivers: true, ct);
        var numbers = new LeadNumbers();
        report.Progress($"lead to amoCRM at 5 leads/s, alone and beside a Bitrix24 that takes {Hang.TotalSeconds} s a call");
        await RoundAsync();
        var quiet = await RoundAsync();
        await emulator.DelayAsync("bitrix24", Hang, ct);
        var beside = await RoundAsync();
        await emulator.HealAsync(ct);
        await DeliveredAsync("bitrix24");
        quiet.AddRange(await RoundAsync());
        await DeliveredAsync("bitrix24");
        var (before, during) = (Figures.Percentile([.. quiet.Order()], 95), Figures.Percentile([.. beside.Order()], 95));
        report.Add("hanging.p95_ms_alone", before);
        report.Add("hanging.p95_ms", during);
        report.Add("hanging.p95_ratio", during / before);

        async Task<List<double>> RoundAsync()
        {
            var (first, mark) = (numbers.TakeRange(), StoredRows.Mark());
            using var timer = new PeriodicTimer(Apart);
            var answers = new List<Task>();
            for (var i = 0; i < Leads && await timer.WaitForNextTickAsync(ct); i++) answers.Add(Posting.PostAsync(service, first + i, ct));
            await Task.WhenAll(answers);
            await DeliveredAsync("amocrm");
            var times = await database.RowsAsync(Times, r => r.GetDouble(0), ct, BenchDatabase.Project, mark);
            return times.Count == Leads ? times : throw new BenchFailure($"{Leads} leads have {times.Count} deliveries to amoCRM on record.");
        }

        async Task DeliveredAsync(string crm)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            while (await database.OneAsync<long>(Open, limit.Token, BenchDatabase.Project, crm) > 0) await Task.Delay(100, limit.Token);
        }
    }

    private const string Open = """
        select count(*) from deliveries d join connections c on c.project_id = d.project_id and c.id = d.connection_id
        where d.project_id = $1 and c.crm = $2 and d.state <> 'delivered'
        """;

    private const string Times = """
        select extract(epoch from d.delivered_at - l.received_at)::float8 * 1000
        from deliveries d
        join leads l on l.project_id = d.project_id and l.id = d.lead_id
        join connections c on c.project_id = d.project_id and c.id = d.connection_id
        where d.project_id = $1 and d.id >= $2 and c.crm = 'amocrm'
        """;
}
