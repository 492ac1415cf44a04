using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Features.Connections;

/// <summary>The address of a CRM account that calls may be made to: a vendor's cloud over https, or a host that the operator listed.</summary>
/// <param name="Base">As calls need it, secrets included.</param>
/// <param name="AccountKey">One per account, whatever the project: <c>amocrm/acme.amocrm.ru</c>. Leases and limits hang on it.</param>
/// <param name="Host">For people: host, and the port when it is not the scheme's own.</param>
internal sealed partial record CrmAddress(Uri Base, string AccountKey, string Host)
{
    /// <summary>The vendors' own domains; an account is one label below. Other vendor domains: <c>Crm:AllowedHosts</c>.</summary>
    private static readonly Dictionary<string, string[]> Clouds = new()
    {
        ["amocrm"] = ["amocrm.ru", "amocrm.com", "kommo.com"],
        ["bitrix24"] = ["bitrix24.ru", "bitrix24.by", "bitrix24.kz", "bitrix24.ua", "bitrix24.com", "bitrix24.eu", "bitrix24.de", "bitrix24.fr", "bitrix24.es",
            "bitrix24.it", "bitrix24.pl", "bitrix24.in", "bitrix24.cn", "bitrix24.jp", "bitrix24.vn", "bitrix24.id", "bitrix24.com.br", "bitrix24.com.tr"],
    };

    /// <summary>The address with what is secret in it starred out: <c>https://acme.bitrix24.ru/rest/1/***/</c>.</summary>
    public static string Mask(Uri address) => address.GetLeftPart(UriPartial.Authority) + RestPath().Replace(address.AbsolutePath, "$1***/");

    public static bool TryRead(string crm, string text, CrmHosts hosts, [NotNullWhen(true)] out CrmAddress? address, [NotNullWhen(false)] out string? error)
    {
        (address, error) = (null, null);
        if (text.Length > 500 || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            error = "Not an address: https://…";
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            error = "The address must not carry a login, a query or a fragment.";
        else if (hosts.AllowedHosts.Contains(uri.Authority, StringComparer.OrdinalIgnoreCase))
            error = ReadPath(crm, uri, listed: true, out address);
        else if (uri.Scheme != "https" || !uri.IsDefaultPort || !IsAccountOf(Clouds[crm], uri.Host))
            error = crm == "amocrm"
                ? "Must be https://<account>.amocrm.ru, .amocrm.com or .kommo.com, or a host that the operator allowed."
                : "Must be https://<account>.bitrix24.ru (or another domain of the vendor), or a host that the operator allowed.";
        else
            error = ReadPath(crm, uri, listed: false, out address);
        return error is null;
    }

    /// <summary>A host alone, as the vendors name it in their answers: its account, or the base of an application's calls to its portal.</summary>
    public static bool TryReadHost(string crm, string? host, CrmHosts hosts, [NotNullWhen(true)] out CrmAddress? address)
    {
        address = null;
        if (host is not { Length: > 0 and <= 253 } || !PlainHost().IsMatch(host)) return false;
        var isListed = hosts.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
        if (!isListed && !IsAccountOf(Clouds[crm], host)) return false;
        var name = host.ToLowerInvariant();
        address = new(new Uri($"https://{name}/{(crm == "bitrix24" ? "rest/" : "")}"), $"{crm}/{name}", name);
        return true;
    }

    /// <summary>The address that an account was moved to, when it is one to trust: the same path at a host of the vendor, or at one that the operator listed.</summary>
    public static bool TryMove(string crm, Uri from, Uri to, CrmHosts hosts, [NotNullWhen(true)] out CrmAddress? address)
    {
        address = null;
        var isListed = hosts.AllowedHosts.Contains(to.Authority, StringComparer.OrdinalIgnoreCase);
        if (!isListed && !IsAccountOf(Clouds[crm], to.Host)) return false;
        // The secret or the API's path must come back as it was sent; only what stands before it may differ, and only at a listed host.
        var at = from.AbsolutePath.IndexOf("/rest/", StringComparison.Ordinal);
        var path = at < 0 ? "/" : from.AbsolutePath[at..];
        if (!to.AbsolutePath.EndsWith(path, StringComparison.Ordinal) || (!isListed && to.AbsolutePath != path)) return false;
        var authority = isListed ? to.GetLeftPart(UriPartial.Authority) : $"https://{to.Host}";
        var host = isListed ? to.Authority : to.Host;
        address = new(new Uri(authority + to.AbsolutePath), $"{crm}/{host}{to.AbsolutePath[..^path.Length]}", host);
        return true;
    }

    /// <summary>Whether it is a host of the vendor's below its own domains, of any kind (<c>api-b.amocrm.ru</c>).</summary>
    public static bool IsVendorsHost(string crm, string host) => IsAccountOf(Clouds[crm], host);

    // amoCRM: nothing after the host. Bitrix24: an inbound webhook, whose path ends in the user's id and the secret. A listed host may serve several
    // accounts under prefixes (the emulator does), so there the prefix belongs to the account.
    private static string? ReadPath(string crm, Uri uri, bool listed, out CrmAddress? address)
    {
        address = null;
        var host = uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
        string prefix;
        string path;
        if (crm == "amocrm")
        {
            if (!listed && uri.AbsolutePath != "/") return "Only the account's address, without a path: https://acme.amocrm.ru";
            prefix = uri.AbsolutePath.TrimEnd('/');
            path = prefix + "/";
        }
        else
        {
            if (RestPath().Match(uri.AbsolutePath) is not { Success: true } rest || (!listed && rest.Index != 0))
                return "The whole address of an inbound webhook: https://acme.bitrix24.ru/rest/1/<secret>/";
            prefix = uri.AbsolutePath[..rest.Index];
            path = uri.AbsolutePath.TrimEnd('/') + "/";
        }
        address = new(new Uri(uri.GetLeftPart(UriPartial.Authority) + path), $"{crm}/{host}{prefix}", host);
        return null;
    }

    // One label of plain characters below the vendor's domain: neither the vendor's own host nor a name that merely ends alike.
    private static bool IsAccountOf(string[] domains, string host) => domains.Any(domain =>
        host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) && AccountName().IsMatch(host[..^(domain.Length + 1)]));

    [GeneratedRegex("^(?!www$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$", RegexOptions.IgnoreCase)]
    private static partial Regex AccountName();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainHost();

    [GeneratedRegex("(/rest/[0-9]+/)[A-Za-z0-9_-]+/?$")]
    private static partial Regex RestPath();
}
