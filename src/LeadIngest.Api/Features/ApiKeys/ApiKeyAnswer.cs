namespace LeadIngest.Api.Features.ApiKeys;

/// <summary>An API key as the API shows it: never the key itself.</summary>
internal sealed record ApiKeyAnswer
{
    public const string Columns = "id, name, prefix, created_at, expires_at, revoked_at, last_used_at";

    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The key's first characters, to tell keys apart.</summary>
    public required string Prefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it does not work; null: never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
}
