using System.Diagnostics;
using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R1, R2, R3, R5: service and database are killed again and again under load; nothing acknowledged is lost, nothing is delivered twice.</summary>
internal sealed class Kills : IScenario
{
    public string Name => "kills";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        var (serviceKills, postmasterKills) = run.Options.Pick((20, 5), (300, 50));
        using var stage = await Stage.SetAsync(run, Name, Shortened.Leases(), ct);
        // A CRM as slow as real ones: many kills then hit a call that is under way.
        await stage.Emulator.AddFaultAsync("latency", 1, ct, ms: 200);
        // Half of these have done the work before they fall silent.
        await stage.Emulator.AddFaultAsync("hang", 0.2, ct, ms: 400);
        using var sender = stage.Sender(TimeSpan.FromMilliseconds(300));
        var most = run.Options.Pick(1_200, 100_000);
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, run.Options.Pick(30, 120), most, 32, ct);
        var since = Stopwatch.GetTimestamp();
        var service = stage.Services[0];
        var killed = 0;
        for (var i = 0; i < serviceKills; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.3 + stage.Dice.NextDouble() * 2.7), ct);
            service.Process.Kill();
            await service.Process.ExitedAsync(ct);
            // Now and then the database dies while the service is down or coming up, else in the middle of work.
            var postmaster = (i + 1) * postmasterKills / serviceKills > i * postmasterKills / serviceKills;
            if (postmaster && i % 2 == 0 && run.Postgres.Kill()) killed++;
            await service.StartAsync(ct);
            if (!postmaster || i % 2 == 0) continue;
            await Task.Delay(TimeSpan.FromSeconds(0.3 + stage.Dice.NextDouble()), ct);
            if (run.Postgres.Kill()) killed++;
        }
        report.Figure("service_kills", serviceKills);
        report.Figure("postmaster_kills", killed);
        report.Figure("seconds_of_kills", Stopwatch.GetElapsedTime(since).TotalSeconds);
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(60)), "Leads were not acknowledged within 60 s after the last kill.");
        await stage.Emulator.ClearFaultsAsync(ct);
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(40)), ct);
    }
}
