using System.Diagnostics.Metrics;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Access;

/// <summary>
/// Compares the clock of this process with the database's once a minute: codes by time, signatures of webhooks and the time of a consent are only as right as the
/// clock. More than <see cref="Most"/> apart is logged and shows in <c>leadingest_clock_skew_seconds</c>. A clock that both share is NTP's to watch.
/// </summary>
internal sealed partial class ClockWatch(Database db, TimeProvider clock, ILogger<ClockWatch> log) : BackgroundService
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly Meter Meter = new("LeadIngest");
    private static double _skew;

    static ClockWatch() => Meter.CreateObservableGauge("leadingest_clock_skew_seconds", () => Volatile.Read(ref _skew), "s", "How far this process's clock is ahead of the database's");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    // The next turn will do it.
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One look.</summary>
    /// <returns>How far ahead this process is; half of the way there and back is its error.</returns>
    public async Task<TimeSpan> LookAsync(CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var before = clock.GetUtcNow();
        var there = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("select clock_timestamp()", cancellationToken: ct));
        var skew = before + ((clock.GetUtcNow() - before) / 2) - new DateTimeOffset(DateTime.SpecifyKind(there, DateTimeKind.Utc));
        Volatile.Write(ref _skew, skew.TotalSeconds);
        if (skew.Duration() > Most) Apart(log, skew.TotalSeconds);
        return skew;
    }

    [LoggerMessage(1, LogLevel.Warning, "the clock of this process is {Seconds:0.0} s ahead of the database's")]
    private static partial void Apart(ILogger log, double seconds);
}
