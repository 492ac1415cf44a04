using System.Diagnostics;
using LeadIngest.Resilience.Load;

namespace LeadIngest.Resilience.Scenarios;

/// <summary>R14: the database is stopped, then stands still; every post is refused quickly and politely, memory stays flat, and service resumes by itself.</summary>
internal sealed class DatabaseAway : IScenario
{
    public string Name => "database_away";

    public async Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct)
    {
        using var stage = await Stage.SetAsync(run, Name, new Dictionary<string, string>(), ct);
        using var sender = stage.Sender(TimeSpan.FromSeconds(1));
        var away = run.Options.Pick(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(120));
        var perSecond = run.Options.Pick(40, 100);
        await using var load = SteadyLoad.Start(new LeadPlan(Name, run.Options.Seed), sender, perSecond, run.Options.Pick(1_500, 30_000), 200, ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        await OutageAsync("stopped", () => run.Postgres.StopAsync(), () => run.Postgres.StartAsync(ct));
        await Task.Delay(TimeSpan.FromSeconds(3), ct);
        await OutageAsync("frozen", () => Now(run.Postgres.Freeze), () => Now(run.Postgres.Thaw));
        report.Must(await load.FinishAsync(TimeSpan.FromSeconds(30)), "Leads were not acknowledged within 30 s after the database had come back.");
        report.None("server_errors", stage.Traffic.ServerErrors, "answers were 5xx other than 503");
        await stage.JudgeAsync(report, run.Options.Pick(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(30)), ct);

        async Task OutageAsync(string kind, Func<Task> begin, Func<Task> end)
        {
            var (traffic, process) = (stage.Traffic, stage.Services[0].Process);
            var (refused, before) = (traffic.Count(503), process.ResidentBytes());
            traffic.ForgetTimes();
            await begin();
            var most = before;
            for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < away;)
            {
                await Task.Delay(200, ct);
                most = Math.Max(most, process.ResidentBytes());
            }
            report.Figure($"{kind}.refused", traffic.Count(503) - refused);
            report.Must(traffic.Count(503) > refused, $"{kind}: not one request was answered 503.");
            report.AtMost($"{kind}.slowest_answer_seconds", traffic.Slowest.TotalSeconds, 2, "s");
            report.None($"{kind}.without_retry_after", traffic.WithoutRetryAfter, "refusals do not say when to come again");
            report.AtMost($"{kind}.memory_growth_mb", (most - before) / 1048576.0, 64, "MB");
            var acknowledged = stage.Ledger.Acknowledged.Count;
            await end();
            var back = Stopwatch.GetTimestamp();
            while (stage.Ledger.Acknowledged.Count == acknowledged && Stopwatch.GetElapsedTime(back).TotalSeconds < 30) await Task.Delay(20, ct);
            report.AtMost($"{kind}.seconds_to_serve_again", Stopwatch.GetElapsedTime(back).TotalSeconds, 5, "s");
            report.Must(process.IsRunning, $"{kind}: the service ended.");
        }

        static Task Now(Action act)
        {
            act();
            return Task.CompletedTask;
        }
    }
}
