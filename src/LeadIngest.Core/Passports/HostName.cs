using System.Globalization;

namespace LeadIngest.Core.Passports;

/// <summary>The host of an address in the form lists are searched by: lower-case ASCII (punycode), no <c>www.</c>, port or last dot.</summary>
/// <remarks>
/// Our own reading: <see cref="Uri"/> throws away what it cannot parse, and addresses arrive without a scheme, with spaces,
/// with Cyrillic hosts.
/// </remarks>
internal static class HostName
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Reads host and the rest of an absolute address (scheme optional). False when there is no host.</summary>
    /// <param name="url">An address, a bare host or an Android app's address (<c>android-app://org.telegram.messenger/</c>).</param>
    /// <param name="host">The host, or the app's id.</param>
    /// <param name="rest">Path, query and fragment as they stand, perhaps empty.</param>
    internal static bool TryRead(ReadOnlySpan<char> url, out string host, out ReadOnlySpan<char> rest)
    {
        host = "";
        rest = default;
        url = url.Trim();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var hasScheme = scheme is > 0 and <= 20 && !url[..scheme].ContainsAny('/', '?', '.');
        if (hasScheme)
            url = url[(scheme + 3)..];
        else if (url.StartsWith("//", StringComparison.Ordinal))
            url = url[2..];
        var end = url.IndexOfAny("/?#\\");
        rest = end < 0 ? default : url[end..];
        var authority = end < 0 ? url : url[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.IndexOf(':');
        if (colon >= 0)
            authority = authority[..colon];
        authority = authority.TrimEnd('.');
        if (authority.StartsWith("www.", StringComparison.OrdinalIgnoreCase) && authority[4..].Contains('.'))
            authority = authority[4..];
        return IsHost(authority, hasScheme) && TryToAscii(authority, out host);
    }

    /// <summary>The host for people: Unicode instead of punycode.</summary>
    internal static string Display(string host)
    {
        if (!host.Contains("xn--", StringComparison.Ordinal))
            return host;
        try
        {
            return Idn.GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    /// <summary>True for the same host or a subdomain of it.</summary>
    internal static bool IsWithin(ReadOnlySpan<char> host, ReadOnlySpan<char> parent) =>
        host.EndsWith(parent, StringComparison.OrdinalIgnoreCase) && (host.Length == parent.Length || host[^(parent.Length + 1)] == '.');

    // Without a scheme only a dot tells a host from any other word; with one, http://localhost is a host too.
    private static bool IsHost(ReadOnlySpan<char> text, bool hasScheme)
    {
        if (text.Length is < 3 or > 253 || text[0] == '.' || !(hasScheme || text.Contains('.')))
            return false;
        foreach (var c in text)
            if (!(char.IsLetterOrDigit(c) || c is '.' or '-' or '_'))
                return false;
        return true;
    }

    private static bool TryToAscii(ReadOnlySpan<char> text, out string host)
    {
        var lower = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        text.ToLowerInvariant(lower);
        host = lower.ToString();
        if (!lower.ContainsAnyExceptInRange('\0', '\x7F'))
            return true;
        try
        {
            host = Idn.GetAscii(host);
            return true;
        }
        catch (ArgumentException)
        {
            host = "";
            return false;
        }
    }
}
