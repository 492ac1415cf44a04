using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Section <c>Crm</c>: which hosts, besides the vendors' clouds, a connection may name.</summary>
internal sealed partial class CrmHosts : IValidatableObject
{
    /// <summary>
    /// Hosts of the operator's own: a self-hosted Bitrix24, the emulator. <c>host</c> or <c>host:port</c>; plain http is allowed to these and no others.
    /// Default: none.
    /// </summary>
    public string[] AllowedHosts { get; init; } = [];

    /// <summary>
    /// For trying things out: calls to any host of the vendors go to this address instead, where the CRM emulator answers for all of them. Refused in
    /// Production. Default: none.
    /// </summary>
    public string? Emulator { get; init; }

    /// <summary>A page of the vendor's as a person's browser reaches it: in the emulator, where that stands in for all hosts.</summary>
    public string? ForBrowser(string crm, string? page) => page is not null && Emulator is { Length: > 0 } emulator && Uri.TryCreate(page, UriKind.Absolute, out var meant)
        ? $"{emulator.TrimEnd('/')}/{crm}@{meant.Host}{meant.PathAndQuery}"
        : page;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in AllowedHosts.Where(host => !HostAndPort().IsMatch(host)))
            yield return new ValidationResult($"Crm:AllowedHosts: '{host}' is not a host or host:port.");
        if (Emulator is { Length: > 0 } && !(Uri.TryCreate(Emulator, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return new ValidationResult("Crm:Emulator is not an address like http://127.0.0.1:8090.");
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$", RegexOptions.IgnoreCase)]
    private static partial Regex HostAndPort();
}
