using System.Collections.Concurrent;
using System.Net;
using LeadIngest.Api.Ingest;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>How often an address (IPv6: its /64) may fail within ten minutes, on this node. A try is taken before its password is looked at and given back when it was right.</summary>
internal sealed class AddressLimits(TimeProvider clock, IOptions<AccessOptions> options)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Addresses that are remembered at once: a flood of them cannot take the memory. Past it the counts begin anew; those of accounts are in the database.</summary>
    public const int MostAddresses = 100_000;

    private readonly ConcurrentDictionary<UInt128, (DateTimeOffset Since, int Tries)> _tries = new();

    public int Known => _tries.Count;

    /// <returns>Null: go on. Else in what time to come again.</returns>
    public TimeSpan? Take(IPAddress? address)
    {
        var now = clock.GetUtcNow();
        if (_tries.Count >= MostAddresses) MakeRoom(now);
        var (since, tries) = _tries.AddOrUpdate(RateLimits.Address(address), _ => (now, 1), (_, t) => t.Since <= now - Window ? (now, 1) : (t.Since, Math.Min(t.Tries + 1, int.MaxValue - 1)));
        return tries <= options.Value.AddressFailures ? null : since + Window - now;
    }

    public void GiveBack(IPAddress? address)
    {
        var key = RateLimits.Address(address);
        while (_tries.TryGetValue(key, out var t) && t.Tries > 0 && !_tries.TryUpdate(key, (t.Since, t.Tries - 1), t)) { }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (address, (since, _)) in _tries)
            if (since <= now - Window) _tries.TryRemove(address, out _);
        if (_tries.Count >= MostAddresses) _tries.Clear();
    }
}
