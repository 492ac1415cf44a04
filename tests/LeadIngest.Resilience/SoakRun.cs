using System.Diagnostics;
using System.Text.Json;
using LeadIngest.Resilience.Rig;
using LeadIngest.Resilience.Scenarios;

namespace LeadIngest.Resilience;

/// <summary>One run over all scenarios, one after another, on one PostgreSQL server.</summary>
internal sealed class SoakRun(SoakOptions options, RunFolder folder, PostgresUnderTest postgres)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly IScenario[] All = [new Kills(), new Faults(), new DatabaseAway(), new CleanStop(), new RollingUpdate(), new TwoServices(), new Chaos(), new Accounting()];

    public SoakOptions Options => options;
    public RunFolder Folder => folder;
    public PostgresUnderTest Postgres => postgres;

    /// <returns>True when every promise was kept.</returns>
    public async Task<bool> PlayAsync(TextWriter output, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        var figures = new Dictionary<string, object> { ["seed"] = options.Seed, ["smoke"] = options.Smoke };
        var broken = new List<string>();
        foreach (var scenario in All.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)))
        {
            var report = new ScenarioReport(scenario.Name, output);
            var begun = Stopwatch.GetTimestamp();
            output.WriteLine($"\n{scenario.Name}");
            try
            {
                await scenario.PlayAsync(this, report, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                report.Break($"The scenario could not be played to its end. {e.GetType().Name}: {e.Message}");
            }
            report.Close();
            report.Figure("seconds", Stopwatch.GetElapsedTime(begun).TotalSeconds);
            foreach (var (name, value) in report.Figures) figures[name] = value;
            figures[$"{scenario.Name}.broken"] = report.Broken.Count;
            broken.AddRange(report.Broken.Select(b => $"{scenario.Name}: {b}"));
        }
        figures["broken"] = broken.Count;
        figures["seconds"] = Math.Round(Stopwatch.GetElapsedTime(since).TotalSeconds);
        await File.WriteAllTextAsync(Path.Combine(folder.Root, "artifacts", "soak.json"), JsonSerializer.Serialize(figures, Readable), ct);
        output.WriteLine(broken.Count == 0 ? "\nEvery promise was kept." : $"\n{broken.Count} promises were broken (SEED={options.Seed} replays the run):");
        foreach (var line in broken) output.WriteLine($"  {line}");
        return broken.Count == 0;
    }
}
