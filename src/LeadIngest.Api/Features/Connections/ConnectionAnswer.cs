using System.Security.Cryptography;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Crm;

namespace LeadIngest.Api.Features.Connections;

/// <summary>A connection as the API shows it. Secrets never come back.</summary>
/// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
/// <param name="Host">The account's host.</param>
/// <param name="Address">The address with the secret starred out; null when the stored credentials cannot be read: enter them anew.</param>
/// <param name="HasToken">Whether a token is stored.</param>
/// <param name="Auth"><c>oauth</c>: a login that is refreshed by itself; <c>fixed</c>: a long-lived token or an inbound webhook.</param>
/// <param name="State"><c>active</c>, <c>paused</c> (by a person), <c>needs_reauth</c> (the CRM refuses the credentials) or <c>blocked</c> (the CRM refuses the account).</param>
/// <param name="StateReason">Why it is not active, in the CRM's own words.</param>
internal sealed record ConnectionAnswer(
    Guid Id, string Crm, string Name, string Host, string? Address, bool HasToken, string Auth, ConnectionSettings Settings, string State, string? StateReason, bool IsDemo,
    DateTimeOffset CreatedAt);

/// <summary>A row of <c>connections</c> on its way to the API.</summary>
internal sealed class ConnectionRow
{
    public const string Columns = "id, crm, name, account_key, account_host, credentials, auth, settings::text as settings, state, state_reason, is_demo, created_at";

    public const string One = $"select {Columns} from connections where project_id = @ProjectId and id = @Id";

    public Guid Id { get; init; }
    public string Crm { get; init; } = "";
    public string Name { get; init; } = "";
    public string AccountKey { get; init; } = "";
    public string AccountHost { get; init; } = "";
    public byte[] Credentials { get; init; } = [];
    public string Auth { get; init; } = "";
    public string Settings { get; init; } = "{}";
    public string State { get; init; } = "";
    public string? StateReason { get; init; }
    public bool IsDemo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public ConnectionAnswer Answer(Guid projectId, CredentialsCipher cipher)
    {
        var credentials = Decrypt(projectId, cipher);
        return new(Id, Crm, Name, AccountHost, credentials is null ? null : CrmAddress.Mask(new Uri(credentials.BaseAddress)), credentials?.Token is not null, Auth,
            JsonSerializer.Deserialize<ConnectionSettings>(Settings, JsonSerializerOptions.Web) ?? new(), State, StateReason, IsDemo, CreatedAt);
    }

    /// <returns>Null when the key ring lacks the key (a restore without it): the connection is then mended by new credentials.</returns>
    public Credentials? Decrypt(Guid projectId, CredentialsCipher cipher)
    {
        try
        {
            return Data.Credentials.FromBytes(cipher.Decrypt(projectId, Id, Credentials));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
