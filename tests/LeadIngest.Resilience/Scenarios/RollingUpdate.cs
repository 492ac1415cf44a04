using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R23: behind a balancer one process after the other is stopped and started again, and no visitor notices.</summary>
internal sealed class RollingUpdate : IScenario
{
    public string Name => "rolling_update";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        // Longer than the balancer takes to look again.
        var settings = new Dictionary<string, string> { ["Operations__DrainSeconds"] = "2" };
        using var stage = await Stage.SetAsync(run, Name, settings, ct, services: 2);
        await using var balancer = new Balancer(stage.Services);
        using var sender = new LeadSender(balancer.Choose, stage.Ledger, stage.Traffic, TimeSpan.FromMilliseconds(300));
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, run.Options.Pick(40, 150), run.Options.Pick(1_000, 30_000), 64, ct);
        var longest = 0.0;
        for (var i = 0; i < run.Options.Pick(4, 20); i++)
        {
            var service = stage.Services[i % 2];
            longest = Math.Max(longest, (await service.StopAsync(TimeSpan.FromSeconds(40), ct))?.TotalSeconds ?? 40);
            await service.StartAsync(ct);
            while (!balancer.HasAll) await Task.Delay(50, ct);
        }
        report.AtMost("longest_stop_seconds", longest, 25, "s");
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(10)), "Leads were not acknowledged within 10 s after the last start.");
        report.None("failed_requests", stage.Traffic.Resends, "requests failed although another process was ready");
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15)), ct);
    }
}
