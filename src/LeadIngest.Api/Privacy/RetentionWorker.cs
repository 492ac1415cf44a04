using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>Section <c>Retention</c>. Checked at start.</summary>
internal sealed class RetentionOptions
{
    /// <summary>Whether this node takes away what is over its term. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>From which hour of the project's time zone on. Default 3: at night.</summary>
    [Range(0, 23)] public int Hour { get; init; } = 3;

    /// <summary>How often a node looks for projects whose turn it is. Default 10 minutes.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Once a day of each project's time zone, on whichever node comes first, takes away what is over its term. Visits, holds and idempotency keys have keepers of their own.</summary>
internal sealed partial class RetentionWorker(Database db, TimeProvider clock, IOptions<RetentionOptions> options, ILogger<RetentionWorker> log) : BackgroundService
{
    private readonly RetentionOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled) return;
        await Task.Yield();
        await new SteadyLoop("retention", clock, log).RunAsync(async ct =>
        {
            await TurnAsync(ct);
            await Task.Delay(_options.PollEvery, clock, ct);
        }, stoppingToken);
    }

    /// <summary>Every project whose hour has come and that was not looked through today.</summary>
    public async Task TurnAsync(CancellationToken ct)
    {
        await using var connection = await db.Figures.OpenConnectionAsync(ct);
        // One node at a time; the lock ends with the session, whatever happens to the node.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select pg_try_advisory_lock(hashtextextended('leadingest retention', 0))", cancellationToken: ct))) return;
        try
        {
            var now = clock.GetUtcNow();
            var due = (await connection.QueryAsync<(Guid Project, DateOnly Day)>(new CommandDefinition(Due, new { Now = now, _options.Hour }, cancellationToken: ct))).AsList();
            foreach (var (project, day) in due)
            {
                try
                {
                    var gone = await Retention.RunAsync(connection, project, now, ct);
                    await connection.ExecuteAsync(new CommandDefinition(Done, new { Project = project, Day = day, Counts = JsonSerializer.Serialize(gone), Now = clock.GetUtcNow() }, cancellationToken: ct));
                    if (gone.Count > 0) LogDone(project, gone.Values.Sum());
                }
                catch (PostgresException e)
                {
                    // One project's trouble keeps no other from its turn; the next look tries again.
                    LogFailed(e, project);
                }
            }
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended('leadingest retention', 0))");
        }
    }

    private const string Due = """
        select p.project_id, (@Now at time zone p.time_zone)::date from projects p
        where extract(hour from @Now at time zone p.time_zone) >= @Hour
            and not exists (select 1 from retention_runs r where r.project_id = p.project_id and r.day = (@Now at time zone p.time_zone)::date)
        order by p.project_id
        """;

    private const string Done = """
        insert into retention_runs (project_id, day, counts, finished_at) values (@Project, @Day, @Counts::jsonb, @Now) on conflict do nothing;
        delete from retention_runs where project_id = @Project and day < @Day - 1095
        """;

    [LoggerMessage(1, LogLevel.Information, "project {Project}: {Rows} rows were over their term")]
    private partial void LogDone(Guid project, long rows);

    [LoggerMessage(2, LogLevel.Error, "project {Project}: what is over its term could not be taken away")]
    private partial void LogFailed(Exception e, Guid project);
}
