using System.Text.Json;
using LeadIngest.Crm.OAuth;

namespace LeadIngest.Api.Data;

/// <summary>What calls to the account need and nobody may read back; kept encrypted (<see cref="CredentialsCipher"/>) as this record's JSON.</summary>
/// <param name="BaseAddress">amoCRM: the account. Bitrix24: the inbound webhook, a secret as a whole, or <c>https://acme.bitrix24.ru/rest/</c> for an application.</param>
/// <param name="Token">amoCRM and a Bitrix24 application: the access token. Bitrix24's webhook: null.</param>
internal sealed record Credentials(string BaseAddress, string? Token)
{
    /// <summary>How the token is refreshed; null for one that stays as it is.</summary>
    public Login? Login { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    public static Credentials FromBytes(byte[] bytes) => JsonSerializer.Deserialize<Credentials>(bytes, JsonSerializerOptions.Web)!;

    // A record prints its members: these must never get into a log.
    public override string ToString() => nameof(Credentials);
}

/// <summary>A login by OAuth.</summary>
/// <param name="Keys">Null while a Bitrix24 application is installed whose keys nobody has entered yet: its token lives for an hour.</param>
/// <param name="RefreshToken">Works once.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
internal sealed record Login(OAuthKeys? Keys, string RefreshToken, DateTimeOffset ExpiresAt)
{
    /// <summary>When this pair came.</summary>
    public DateTimeOffset RefreshedAt { get; init; }

    /// <summary>Bitrix24: the vendor's authorisation server that gave the tokens.</summary>
    public string? Server { get; init; }

    /// <summary>Bitrix24: comes with every event of the application and proves where it is from.</summary>
    public string? ApplicationToken { get; init; }

    /// <summary>Bitrix24: SHA-256 of the secret in the address that installations are told to, in hexadecimal.</summary>
    public string? InstallSecretHash { get; init; }

    public override string ToString() => nameof(Login);
}
