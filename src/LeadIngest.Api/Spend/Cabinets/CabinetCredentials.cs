using System.Text.Json;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What a cabinet is asked with; kept encrypted (<see cref="Data.CredentialsCipher"/>) as this record's JSON, and never shown again.</summary>
/// <param name="Token">Yandex Direct: the OAuth token.</param>
/// <param name="ClientId">VK Ads.</param>
/// <param name="ClientSecret">VK Ads.</param>
/// <param name="RefreshToken">VK Ads: of a login that somebody else consented to; null: the client speaks for its own cabinet.</param>
internal sealed record CabinetCredentials(string? Token, string? ClientId, string? ClientSecret, string? RefreshToken)
{
    /// <summary>VK Ads: the token of the day. The vendor lets few live at a time, so it is used by all nodes until it ends.</summary>
    public LiveToken? Live { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    public static CabinetCredentials FromBytes(byte[] bytes) => JsonSerializer.Deserialize<CabinetCredentials>(bytes, JsonSerializerOptions.Web)!;

    /// <summary>Takes what is secret out of a text: a vendor's error may quote what was sent.</summary>
    public string Hide(string text) => new[] { Token, ClientSecret, RefreshToken, Live?.AccessToken, Live?.RefreshToken }
        .Where(s => s is { Length: >= 4 }).Aggregate(text, (hidden, secret) => hidden.Replace(secret!, "***", StringComparison.OrdinalIgnoreCase));

    // A record prints its members: these must never get into a log.
    public override string ToString() => nameof(CabinetCredentials);
}

/// <param name="ExpiresAt">When the access token ends.</param>
internal sealed record LiveToken(string AccessToken, string? RefreshToken, DateTimeOffset ExpiresAt)
{
    public override string ToString() => nameof(LiveToken);
}
