namespace LeadIngest.Resilience.Scenarios;

internal interface IScenario
{
    /// <summary>Names its figures, its database and its logs: letters and underscores.</summary>
    string Name { get; }

    Task PlayAsync(SoakRun run, ScenarioReport report, CancellationToken ct);
}
