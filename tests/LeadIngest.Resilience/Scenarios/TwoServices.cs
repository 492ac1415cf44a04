using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R5, R6: two processes share a database and its CRM accounts; either is killed or stands still longer than its lease, and nothing is sent twice.</summary>
internal sealed class TwoServices : IScenario
{
    public string Name => "two_services";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        using var stage = await Stage.SetAsync(run, Name, Shortened.Leases(), ct, services: 2);
        await stage.Emulator.AddFaultAsync("latency", 1, ct, ms: 200);
        // Half of these have done the work before they fall silent.
        await stage.Emulator.AddFaultAsync("hang", 0.2, ct, ms: 400);
        using var sender = stage.Sender(TimeSpan.FromMilliseconds(300));
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, run.Options.Pick(20, 30), run.Options.Pick(1_200, 12_000), 64, ct);
        var (kills, freezes) = run.Options.Pick((6, 3), (60, 20));
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.3 + stage.Dice.NextDouble() * 2), ct);
            var service = stage.Services[stage.Dice.Next(2)];
            service.Process.Kill();
            await service.Process.ExitedAsync(ct);
            await service.StartAsync(ct);
        }
        for (var i = 0; i < freezes; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + stage.Dice.NextDouble() * 2), ct);
            // In turn: the one that took the accounts over is the next to stand still.
            var process = stage.Services[i % 2].Process;
            process.Freeze();
            // Three leases of this scenario; the last one of the long form is long enough for the product's own.
            await Task.Delay(TimeSpan.FromSeconds(!run.Options.Smoke && i == freezes - 1 ? 90 : 9), ct);
            process.Thaw();
        }
        report.Figure("service_kills", kills);
        report.Figure("freezes", freezes);
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(60)), "Leads were not acknowledged within 60 s after the last fault.");
        await stage.Emulator.ClearFaultsAsync(ct);
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15)), ct, mayTimeOut: true);
    }
}
