using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Demo.History;

/// <summary>
/// Writes the demo's history beside the running service, where <c>Demo:HistoryMonths</c> asks for one and the demo project was made at this start; one that broke
/// off (somebody stopped the service) is written at the next start.
/// </summary>
internal sealed partial class HistoryInBackground(DemoProject project, IOptions<DemoOptions> options, IHostEnvironment environment, Data.Database db, TimeProvider clock, ILogger<HistoryInBackground> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var demo = options.Value;
        if (!demo.Enabled || demo.HistoryMonths == 0) return;
        await Task.Yield();
        try
        {
            if (!project.IsNew && await new HistoryRows(db, DemoProject.ProjectId).PlaceAsync(stoppingToken) is not { IsBegun: true, IsWritten: false }) return;
            var told = -1;
            var outcome = await new DemoHistory(db.ConnectionString, environment.EnvironmentName, clock).RunAsync(
                new HistoryRequest { Months = demo.HistoryMonths, Emulator = new Uri(demo.EmulatorUrl), PastFile = demo.PastFile },
                done =>
                {
                    if ((int)(done * 10) <= told) return;
                    told = (int)(done * 10);
                    LogProgress(told * 10);
                }, stoppingToken);
            LogEnded(HistoryCommand.Words(outcome));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // The demo is there all the same, without a past.
            LogFailed(e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "demo history: {Percent} %")]
    private partial void LogProgress(int percent);

    [LoggerMessage(2, LogLevel.Information, "{Words}")]
    private partial void LogEnded(string words);

    [LoggerMessage(3, LogLevel.Error, "demo history: broken off")]
    private partial void LogFailed(Exception e);
}
