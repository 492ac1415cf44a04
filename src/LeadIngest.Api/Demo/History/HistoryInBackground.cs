using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Demo.History;

/// <summary>Writes the demo's history beside the running service, where the demo project was made at this start and <c>Demo:HistoryMonths</c> asks for one.</summary>
internal sealed partial class HistoryInBackground(DemoProject project, IOptions<DemoOptions> options, IHostEnvironment environment, Data.Database db, TimeProvider clock, ILogger<HistoryInBackground> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var demo = options.Value;
        if (!project.IsNew || demo.HistoryMonths == 0) return;
        await Task.Yield();
        try
        {
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
