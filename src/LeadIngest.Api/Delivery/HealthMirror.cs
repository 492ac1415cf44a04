using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>Keeps the account's breaker, pause and last error in <c>crm_accounts</c> for the operator and for the next holder. Writes when something changed.</summary>
internal sealed class HealthMirror(NpgsqlDataSource db, AccountLease lease)
{
    private AccountHealth? _written;
    private bool _paused;

    public async Task WriteAsync(AccountHealth health, TimeSpan pause)
    {
        if (health == _written && pause <= TimeSpan.Zero && !_paused) return;
        await using var session = await db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(Write, new { lease.AccountKey, lease.Token, health.BreakerOpen, health.LastError, Pause = pause });
        (_written, _paused) = (health, pause > TimeSpan.Zero);
    }

    private const string Write = """
        update crm_accounts
        set breaker_open = @BreakerOpen, last_error = left(@LastError, 500), retry_at = case when @Pause > interval '0' then clock_timestamp() + @Pause end
        where account_key = @AccountKey and lease_token = @Token
        """;
}
