using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace LeadIngest.Api.Data;

/// <summary>Data Protection's key ring in the database: every node reads the same keys. They belong to no project, and are asked for in the middle of requests. Expired keys are kept for ever, they still decrypt.</summary>
internal sealed class KeyRing(Database db) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = db.Reading.OpenUnwalled();
        return [.. connection.Query<string>("select xml from data_protection_keys order by created_at").Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = db.Reading.OpenUnwalled();
        connection.Execute("insert into data_protection_keys (id, xml) values (@Id, @Xml) on conflict (id) do nothing",
            new { Id = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
    }
}

/// <summary>Encrypts the credentials of connections. A blob is bound to its project and connection: swapped rows do not decrypt.</summary>
internal sealed class CredentialsCipher(IDataProtectionProvider protection)
{
    public byte[] Encrypt(Guid projectId, Guid connectionId, byte[] plain) => For(projectId, connectionId).Protect(plain);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring lacks the key, or the blob belongs to another row.</exception>
    public byte[] Decrypt(Guid projectId, Guid connectionId, byte[] cipher) => For(projectId, connectionId).Unprotect(cipher);

    private IDataProtector For(Guid projectId, Guid connectionId) =>
        protection.CreateProtector("connection-credentials", projectId.ToString("N"), connectionId.ToString("N"));
}
