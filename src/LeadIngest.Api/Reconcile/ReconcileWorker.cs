using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Reconcile;

/// <summary>Once a night of each project's time zone, on whichever node comes first, compares the last days with the CRMs.</summary>
internal sealed partial class ReconcileWorker(Database db, TimeProvider clock, IOptions<ReconcileOptions> options, ILogger<ReconcileWorker> log) : BackgroundService
{
    private readonly ReconcileOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        await Task.Yield();
        await new SteadyLoop("reconcile", clock, log).RunAsync(async ct =>
        {
            await TurnAsync(ct);
            await Task.Delay(_options.PollEvery, clock, ct);
        }, stoppingToken);
    }

    /// <summary>Every project whose night it is and that has not been compared in it.</summary>
    public async Task TurnAsync(CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        var due = await connection.QueryAsync<(Guid Project, DateOnly Night)>(new CommandDefinition(Due, new { Now = now, _options.Hour }, cancellationToken: ct));
        foreach (var (project, night) in due)
        {
            try
            {
                if (await Comparison.RunAsync(connection, project, night.AddDays(-_options.Days), night, night, _options, now, ct) is { } done) LogCompared(project, done.Findings.Values.Sum());
            }
            catch (Npgsql.PostgresException e)
            {
                // One project's trouble keeps no other from its comparison; the next turn tries again.
                LogFailed(e, project);
            }
        }
    }

    private const string Due = """
        select p.project_id, (@Now at time zone p.time_zone)::date from projects p
        where extract(hour from @Now at time zone p.time_zone) between @Hour and @Hour + 6
            and not exists (select 1 from reconcile_runs r where r.project_id = p.project_id and r.night = (@Now at time zone p.time_zone)::date)
        order by p.project_id limit 100
        """;

    [LoggerMessage(1, LogLevel.Information, "project {Project} was compared with its CRMs: {Findings} findings")]
    private partial void LogCompared(Guid project, int findings);

    [LoggerMessage(2, LogLevel.Error, "project {Project} could not be compared with its CRMs")]
    private partial void LogFailed(Exception e, Guid project);
}
