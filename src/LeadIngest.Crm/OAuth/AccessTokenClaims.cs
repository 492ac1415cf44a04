using System.Buffers.Text;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.OAuth;

/// <summary>What amoCRM writes into its access tokens. Not signed for us: hints, never proof.</summary>
/// <param name="AccountId">The account's number; stays when the account is renamed.</param>
/// <param name="ApiDomain">Where to ask for the account's present name; missing in tokens from before August 2024.</param>
/// <param name="ExpiresAt">When the token ends.</param>
/// <param name="Scopes">What it may be used for; null when the token does not say.</param>
public sealed record AccessTokenClaims(string? AccountId, string? ApiDomain, DateTimeOffset? ExpiresAt, IReadOnlyList<string>? Scopes)
{
    /// <returns>Null for a text that is no JWT.</returns>
    public static AccessTokenClaims? Read(string? token)
    {
        if (token?.Split('.') is not [_, { Length: > 0 and < 16_384 } payload, _])
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            var claims = json.RootElement;
            var scopes = claims.Get("scopes");
            return new AccessTokenClaims(
                claims.Get("account_id").Text(),
                claims.Get("api_domain").Text(),
                JsonRead.Number(claims.Get("exp")) is > 0 and < 1e11 and var seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null,
                scopes is { ValueKind: JsonValueKind.Array } ? [.. scopes.Items().Select(s => ((JsonElement?)s).Text()).OfType<string>()] : null);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
