using Dapper;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// What has to be done after the database was restored from a backup, before anything is sent: what looks unsent may have been sent since the backup was
/// made. Every unfinished delivery is put in doubt, so that it is looked up in the CRM first, and every connection is paused until a person releases it.
/// May be repeated.
/// </summary>
internal static class RestoredCommand
{
    /// <summary>Value of <c>connections.state_by</c>.</summary>
    public const string By = "restored";

    private const int Rows = 5000;

    /// <returns>How many connections were paused, and how many deliveries put in doubt.</returns>
    public static async Task<(int Connections, int Deliveries)> RunAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        var paused = await connection.ExecuteAsync(new CommandDefinition(Pause, new { By }, cancellationToken: ct));
        var (doubted, some) = (0, 0);
        do
        {
            some = await connection.ExecuteAsync(new CommandDefinition(Doubt, new { Rows }, cancellationToken: ct));
            doubted += some;
        }
        while (some == Rows);
        return (paused, doubted);
    }

    // The leases and the rates in the backup are those of workers that are gone.
    private const string Pause = """
        update crm_accounts set lease_owner = null, lease_until = '-infinity', lease_token = lease_token + 1, rate_level = 1e6, rate_at = clock_timestamp(), retry_at = null;
        update connections set state = 'paused', state_reason = 'Restored from a backup: look whether all is well, then resume.', state_by = @By, state_at = clock_timestamp(), probe_at = null
        where state in ('active', 'blocked')
        """;

    private const string Doubt = """
        update deliveries set state = 'in_doubt', doubt_since = clock_timestamp(), lookups = 0, next_attempt_at = clock_timestamp(), parked = false, waits_for = null, lease_token = null,
            sent_at = coalesce(sent_at, clock_timestamp())
        where (project_id, id) in (select project_id, id from deliveries where state in ('pending', 'sending') limit @Rows)
        """;
}
