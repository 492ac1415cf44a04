namespace LeadIngest.Benchmarks;

/// <summary>
/// One account of amoCRM without limits: what delivery itself can do. The emulated CRM and PostgreSQL work on the same cores, so the processor time of each is told.
/// </summary>
internal static class UnlimitedAccount
{
    private const int WarmUp = 20_000, Leads = 40_000;

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct, "--rateLimits=false");
        await using var database = await postgres.CreateAsync("unlimited", ct);
        await using var service = await WaitingLeads.StartAsync(database, emulator, ct, ("Crm__RequestsPerSecond", "1000000"));
        var connection = await WaitingLeads.ConnectAsync(service, emulator, "amocrm", "one", ct);
        await FillAsync(WarmUp);
        await WaitingLeads.DrainAsync(database, Patience, ct);
        await FillAsync(Leads);
        report.Progress($"{Leads} leads of one account without limits");
        var before = (Service: service.CpuSeconds, Emulator: emulator.CpuSeconds, Postgres: postgres.CpuSeconds);
        var time = await WaitingLeads.DrainAsync(database, Patience, ct);
        report.Add("unlimited.leads_per_second", Leads / time.TotalSeconds);
        AddCpu("service", service.CpuSeconds - before.Service);
        AddCpu("emulator", emulator.CpuSeconds - before.Emulator);
        AddCpu("postgres", postgres.CpuSeconds - before.Postgres);
        var held = (await emulator.HoldsAsync("amocrm", "leads?account=one.amocrm.ru", ct)).GetArrayLength();
        if (held != WarmUp + Leads) throw new BenchFailure($"{WarmUp + Leads} leads were delivered, and the emulated amoCRM holds {held}.");

        void AddCpu(string process, double seconds) => report.Add($"unlimited.{process}_cpu_us_per_lead", seconds * 1e6 / Leads);

        async Task FillAsync(int leads)
        {
            await database.PauseDeliveryAsync(ct);
            await WaitingLeads.StoreAsync(database, connection, leads, ct);
        }
    }

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
}
