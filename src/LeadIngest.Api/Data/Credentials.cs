using System.Text.Json;

namespace LeadIngest.Api.Data;

/// <summary>What calls to the account need and nobody may read back; kept encrypted (<see cref="CredentialsCipher"/>) as this record's JSON.</summary>
/// <param name="BaseAddress">amoCRM: the account. Bitrix24: the inbound webhook, a secret as a whole.</param>
/// <param name="Token">amoCRM: the long-lived token. Bitrix24: null.</param>
internal sealed record Credentials(string BaseAddress, string? Token)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    public static Credentials FromBytes(byte[] bytes) => JsonSerializer.Deserialize<Credentials>(bytes, JsonSerializerOptions.Web)!;

    // A record prints its members: these must never get into a log.
    public override string ToString() => nameof(Credentials);
}
