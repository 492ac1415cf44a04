using System.Diagnostics.CodeAnalysis;
using LeadIngest.Api.Features.Connections;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Where a cabinet may be asked: at the vendor's own host over https, or at a host that the operator listed (<see cref="CrmHosts"/>).</summary>
internal static class CabinetAddress
{
    private static readonly Dictionary<string, (string[] Hosts, string Prefix)> Vendors = new()
    {
        ["yandex_direct"] = (["api.direct.yandex.com", "api-sandbox.direct.yandex.com"], "yandex-direct"),
        ["vk_ads"] = (["ads.vk.com", "ads.vk.ru"], "vk-ads"),
    };

    /// <param name="kind">Of the account.</param>
    /// <param name="text">Null: the vendor's.</param>
    /// <param name="hosts">What the operator allows.</param>
    /// <param name="address">Ends in a slash.</param>
    /// <param name="error">For people.</param>
    public static bool TryRead(string kind, string? text, CrmHosts hosts, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? error)
    {
        (address, error) = (null, null);
        var vendor = Vendors[kind].Hosts;
        if (string.IsNullOrWhiteSpace(text))
        {
            address = new Uri($"https://{vendor[0]}/");
            return true;
        }
        if (text.Length > 500 || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            error = "Not an address: https://…";
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            error = "The address must not carry a login, a query or a fragment.";
        else if (!hosts.AllowedHosts.Contains(uri.Authority, StringComparer.OrdinalIgnoreCase)
            && (uri.Scheme != "https" || !uri.IsDefaultPort || uri.AbsolutePath != "/" || !vendor.Contains(uri.Host, StringComparer.OrdinalIgnoreCase)))
            error = $"Must be https://{string.Join(" or https://", vendor)}, or a host that the operator allowed.";
        else
            address = new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        return error is null;
    }

    /// <summary>The address that calls go to: where the emulator answers for the vendors' hosts, there.</summary>
    public static Uri Effective(string kind, Uri address, CrmHosts hosts) =>
        hosts.Emulator is { Length: > 0 } emulator && Vendors[kind].Hosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase)
            ? new Uri($"{emulator.TrimEnd('/')}/{Vendors[kind].Prefix}/") : address;
}
