using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>
/// Hashes and checks passwords (Identity's format V3, PBKDF2-SHA512). One check costs a processor about 0.2 s, so no more than half of the processors do it at
/// once, two at most, twenty wait, and the next is told to come again: a storm of sign-ins takes nothing from leads.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private sealed class Nobody;

    public const int MostWaiting = 20;
    private static readonly Nobody Anybody = new();
    private readonly PasswordHasher<Nobody> _hasher;
    private readonly Lazy<string> _nobodys;

    /// <summary>The turns at hashing.</summary>
    public ConcurrencyLimiter Places { get; } = new(new() { PermitLimit = Math.Clamp(Environment.ProcessorCount / 2, 1, 2), QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    public Passwords(IOptions<AccessOptions> options)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3, IterationCount = options.Value.HashIterations }));
        _nobodys = new(() => _hasher.HashPassword(Anybody, Secrets.NewToken()));
    }

    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public async Task<string> HashAsync(string password, CancellationToken ct)
    {
        using var place = await Places.AcquireAsync(1, ct);
        if (!place.IsAcquired) throw new TooBusyException();
        return await Task.Run(() => _hasher.HashPassword(Anybody, password), ct);
    }

    /// <param name="hash">Null: there is nobody to compare with, which takes the same time and is never right.</param>
    /// <returns>Whether it is right, and the hash to be stored instead when the one given is of fewer rounds.</returns>
    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public async Task<(bool IsRight, string? Better)> CheckAsync(string? hash, string password, CancellationToken ct)
    {
        using var place = await Places.AcquireAsync(1, ct);
        if (!place.IsAcquired) throw new TooBusyException();
        return await Task.Run(() =>
        {
            var verdict = _hasher.VerifyHashedPassword(Anybody, hash ?? _nobodys.Value, password);
            if (hash is null || verdict == PasswordVerificationResult.Failed) return (false, null);
            return (true, verdict == PasswordVerificationResult.SuccessRehashNeeded ? _hasher.HashPassword(Anybody, password) : null);
        }, ct);
    }

    public void Dispose() => Places.Dispose();
}

/// <summary>More passwords wait to be checked than will be soon.</summary>
internal sealed class TooBusyException : Exception;
