using System.Diagnostics;
using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R23: SIGTERM under load ends in time, keeps what was acknowledged, and hands the CRM accounts back, so that the next process delivers at once.</summary>
internal sealed class CleanStop : IScenario
{
    private const double LongestStop = 25, LongestPauseInDelivery = 10;

    public string Name => "clean_stop";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        // The product's own leases: were one not handed back, the next process would wait a minute and more.
        using var stage = await Stage.SetAsync(run, Name, new Dictionary<string, string>(), ct);
        await stage.Emulator.AddFaultAsync("latency", 1, ct, ms: 500);
        using var sender = stage.Sender(TimeSpan.FromMilliseconds(300));
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, 30, run.Options.Pick(900, 3_000), 32, ct);
        var (longest, slowest) = (0.0, 0.0);
        var service = stage.Services[0];
        for (var i = 0; i < run.Options.Pick(3, 10); i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + stage.Dice.NextDouble()), ct);
            var took = await service.StopAsync(TimeSpan.FromSeconds(40), ct);
            report.Must(took is not null, "The service had to be killed 40 s after SIGTERM.");
            report.Must(took is null || service.Process.ExitCode == 0, $"The exit code after SIGTERM was {service.Process.ExitCode}.");
            longest = Math.Max(longest, took?.TotalSeconds ?? 40);
            var held = await stage.Stored.ScalarAsync<int>("select count(*)::int from crm_accounts where lease_until > clock_timestamp()", ct);
            report.Must(held == 0, $"{held} CRM accounts were not handed back.");
            var sending = await stage.Stored.ScalarAsync<int>("select count(*)::int from deliveries where state = 'sending'", ct);
            report.Must(sending == 0, $"{sending} deliveries were left as if they were being sent.");
            await service.StartAsync(ct);
            slowest = Math.Max(slowest, await FirstDeliveryAsync(stage, ct));
        }
        report.AtMost("longest_stop_seconds", longest, LongestStop, "s");
        report.AtMost("seconds_to_first_delivery", slowest, LongestPauseInDelivery, "s");
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(30)), "Leads were not acknowledged within 30 s after the last start.");
        await stage.Emulator.ClearFaultsAsync(ct);
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5)), ct);
    }

    /// <returns>Seconds from the readiness of the service until both CRMs have got a lead from it.</returns>
    private static async Task<double> FirstDeliveryAsync(Stage stage, CancellationToken ct)
    {
        var begun = await stage.Stored.ScalarAsync<DateTime>("select clock_timestamp()", ct);
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since).TotalSeconds < 60)
        {
            var crms = await stage.Stored.ScalarAsync<int>($"select count(distinct connection_id)::int from deliveries where delivered_at > '{begun:O}'", ct);
            if (crms == 2) break;
            await Task.Delay(100, ct);
        }
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }
}
