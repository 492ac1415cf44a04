using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Junk;

/// <summary>The one spelling of a stop list's values: that in which leads are stored.</summary>
public static class StopValue
{
    /// <summary>Words in one phrase.</summary>
    public const int LongestPhrase = 5;

    private const int LongestText = 10_000;

    /// <summary>Of an IPv4 address written as IPv6 (<c>::ffff:192.0.2.10</c>), the bits before it. Source: RFC 4291, 2.5.5.2.</summary>
    private const int MappedBits = 96;

    /// <summary>Reads a value as a person types it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="text">Phones in any spelling, addresses, <c>example.ru</c> or <c>@example.ru</c>, <c>192.0.2.0/24</c>, a word or a phrase.</param>
    /// <param name="country">ISO 3166-1 alpha-2: decides phones without a calling code.</param>
    /// <param name="value">The spelling to compare by.</param>
    /// <param name="why">What is wrong with it.</param>
    public static bool TryRead(StopKind kind, string? text, string? country, [NotNullWhen(true)] out string? value, out string why)
    {
        (value, why) = kind switch
        {
            StopKind.Phone => (Phone.TryParse(text, country, out var phone) ? phone.E164 : null, "Not a phone number."),
            StopKind.Email => (Email.TryParse(text, out var email) ? email.Address : null, "Not an e-mail address."),
            StopKind.Domain => (Domain(text), "Not a domain of e-mail addresses: example.ru."),
            StopKind.Ip => (Ip(text), "Not an address or a network of at least /8 (IPv4) or /16 (IPv6): 192.0.2.10, 192.0.2.0/24, 2001:db8::/48."),
            StopKind.Word => (Words(text) is { Length: >= 2 and <= 100 } words && words.Count(c => c == ' ') < LongestPhrase ? words : null,
                $"A word or a phrase of at most {LongestPhrase} words, 2 to 100 letters and digits."),
            _ => (Text.CleanLine(text, 101) is { Length: <= 100 } visitor ? visitor : null, "An id of a visitor has 1 to 100 characters."),
        };
        return value is not null;
    }

    /// <summary>Lower case, ё as е, words with one space between them. Null when there are none.</summary>
    internal static string? Words(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var words = new StringBuilder(Math.Min(text.Length, LongestText));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestText)))
        {
            if (char.IsLetterOrDigit(c))
                words.Append(char.ToLowerInvariant(c) is var lower and not 'ё' ? lower : 'е');
            else if (words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        }
        if (words.Length > 0 && words[^1] == ' ')
            words.Length--;
        return words.Length > 0 ? words.ToString() : null;
    }

    /// <summary>An address stands for the network that holds it alone.</summary>
    internal static bool TryNetwork(string value, out IPNetwork network)
    {
        if (IPNetwork.TryParse(value, out network))
        {
            if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits)
                network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits);
            return true;
        }
        if (!IPAddress.TryParse(value, out var ip))
            return false;
        network = new IPNetwork(ip, ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>The network of so many bits that holds the address.</summary>
    internal static IPNetwork Network(IPAddress ip, int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = ip.TryWriteBytes(bytes, out var length);
        bytes = bytes[..length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(bits >= 8 * (i + 1) ? 0xFF : bits <= 8 * i ? 0 : 0xFF << (8 - (bits - (8 * i))));
        return new IPNetwork(new IPAddress(bytes), bits);
    }

    private static string? Domain(string? text) =>
        Email.TryParse("a@" + text?.Trim().TrimStart('@', '*', '.'), out var email) ? DomainNames.Of(email.Address).ToString() : null;

    // Wider networks hold half a country: a slip of the pen, which would silence a project.
    private static string? Ip(string? text)
    {
        var parts = (text ?? "").Trim().Split('/');
        if (parts.Length > 2 || parts[0].Length > 45 || !parts[0].AsSpan().ContainsAny('.', ':') || !IPAddress.TryParse(parts[0], out var ip)
            || (ip.AddressFamily == AddressFamily.InterNetworkV6 && ip.ScopeId != 0))
            return null;
        if (ip.AddressFamily == AddressFamily.InterNetwork && parts[0].Count(c => c == '.') != 3)
            return null;
        var isMapped = ip.IsIPv4MappedToIPv6;
        if (isMapped)
            ip = ip.MapToIPv4();
        var (fewest, all) = ip.AddressFamily == AddressFamily.InterNetwork ? (8, 32) : (16, 128);
        var bits = all;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out bits))
            return null;
        if (isMapped && parts.Length == 2)
            bits -= MappedBits;
        if (bits < fewest || bits > all)
            return null;
        return bits == all ? ip.ToString() : Network(ip, bits).ToString();
    }
}
