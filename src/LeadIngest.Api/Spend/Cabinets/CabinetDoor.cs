using System.Security.Cryptography;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Opens a cabinet with what is stored for it.</summary>
internal sealed class CabinetDoor(CredentialsCipher cipher, CabinetHttp http, IOptions<CrmHosts> hosts, TimeProvider clock)
{
    /// <param name="row">Of the cabinet.</param>
    /// <param name="lease">Held by the caller; null: what is stored can be used, but no new token be asked for.</param>
    /// <returns>Null: the stored credentials cannot be read, for the key ring lacks their key.</returns>
    public ICabinet? Open(CabinetRow row, CabinetLease? lease)
    {
        CabinetCredentials credentials;
        try
        {
            credentials = CabinetCredentials.FromBytes(cipher.Decrypt(row.ProjectId, row.AccountId, row.Credentials));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
        var address = CabinetAddress.Effective(row.Kind, new Uri(row.BaseAddress), hosts.Value);
        return row.Kind == "yandex_direct" ? new YandexDirect(row, credentials, address, http)
            : new VkAds(row, new VkToken(credentials, address, http, clock, lease is null ? null : Save), address, http);

        Task<bool> Save(CabinetCredentials fresh, CancellationToken ct) => lease.SaveAsync(cipher.Encrypt(row.ProjectId, row.AccountId, fresh.ToBytes()), ct);
    }

    /// <summary>What is said where <see cref="Open"/> gives nothing.</summary>
    public static readonly CabinetEnd.Refused Unreadable = new("The stored login cannot be read, for its key is missing: enter it anew.");
}
