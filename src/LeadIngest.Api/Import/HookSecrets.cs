using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Import;

/// <summary>What proves that a webhook comes from the CRM of a connection; encrypted as the connection's credentials are.</summary>
internal sealed class HookSecrets(CredentialsCipher cipher)
{
    /// <summary>A new secret of the address, encrypted.</summary>
    public byte[] New(Guid projectId, Guid connectionId) => Keep(projectId, connectionId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));

    public byte[] Keep(Guid projectId, Guid connectionId, string secret) => cipher.Encrypt(projectId, connectionId, Encoding.UTF8.GetBytes(secret));

    /// <returns>Null when the key ring lacks the key.</returns>
    public string? Read(Guid projectId, Guid connectionId, byte[] kept)
    {
        try
        {
            return Encoding.UTF8.GetString(cipher.Decrypt(projectId, connectionId, kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>In constant time. False also when what is kept cannot be read.</summary>
    public bool IsRight(Guid projectId, Guid connectionId, byte[] kept, string? given) => given is not null && Read(projectId, connectionId, kept) is { } secret
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    /// <param name="projectId">The connection's project.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="root">How the world reaches this service, without a closing slash.</param>
    /// <param name="kept">The encrypted secret.</param>
    public Uri? HookAddress(Guid projectId, Guid connectionId, string root, byte[] kept) =>
        Read(projectId, connectionId, kept) is { } secret ? new Uri($"{root}/v1/crm/{connectionId}/{secret}") : null;
}
