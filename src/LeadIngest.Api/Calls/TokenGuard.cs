using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Calls;

/// <summary>
/// Keeps guessed tokens from costing a query each: an address, and all together, may be wrong so many times. Only wrong ones count, a few are asked for at
/// a time, and tokens that were right once are asked for always, wherever they come from: a flood must not shut out a PBX.
/// </summary>
internal sealed class TokenGuard(SenderDirectory senders, IOptions<CallsOptions> options) : IDisposable
{
    private const int MaxRemembered = 10_000;
    private const int AllPerSecond = 50;
    private const int AtOnce = 4;
    private static readonly TimeSpan PlaceWait = TimeSpan.FromMilliseconds(700);
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly ConcurrentDictionary<string, byte> _right = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<IPAddress?> _addresses = PartitionedRateLimiter.Create<IPAddress?, UInt128>(ip =>
        RateLimitPartition.GetTokenBucketLimiter(RateLimits.Address(ip), _ => Bucket(options.Value.UnknownTokensPerMinute, options.Value.UnknownTokensPerMinute, TimeSpan.FromMinutes(1))));

    private readonly TokenBucketRateLimiter _all = new(Bucket(AllPerSecond * 2, AllPerSecond, TimeSpan.FromSeconds(1)));

    /// <returns>The sender of this token and provider; whether the guard refused to ask.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<(Sender? Sender, bool Refused)> FindAsync(string provider, string token, IPAddress? from, CancellationToken ct)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_right.ContainsKey(hash)) return (Right(provider, await senders.FindByTokenAsync(token, ct)), false);
        if (IsSpent(from) || !await _places.WaitAsync(PlaceWait, ct)) return (null, true);
        try
        {
            if (IsSpent(from)) return (null, true);
            if (Right(provider, await senders.FindByTokenAsync(token, ct)) is not { } sender)
            {
                _addresses.AttemptAcquire(from).Dispose();
                _all.AttemptAcquire().Dispose();
                return (null, false);
            }
            if (_right.Count >= MaxRemembered) _right.Clear();
            _right.TryAdd(hash, 0);
            return (sender, false);
        }
        finally
        {
            _places.Release();
        }
    }

    private static Sender? Right(string provider, Sender? sender) => sender?.Provider == provider ? sender : null;

    private bool IsSpent(IPAddress? from) => _addresses.GetStatistics(from) is { CurrentAvailablePermits: 0 } || _all.GetStatistics() is { CurrentAvailablePermits: 0 };

    private static TokenBucketRateLimiterOptions Bucket(int size, int perPeriod, TimeSpan period) =>
        new() { TokenLimit = size, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period, QueueLimit = 0, AutoReplenishment = true };

    public void Dispose()
    {
        _addresses.Dispose();
        _all.Dispose();
        _places.Dispose();
    }
}
