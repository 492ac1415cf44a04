using System.Net;
using System.Net.Sockets;

namespace LeadIngest.Api.Http;

/// <summary>Which addresses belong to the open internet: to nothing else may a call go whose host came from outside.</summary>
/// <remarks>
/// Source: IANA's registries of special-purpose addresses, IPv4 and IPv6 (2024). Forms that carry an IPv4 address (mapped, 6to4, NAT64) are what that is; tunnels whose other end cannot be
/// known (Teredo, local NAT64) are refused.
/// </remarks>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Closed4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    }.Select(n => IPNetwork.Parse(n))];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3"), SixToFour = IPNetwork.Parse("2002::/16"), Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] Closed6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48" }.Select(n => IPNetwork.Parse(n))];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return !Closed4.Any(n => n.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        // The zone names an interface of this machine.
        var plain = new IPAddress(address.GetAddressBytes());
        if (Nat64.Contains(plain)) return IsPublic(Inner(plain, 12));
        if (SixToFour.Contains(plain)) return IsPublic(Inner(plain, 2));
        return Global6.Contains(plain) && !Closed6.Any(n => n.Contains(plain));
    }

    private static IPAddress Inner(IPAddress address, int at) => new(address.GetAddressBytes().AsSpan(at, 4));
}
