using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Two buckets before a body is read: the site's (leads a second, bursts of two seconds) and the sender's address at that site (a minute's worth at
/// once; IPv6 by /64). An address over its own limit takes nothing from the site's, so one flooder cannot shut out everybody.
/// </summary>
/// <param name="times">How many times the site's own settings may be taken: other messages than leads come more often.</param>
internal class RateLimits(int times = 1) : IDisposable
{
    private readonly PartitionedRateLimiter<SiteEntry> _sites = PartitionedRateLimiter.Create<SiteEntry, (Guid, int)>(site =>
        RateLimitPartition.GetTokenBucketLimiter((site.SiteId, site.RatePerSecond * times), static key => Bucket(key.Item2 * 2, key.Item2, TimeSpan.FromSeconds(1))));

    private readonly PartitionedRateLimiter<(SiteEntry Site, UInt128 Address)> _addresses =
        PartitionedRateLimiter.Create<(SiteEntry Site, UInt128 Address), (Guid, UInt128, int)>(from =>
            RateLimitPartition.GetTokenBucketLimiter((from.Site.SiteId, from.Address, from.Site.RatePerIpPerMinute * times),
                static key => Bucket(key.Item3, Math.Max(1, key.Item3 / 60), TimeSpan.FromSeconds(60.0 * Math.Max(1, key.Item3 / 60) / Math.Max(1, key.Item3)))));

    /// <summary>Takes one permit of each and writes <c>RateLimit-*</c>; with <c>Retry-After</c> when there is none.</summary>
    /// <returns>Null when let through, else which limit was hit.</returns>
    public string? Take(SiteEntry site, HttpContext context)
    {
        // A look first: while the site is over its limit no bucket is made for the addresses of a flood.
        if (_sites.GetStatistics(site) is { CurrentAvailablePermits: 0 }) return Refuse(context, site.RatePerSecond * times, TimeSpan.FromSeconds(1), "site");
        var from = (site, Address(context.Connection.RemoteIpAddress));
        using var lease = _addresses.AttemptAcquire(from);
        if (!lease.IsAcquired) return Refuse(context, site.RatePerIpPerMinute * times, TimeSpan.FromSeconds(60.0 / Math.Max(1, site.RatePerIpPerMinute * times)), "address");
        using var siteLease = _sites.AttemptAcquire(site);
        if (!siteLease.IsAcquired) return Refuse(context, site.RatePerSecond * times, TimeSpan.FromSeconds(1), "site");
        var headers = context.Response.Headers;
        var left = _addresses.GetStatistics(from)?.CurrentAvailablePermits ?? 0;
        headers["RateLimit-Limit"] = Number(site.RatePerIpPerMinute * times);
        headers["RateLimit-Remaining"] = Number(left);
        headers["RateLimit-Reset"] = "60";
        return null;
    }

    internal static string Refuse(HttpContext context, int limit, TimeSpan after, string which)
    {
        var headers = context.Response.Headers;
        var seconds = Number((int)Math.Ceiling(after.TotalSeconds));
        headers["RateLimit-Limit"] = Number(limit);
        headers["RateLimit-Remaining"] = "0";
        headers["RateLimit-Reset"] = seconds;
        headers.RetryAfter = seconds;
        return which;
    }

    internal static TokenBucketRateLimiterOptions Bucket(int size, int perPeriod, TimeSpan period) => new()
    {
        TokenLimit = Math.Max(1, size),
        TokensPerPeriod = Math.Max(1, perPeriod),
        ReplenishmentPeriod = period,
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    /// <summary>Whom an address counts for: itself, of IPv6 its /64.</summary>
    internal static UInt128 Address(IPAddress? ip)
    {
        if (ip is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        ip.TryWriteBytes(bytes, out _);
        if (ip.AddressFamily == AddressFamily.InterNetworkV6) bytes[8..].Clear();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _sites.Dispose();
        _addresses.Dispose();
        GC.SuppressFinalize(this);
    }
}
