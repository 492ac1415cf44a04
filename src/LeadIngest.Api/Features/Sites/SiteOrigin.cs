using System.Diagnostics.CodeAnalysis;

namespace LeadIngest.Api.Features.Sites;

/// <summary>An origin as browsers send it: scheme, host in ASCII, port when it is not the scheme's own.</summary>
internal static class SiteOrigin
{
    /// <summary>"HTTPS://Окна-Плюс.рф:443/" → "https://xn----7sbnackuskv0m.xn--p1ai".</summary>
    /// <returns>False for anything that is not a bare http(s) origin: a path, a wildcard, a login.</returns>
    public static bool TryNormalise(string? text, [NotNullWhen(true)] out string? origin)
    {
        origin = null;
        // In lower case before it becomes ASCII: «П» and «п» would give two different names.
        if (text is null || text.Length > 300 || text.Contains('*', StringComparison.Ordinal)) return false;
        if (!Uri.TryCreate(text.Trim().ToLowerInvariant(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return false;
        if (uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.IdnHost.Length == 0) return false;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost.TrimEnd('.');
        origin = $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
        return true;
    }
}
