using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Core.Identities;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Access;

/// <summary>What a look at somebody's password came to.</summary>
internal abstract record PasswordVerdict
{
    private PasswordVerdict() { }

    public sealed record Right(Guid UserId) : PasswordVerdict;

    /// <summary>E-mail, password or code: it is not said which.</summary>
    public sealed record Wrong : PasswordVerdict;

    /// <summary>The password is right, and the account has a second factor.</summary>
    public sealed record CodeNeeded : PasswordVerdict;

    public sealed record Wait(TimeSpan For) : PasswordVerdict;
}

/// <summary>The one way to a password: limits first, then the hash, which takes the same time for an account that is not there, then the code.</summary>
internal sealed class PasswordCheck(Database db, Passwords passwords, AddressLimits addresses, AccountLimits accounts, TotpSecrets totp, AuditLog audit)
{
    // What waits already is done within about so long.
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(3);

    /// <summary>One spelling of an address: what is stored, looked up and counted.</summary>
    public static string Spell(string email) => Email.TryParse(email, out var read) ? read.Address : email.Trim().ToLowerInvariant();

    /// <param name="code">Of the second factor, or of recovery.</param>
    /// <param name="wantsCode">False: the password alone will do, for somebody who is signed in.</param>
    public async Task<PasswordVerdict> RunAsync(HttpContext context, string email, string password, string? code, CancellationToken ct, bool wantsCode = true)
    {
        var (address, name) = (context.Connection.RemoteIpAddress, Spell(email));
        if (addresses.Take(address) is { } after) return new PasswordVerdict.Wait(after);
        if (await accounts.TakeAsync(name, ct) is { } locked) return new PasswordVerdict.Wait(locked);
        var user = await FindAsync(name, ct);
        bool isRight;
        string? better;
        try
        {
            (isRight, better) = await passwords.CheckAsync(user?.PasswordHash, password, ct);
        }
        catch (TooBusyException)
        {
            addresses.GiveBack(address);
            await accounts.GiveBackAsync(name, ct);
            return new PasswordVerdict.Wait(WhenBusy);
        }
        if (!isRight || user is null) return await WrongAsync(context, user, "password", ct);
        if (wantsCode && user.Totp is { } secret)
        {
            if (string.IsNullOrWhiteSpace(code))
            {
                addresses.GiveBack(address);
                await accounts.GiveBackAsync(name, ct);
                return new PasswordVerdict.CodeNeeded();
            }
            if (!await totp.TakeAsync(user.Id, secret, code, ct)) return await WrongAsync(context, user, "code", ct);
        }
        addresses.GiveBack(address);
        await accounts.ClearAsync(name, ct);
        if (better is not null) await StoreAsync(user.Id, better, ct);
        return new PasswordVerdict.Right(user.Id);
    }

    /// <summary>The refusal that a verdict other than right is answered with.</summary>
    public static ProblemHttpResult Refusal(HttpContext context, PasswordVerdict verdict)
    {
        switch (verdict)
        {
            case PasswordVerdict.CodeNeeded:
                return Problems.Of(401, "code-needed", "A code is needed", "Send the code of the authenticator application, or a recovery code, as 'code'.");
            case PasswordVerdict.Wait wait:
                return TooMany(context, wait.For);
            default:
                return Problems.Of(401, "sign-in-failed", "Not signed in", "The e-mail, the password or the code is wrong.");
        }
    }

    public static ProblemHttpResult TooMany(HttpContext context, TimeSpan after)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problems.Of(429, "too-many-attempts", "Too many attempts", $"Try again in {(seconds < 120 ? $"{seconds} s" : $"{(seconds + 59) / 60} min")}.");
    }

    private async Task<PasswordVerdict> WrongAsync(HttpContext context, Row? user, string what, CancellationToken ct)
    {
        if (user is not null) await audit.AddToAllAsync(user.Id, user.Name, context, "SignInFailed", new() { ["what"] = what }, ct);
        return new PasswordVerdict.Wrong();
    }

    private async Task<Row?> FindAsync(string email, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition("select id, name, password_hash, totp from users where email = @email", new { email }, cancellationToken: ct));
    }

    private async Task StoreAsync(Guid id, string hash, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update users set password_hash = @hash where id = @id", new { id, hash }, cancellationToken: ct));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? PasswordHash { get; init; }
        public byte[]? Totp { get; init; }
    }
}
