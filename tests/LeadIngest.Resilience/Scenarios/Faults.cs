using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R3, R4: both CRMs cut, fail and hang after doing the work or before; each lead ends in each of them exactly once.</summary>
internal sealed class Faults : IScenario
{
    public string Name => "faults";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        var smoke = run.Options.Smoke;
        // A look-up is one call a lead in amoCRM: the short form cannot wait for seven of them a second.
        var settings = smoke ? Shortened.Leases() : [];
        if (smoke) settings["Crm__RequestsPerSecond"] = "40";
        using var stage = await Stage.SetAsync(run, Name, settings, ct, amocrmPerSecond: smoke ? 50 : 7);
        await stage.Emulator.AddFaultAsync("drop_after", 0.2, ct);
        await stage.Emulator.AddFaultAsync("status_after", 0.2, ct, status: 500);
        // A little longer than the service waits for an answer.
        await stage.Emulator.AddFaultAsync("hang", 0.1, ct, "amocrm", ms: smoke ? 2_000 : 22_000);
        await stage.Emulator.AddFaultAsync("hang", 0.1, ct, "bitrix24", ms: smoke ? 2_000 : 67_000);
        await stage.Emulator.AddFaultAsync("rate_limit", 1, ct);
        // What was made is found by searches only after a while, though before the last look-up.
        await stage.Emulator.AddFaultAsync("search_lag", 1, ct, ms: smoke ? 1_000 : 5_000);

        using var sender = stage.Sender(TimeSpan.FromMilliseconds(300));
        var leads = run.Options.Pick(800, 2_000);
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, run.Options.Pick(40, 20), leads, 32, ct);
        await load.Made;
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(30)), "Ingest suffers from a CRM that fails.");
        await Task.Delay(run.Options.Pick(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10)), ct);
        var during = await stage.Stored.ScalarAsync<int>("select count(*)::int from deliveries where state = 'delivered'", ct);
        report.Figure("delivered_under_faults", during);
        report.Figure("in_doubt_at_end_of_faults", await stage.Stored.ScalarAsync<int>("select count(*)::int from deliveries where state = 'in_doubt'", ct));
        await stage.Emulator.ClearFaultsAsync(ct);
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(15)), ct);
    }
}
