using System.Security.Cryptography;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;

namespace LeadIngest.Api.Features.Senders;

/// <summary>A sender as the API shows it. Secrets never come back.</summary>
/// <param name="Kind"><c>form</c> or <c>call</c>.</param>
/// <param name="Provider">The word in its address; see the list of providers.</param>
/// <param name="SiteName">For people.</param>
/// <param name="Address">To be pasted over there. A call sender's holds its token: whoever has it may post calls. Null when the stored token cannot be read: make a new one.</param>
/// <param name="Instructions">The page that says what to switch on there.</param>
/// <param name="SecretsSet">Which of <c>secret</c>, <c>key</c>, <c>confirmation</c> are stored.</param>
/// <param name="IsActive">An inactive call sender's address is unknown; an inactive form sender's settings and secrets do not count.</param>
/// <param name="LastSeenAt">When it last sent anything, to the minute.</param>
/// <param name="LastTestAt">When it last checked its address or sent a trial, to the minute.</param>
internal sealed record SenderAnswer(
    Guid Id, string Kind, string Provider, string Name, Guid SiteId, string SiteName, string SiteKey, string? Address, string Instructions, SenderSettings Settings,
    IReadOnlyList<string> SecretsSet, bool IsActive, bool IsDemo, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? LastTestAt);

/// <summary>A row of <c>senders</c> on its way to the API.</summary>
internal sealed class SenderRow
{
    public const string Columns = """
        s.id, s.kind, s.provider, s.name, s.site_id, (select i.name from sites i where i.project_id = s.project_id and i.id = s.site_id) as site_name, (select i.site_key from sites i where i.project_id = s.project_id and i.id = s.site_id) as site_key,
        s.credentials, s.settings::text as settings, s.is_active, s.is_demo, s.created_at, s.last_seen_at, s.last_test_at
        """;

    public const string One = $"select {Columns} from senders s where s.project_id = @ProjectId and s.id = @Id";

    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Name { get; init; } = "";
    public Guid SiteId { get; init; }
    public string SiteName { get; init; } = "";
    public string SiteKey { get; init; } = "";
    public byte[]? Credentials { get; init; }
    public string Settings { get; init; } = "{}";
    public bool IsActive { get; init; }
    public bool IsDemo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
    public DateTimeOffset? LastTestAt { get; init; }

    public SenderAnswer Answer(Guid projectId, CredentialsCipher cipher, PublicAddress address, HttpRequest request)
    {
        var secrets = Secrets(projectId, cipher) ?? new();
        var root = address.For(request);
        return new(Id, Kind, Provider, Name, SiteId, SiteName, SiteKey,
            Kind == "form" ? $"{root}/v1/sites/{SiteKey}/forms/{Provider}" : secrets.Token is { } token ? $"{root}/v1/calls/{Provider}/{token}" : null,
            $"api-spec/senders/{Provider switch { "generic" when Kind == "call" => "calls-generic", _ => Provider }}.md", SenderSettings.Parse(Settings), Set(secrets), IsActive, IsDemo, CreatedAt, LastSeenAt, LastTestAt);
    }

    /// <returns>Null when the key ring lacks the key (a restore without it): the secrets are then to be entered anew.</returns>
    public SenderSecrets? Secrets(Guid projectId, CredentialsCipher cipher)
    {
        try
        {
            return Credentials is null ? new() : SenderSecrets.FromBytes(cipher.Decrypt(projectId, Id, Credentials));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string[] Set(SenderSecrets secrets) =>
        [.. new (string Name, string? Value)[] { ("secret", secrets.Secret), ("key", secrets.Key), ("confirmation", secrets.Confirmation) }
            .Where(s => !string.IsNullOrEmpty(s.Value)).Select(s => s.Name)];
}
