using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Data;
using Microsoft.AspNetCore.DataProtection;

namespace LeadIngest.Api.Access;

/// <summary>The second factor of people: secrets encrypted by the service's key ring and bound to their user, and codes that work once.</summary>
internal sealed class TotpSecrets(Database db, IDataProtectionProvider protection, TimeProvider clock)
{
    public const int RecoveryCodes = 10;

    public byte[] Encrypt(Guid userId, byte[] secret) => For(userId).Protect(secret);

    /// <returns>The step of a right code; null: wrong.</returns>
    /// <exception cref="CryptographicException">The key ring lacks the key, or the secret is another user's.</exception>
    public long? StepOf(Guid userId, byte[] encrypted, string code) => Totp.StepOf(For(userId).Unprotect(encrypted), Plain(code), clock.GetUtcNow());

    /// <summary>Takes a code of the application or one of recovery: each works once, on whichever node.</summary>
    public async Task<bool> TakeAsync(Guid userId, byte[] encrypted, string code, CancellationToken ct)
    {
        var step = StepOf(userId, encrypted, code);
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(step is null ? TakeRecovery : TakeStep, new { Id = userId, Step = step, Hash = Secrets.HashOfCode(code) }, cancellationToken: ct)) == 1;
    }

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiDigit));

    private IDataProtector For(Guid userId) => protection.CreateProtector("totp", userId.ToString("N"));

    private const string TakeStep = "update users set totp_step = @Step where id = @Id and totp_step < @Step";

    private const string TakeRecovery = "update users set recovery_codes = array_remove(recovery_codes, @Hash) where id = @Id and @Hash = any(recovery_codes)";
}
