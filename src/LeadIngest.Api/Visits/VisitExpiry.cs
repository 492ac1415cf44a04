using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Numbers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Visits;

/// <summary>Forgets visits, holds and hours of usage after their time, in small steps so that no table is held for long. Harmless to run on every node.</summary>
internal sealed class VisitExpiry(Database db, IOptions<VisitOptions> visits, IOptions<NumberOptions> numbers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    // The next turn will do it.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One turn: everything whose time is over goes.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        foreach (var (sql, days) in ((string, int)[])[(Visits, visits.Value.KeepDays), (Holds, numbers.Value.KeepDays), (Usage, visits.Value.KeepDays)])
            while (await connection.ExecuteAsync(new CommandDefinition(sql, new { Before = now.AddDays(-days) }, cancellationToken: ct)) > 0) { }
    }

    private const string Visits = "delete from visits where ctid = any(array(select ctid from visits where started_at < @Before limit 1000))";

    // The newest hold of a number stays: it says who has it.
    private const string Holds = """
        delete from number_holds where ctid = any(array(
            select h.ctid from number_holds h where h.from_at < @Before and h.until_at < @Before limit 1000))
        """;

    private const string Usage = "delete from number_usage where ctid = any(array(select ctid from number_usage where hour < @Before limit 1000))";
}
