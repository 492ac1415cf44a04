using LeadIngest.Crm.OAuth;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Sections <c>Amocrm</c> and <c>Bitrix24</c>: the integration of the installation, used where a connection brings no keys of its own.</summary>
internal sealed class IntegrationKeys
{
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }

    /// <summary>As registered in the integration, to the letter. Default: this service's own, by <c>Http:PublicUrl</c>.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>The keys to log in with: those given, else the installation's; null when there are none.</summary>
    public static OAuthKeys? For(string crm, string? clientId, string? clientSecret, string? redirectUri, IOptionsMonitor<IntegrationKeys> defaults, string ownAddress)
    {
        var installed = defaults.Get(crm);
        var isOwn = clientId is { Length: > 0 };
        var (id, secret) = isOwn ? (clientId, clientSecret) : (installed.ClientId, installed.ClientSecret);
        return id is { Length: > 0 } && secret is { Length: > 0 }
            ? new OAuthKeys(id, secret, redirectUri ?? (isOwn ? null : installed.RedirectUri) ?? $"{ownAddress}/v1/crm/oauth/{crm}")
            : null;
    }
}
