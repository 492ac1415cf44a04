using System.Threading.RateLimiting;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>
/// The limits of builders' servers, whose one address brings the leads of many visitors: as many a second as the site takes from all of its visitors,
/// and half of it from one address, so that one flooder cannot shut out the others. Nothing is taken from what visitors have.
/// </summary>
internal sealed class ServerLimits : IDisposable
{
    private readonly PartitionedRateLimiter<SiteEntry> _sites = PartitionedRateLimiter.Create<SiteEntry, (Guid, int)>(site =>
        RateLimitPartition.GetTokenBucketLimiter((site.SiteId, site.RatePerSecond), static key => RateLimits.Bucket(key.Item2 * 2, key.Item2, TimeSpan.FromSeconds(1))));

    private readonly PartitionedRateLimiter<(SiteEntry Site, UInt128 Address)> _servers =
        PartitionedRateLimiter.Create<(SiteEntry Site, UInt128 Address), (Guid, UInt128, int)>(from =>
            RateLimitPartition.GetTokenBucketLimiter((from.Site.SiteId, from.Address, from.Site.RatePerSecond),
                static key => RateLimits.Bucket(key.Item3, (key.Item3 + 1) / 2, TimeSpan.FromSeconds(1))));

    /// <summary>Takes one permit of each; writes <c>RateLimit-*</c> and <c>Retry-After</c> when there is none.</summary>
    /// <returns>Null when let through, else which limit was hit.</returns>
    public string? Take(SiteEntry site, HttpContext context)
    {
        // A look first: while the site is over its limit no bucket is made for the addresses of a flood.
        if (_sites.GetStatistics(site) is { CurrentAvailablePermits: 0 }) return Refuse("site");
        using var lease = _servers.AttemptAcquire((site, RateLimits.Address(context.Connection.RemoteIpAddress)));
        if (!lease.IsAcquired) return Refuse("address");
        using var siteLease = _sites.AttemptAcquire(site);
        return siteLease.IsAcquired ? null : Refuse("site");

        string Refuse(string which) => RateLimits.Refuse(context, site.RatePerSecond, TimeSpan.FromSeconds(1), which);
    }

    public void Dispose()
    {
        _sites.Dispose();
        _servers.Dispose();
    }
}
