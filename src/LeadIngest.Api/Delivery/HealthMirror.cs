using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// Keeps the account's breaker, pause, last error and used rate in <c>crm_accounts</c> for the operator and for the next holder. Writes when something
/// changed; the rate alone is written once a second.
/// </summary>
internal sealed class HealthMirror(NpgsqlDataSource db, AccountLease lease, TimeProvider clock)
{
    private static readonly TimeSpan RateEvery = TimeSpan.FromSeconds(1);
    private AccountHealth? _written;
    private bool _paused;
    private long _writtenAt;

    /// <param name="isLast">The lease is about to be handed back: what is known now is written in any case.</param>
    public async Task WriteAsync(AccountHealth health, TimeSpan pause, bool isLast = false)
    {
        var same = health with { Rate = null } == _written && pause <= TimeSpan.Zero && !_paused;
        if (same && !isLast && (health.Rate is null || clock.GetElapsedTime(_writtenAt) < RateEvery)) return;
        await using var session = await db.OpenConnectionAsync(CancellationToken.None);
        await session.ExecuteAsync(Write, new
        {
            lease.AccountKey,
            lease.Token,
            health.BreakerOpen,
            health.LastError,
            IsNew = health.LastError is not null && health.LastError != _written?.LastError,
            Pause = pause,
            Level = health.Rate?.Level ?? 0,
            health.Rate?.PerSecond,
            health.Rate?.Burst,
            health.Rate?.LastSecond,
            health.Rate?.LastMinute,
        });
        (_written, _paused, _writtenAt) = (health with { Rate = null }, pause > TimeSpan.Zero, clock.GetTimestamp());
    }

    private const string Write = """
        update crm_accounts
        set breaker_open = @BreakerOpen, last_error = left(@LastError, 500), last_error_at = case when @IsNew then clock_timestamp() when @LastError is null then null else last_error_at end,
            retry_at = case when @Pause > interval '0' then clock_timestamp() + @Pause end,
            rate_level = @Level, rate_at = clock_timestamp(), rate_per_second = @PerSecond, rate_burst = @Burst, rate_last_second = @LastSecond, rate_last_minute = @LastMinute
        where account_key = @AccountKey and lease_token = @Token
        """;
}
