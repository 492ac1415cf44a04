using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// The right of one worker to speak to one CRM account. It is taken and renewed by the database's clock; whether a call may still begin is
/// decided by this process's monotonic clock, from the moment before the last renewal that succeeded: a worker that slept through its lease
/// sees that without asking anybody. The token grows with every take and fences everything the worker writes.
/// </summary>
internal sealed class AccountLease : ICallGuard, IDisposable
{
    private readonly NpgsqlDataSource _db;
    private readonly TimeProvider _clock;
    private readonly LeaseTerms _terms;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stopRenewal = new();
    private readonly Task _renewal;
    private long _renewedAt;

    private AccountLease(NpgsqlDataSource db, TimeProvider clock, LeaseTerms terms, Granted granted, long takenAt)
    {
        (_db, _clock, _terms, _renewedAt) = (db, clock, terms, takenAt);
        Token = granted.Token;
        PausedFor = TimeSpan.FromSeconds(Math.Clamp(granted.PauseSeconds, 0, RetrySchedule.MaxTold.TotalSeconds));
        TakenOver = granted.TakenOver;
        // Nobody knows what a worker that died had used: all of the limit, up to the moment when its lease ran out.
        Rate = (granted.TakenOver ? double.PositiveInfinity : granted.RateLevel, TimeSpan.FromSeconds(Math.Clamp(granted.RateAge, 0, 86_400)));
        TakenAt = takenAt;
        Lost = _lost.Token;
        _renewal = RenewAsync(_stopRenewal.Token);
    }

    public string AccountKey => _terms.AccountKey;
    public long Token { get; }

    /// <summary>True when the worker before did not hand the account back: it died, or was cut off.</summary>
    public bool TakenOver { get; }

    /// <summary>What is left of the account's pause (breaker, rate limit) that an earlier worker met.</summary>
    public TimeSpan PausedFor { get; }

    /// <summary>What was used of the account's request limit, and how long ago: see <see cref="ICrmAccount.ContinueRate"/>.</summary>
    public (double Level, TimeSpan Age) Rate { get; }

    /// <summary>Monotonic, see <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long TakenAt { get; }

    /// <summary>Cancelled as soon as the lease is known to belong to somebody else, or has run out.</summary>
    public CancellationToken Lost { get; }

    public bool Holds => !Lost.IsCancellationRequested && SinceRenewal < _terms.Length;

    public bool MayCall => !Lost.IsCancellationRequested && SinceRenewal < _terms.Length - _terms.CallBudget;

    private TimeSpan SinceRenewal => _clock.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <returns>The lease, or null while somebody else holds it.</returns>
    public static async Task<AccountLease?> TryTakeAsync(NpgsqlDataSource db, TimeProvider clock, LeaseTerms terms, CancellationToken ct)
    {
        var before = clock.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(ct);
        var granted = await connection.QuerySingleOrDefaultAsync<Granted>(new CommandDefinition(Take, terms, cancellationToken: ct));
        return granted is null ? null : new AccountLease(db, clock, terms, granted, before);
    }

    /// <summary>The lease is gone (a fenced write said so): no more calls, no hand-back.</summary>
    public void Lose() => _lost.Cancel();

    /// <summary>Stops renewing and hands the account back, so that nobody has to wait for the lease to run out.</summary>
    /// <param name="stopping">Once the process stops, a database that does not answer gets one chance only.</param>
    public async Task HandBackAsync(CancellationToken stopping)
    {
        await _stopRenewal.CancelAsync();
        await _renewal;
        // A database that is just restarting gets several chances; after that the lease runs out by itself.
        var over = false;
        while (Holds && !over)
        {
            over = stopping.IsCancellationRequested;
            try
            {
                using var limit = new CancellationTokenSource(HandBackTimeout, _clock);
                await using var connection = await _db.OpenConnectionAsync(limit.Token);
                await connection.ExecuteAsync(new CommandDefinition(HandBack, Parameters, cancellationToken: limit.Token));
                break;
            }
            catch (Exception)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await _lost.CancelAsync();
    }

    public void Dispose()
    {
        _stopRenewal.Dispose();
        _lost.Dispose();
    }

    private static readonly TimeSpan HandBackTimeout = TimeSpan.FromSeconds(3);

    private object Parameters => new { _terms.AccountKey, _terms.Owner, _terms.Length, Token };

    private async Task RenewAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_terms.RenewEvery, _clock);
        while (await NextAsync(timer, ct))
        {
            var before = _clock.GetTimestamp();
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(_terms.RenewEvery);
                await using var connection = await _db.OpenConnectionAsync(limit.Token);
                if (await connection.ExecuteAsync(new CommandDefinition(Renew, Parameters, cancellationToken: limit.Token)) == 0) Lose();
                else Volatile.Write(ref _renewedAt, before);
            }
            catch (Exception)
            {
                // The next turn tries again; calls stop by themselves when too little of the lease is left.
            }
            if (!Holds) Lose();
            if (Lost.IsCancellationRequested) return;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Granted(long Token, double PauseSeconds, bool TakenOver, double RateLevel, double RateAge);

    // A hand-back clears the owner: an owner that is still there has gone silent. One statement also makes the row of an account met for the first time.
    private const string Take = """
        with before as (select lease_owner, lease_until, rate_level, rate_at from crm_accounts where account_key = @AccountKey)
        insert into crm_accounts as a (account_key, lease_owner, lease_token, lease_until, last_worked_at)
        values (@AccountKey, @Owner, 1, clock_timestamp() + @Length, clock_timestamp())
        on conflict (account_key) do update
            set lease_owner = excluded.lease_owner, lease_token = a.lease_token + 1, lease_until = excluded.lease_until, last_worked_at = excluded.last_worked_at
            where a.lease_until < clock_timestamp()
        returning lease_token as token, coalesce(extract(epoch from retry_at - clock_timestamp()), 0)::float8 as pause_seconds,
            (select lease_owner from before) is not null as taken_over, coalesce((select rate_level from before), 0) as rate_level,
            coalesce((select extract(epoch from clock_timestamp() - case when lease_owner is null then rate_at else lease_until end)::float8 from before), 0) as rate_age
        """;

    private const string Renew = """
        update crm_accounts set lease_until = clock_timestamp() + @Length, last_worked_at = clock_timestamp()
        where account_key = @AccountKey and lease_token = @Token
        """;

    private const string HandBack = """
        update crm_accounts set lease_until = '-infinity', lease_owner = null where account_key = @AccountKey and lease_token = @Token
        """;
}

/// <param name="Owner">Names the process in the operator's view.</param>
/// <param name="Length">How long the account stays taken without a renewal.</param>
/// <param name="CallBudget">The longest a call may take; none begins when less of the lease is left.</param>
internal sealed record LeaseTerms(string AccountKey, string Owner, TimeSpan Length, TimeSpan RenewEvery, TimeSpan CallBudget);
