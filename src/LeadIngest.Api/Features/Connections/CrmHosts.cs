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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AllowedHosts
        .Where(host => !HostAndPort().IsMatch(host))
        .Select(host => new ValidationResult($"Crm:AllowedHosts: '{host}' is not a host or host:port."));

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$", RegexOptions.IgnoreCase)]
    private static partial Regex HostAndPort();
}
