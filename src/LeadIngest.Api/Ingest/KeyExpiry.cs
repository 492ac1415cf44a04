using Dapper;
using LeadIngest.Api.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>Forgets Idempotency-Keys after their time, in small steps so that no table is held for long. Harmless to run on every node.</summary>
internal sealed class KeyExpiry(Database db, IOptions<IngestOptions> options, TimeProvider clock) : BackgroundService
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
                    await using var connection = await db.Delivery.OpenConnectionAsync(stoppingToken);
                    while (await connection.ExecuteAsync(new CommandDefinition(Expire, new { Days = options.Value.IdempotencyDays }, cancellationToken: stoppingToken)) > 0) { }
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

    private const string Expire = """
        delete from idempotency_keys where ctid in (
            select ctid from idempotency_keys where created_at < clock_timestamp() - make_interval(days => @Days) limit 1000)
        """;
}
