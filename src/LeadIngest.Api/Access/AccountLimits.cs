using Dapper;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Access;

/// <summary>
/// How often one account may fail: five times, then it waits 5 minutes, after the next failure 10, and so on up to an hour; never for good. Counted over all nodes
/// in the database, for addresses that nobody has as well, so that the count tells nothing. A try is taken before its password is looked at: a thousand at once
/// get no more looks than a thousand one by one.
/// </summary>
internal sealed class AccountLimits(Database db, TimeProvider clock)
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);

    /// <returns>Null: go on. Else in what time to come again.</returns>
    public async Task<TimeSpan?> TakeAsync(string email, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var args = new { Hash = Secrets.Hash(email), Now = now, Forget = now - ForgetAfter };
        if (await connection.ExecuteAsync(new CommandDefinition(Take, args, cancellationToken: ct)) > 0) return null;
        var until = await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition("select locked_until from sign_in_failures where email_hash = @Hash", args, cancellationToken: ct));
        return until is { } time && new DateTimeOffset(time, TimeSpan.Zero) - now is { Ticks: > 0 } left ? left : TimeSpan.FromSeconds(1);
    }

    /// <summary>The try proved nothing against its maker: the code is still to come, or nobody had time to look.</summary>
    public Task GiveBackAsync(string email, CancellationToken ct) =>
        RunAsync("update sign_in_failures set failures = greatest(failures - 1, 0), locked_until = null where email_hash = @Hash", email, ct);

    /// <summary>It was the account's owner.</summary>
    public Task ClearAsync(string email, CancellationToken ct) => RunAsync("delete from sign_in_failures where email_hash = @Hash or failed_at < @Forget", email, ct);

    private async Task RunAsync(string sql, string email, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { Hash = Secrets.Hash(email), Forget = clock.GetUtcNow() - ForgetAfter }, cancellationToken: ct));
    }

    private const string Take = """
        insert into sign_in_failures as f (email_hash, failures, failed_at) values (@Hash, 1, @Now)
        on conflict (email_hash) do update set failed_at = @Now,
            failures = case when f.failed_at < @Forget then 1 else f.failures + 1 end,
            locked_until = case when f.failed_at >= @Forget and f.failures >= 4 then @Now + least(interval '1 hour', interval '5 minutes' * power(2, least(f.failures - 4, 4))) end
        where f.locked_until is null or f.locked_until <= @Now
        """;
}
