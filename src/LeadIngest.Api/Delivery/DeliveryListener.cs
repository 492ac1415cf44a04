using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>Hears what other nodes committed. Holds one connection of the pool for itself.</summary>
internal static class DeliveryListener
{
    /// <summary>Ends by an exception only: of cancellation, or of a lost connection, after which the caller begins anew.</summary>
    public static async Task RunAsync(NpgsqlDataSource db, DeliverySignal signal, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        connection.Notification += (_, _) => signal.Wake();
        await using (var listen = new NpgsqlCommand($"listen {DeliverySignal.Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        // What was committed while nobody listened.
        signal.Wake();
        while (true) await connection.WaitAsync(ct);
    }
}
