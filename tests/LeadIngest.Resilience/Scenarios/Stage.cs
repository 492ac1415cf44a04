using LeadIngest.Resilience.Checks;
using LeadIngest.Resilience.Load;
using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>What a scenario plays on: a database of its own, the emulated CRMs, the service, and leads to send.</summary>
internal sealed class Stage : IDisposable
{
    private Stage(SoakRun run, string name, string connectionString, EmulatorProcess emulator)
    {
        Emulator = emulator;
        Stored = new StoredLeads(connectionString);
        Ledger = new Ledger(run.Folder.Ledger(name));
        Dice = new Random(run.Options.Seed);
    }

    public EmulatorProcess Emulator { get; }
    public StoredLeads Stored { get; }
    public Ledger Ledger { get; }
    public Traffic Traffic { get; } = new();
    public Random Dice { get; }
    public List<ServiceProcess> Services { get; } = [];

    /// <param name="settings">Of the service, as environment variables.</param>
    /// <param name="services">How many processes share the database.</param>
    /// <param name="amocrmPerSecond">The limit of the emulated amoCRM.</param>
    public static async Task<Stage> SetAsync(SoakRun run, string name, IReadOnlyDictionary<string, string> settings, CancellationToken ct, int services = 1, int amocrmPerSecond = 7)
    {
        var database = "soak_" + name;
        await run.Postgres.CreateDatabaseAsync(database, ct);
        var connection = run.Postgres.ConnectionString(database);
        var stage = new Stage(run, name, connection, await EmulatorProcess.StartAsync(run.Folder, run.Options.Seed, amocrmPerSecond, ct));
        try
        {
            for (var i = 1; i <= services; i++)
            {
                var service = new ServiceProcess(services == 1 ? name : $"{name}-{i}", run.Folder, connection, stage.Emulator.Address, settings);
                stage.Services.Add(service);
                await service.StartAsync(ct);
            }
            // A run may take longer than the window of ten minutes; which lead is a duplicate must not depend on it.
            await stage.Stored.ExecuteAsync("update projects set duplicate_window_seconds = 86400; notify projects", ct);
        }
        catch
        {
            stage.Dispose();
            throw;
        }
        return stage;
    }

    /// <summary>Senders that never give up until they are answered.</summary>
    public LeadSender Sender(TimeSpan pause) => new(turn => Services[turn % Services.Count].LeadsAddress, Ledger, Traffic, pause);

    /// <summary>Waits until everything is delivered, then compares ledger, database and CRMs.</summary>
    /// <param name="mayTimeOut">A process that stands still answers nobody.</param>
    public async Task JudgeAsync(ScenarioReport report, TimeSpan patience, CancellationToken ct, bool mayTimeOut = false)
    {
        report.Figure("sent", Traffic.LeadsSent);
        report.Figure("resends", Traffic.Resends);
        report.Figure("repeats", Traffic.Repeats);
        report.Figure("not_connected", Traffic.NotConnected);
        report.Figure("cut", Traffic.Cut);
        report.None("surprises", Traffic.Surprises.Count, $"answers that a good lead must not get: {string.Join(", ", Traffic.Surprises.Take(5))}");
        report.Figure("timed_out", Traffic.TimedOut);
        report.Must(mayTimeOut || Traffic.TimedOut == 0, $"{Traffic.TimedOut} requests were left without an answer for 10 s.");
        var (took, open) = await Drain.WaitAsync(Stored, patience, ct);
        report.Figure("seconds_to_drain", took.TotalSeconds);
        report.None("open", open, $"deliveries are not finished after {patience.TotalSeconds:0} s");
        report.Figure("leases_taken", await Stored.ScalarAsync<int>("select coalesce(sum(lease_token), 0)::int from crm_accounts", ct));
        foreach (var (what, count) in await Stored.AttemptsAsync(ct)) report.Figure(what, count);
        var leads = await Stored.LeadsAsync(ct);
        var deliveries = await Stored.DeliveriesAsync(ct);
        Verdict.OnStore(report, Ledger, leads);
        Verdict.OnClients(report, leads);
        foreach (var crm in CrmContents.Crms)
        {
            var (calls, overLimit, spoilt) = await Emulator.CallsAsync(crm, ct);
            report.Figure($"{crm}.calls", calls);
            report.Figure($"{crm}.over_limit", overLimit);
            report.Figure($"{crm}.spoilt", spoilt);
            Verdict.OnCrm(report, await CrmContents.ReadAsync(Emulator, crm, ct), leads, deliveries);
        }
    }

    public void Dispose()
    {
        foreach (var service in Services) service.Dispose();
        Emulator.Dispose();
        Ledger.Dispose();
        Npgsql.NpgsqlConnection.ClearAllPools();
    }
}
