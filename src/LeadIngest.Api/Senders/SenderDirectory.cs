using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Senders;

/// <summary>Active senders, by the token in a call webhook's address or by site and builder. Remembered for <see cref="Fresh"/>, forgotten at once on a change.</summary>
internal sealed class SenderDirectory(Database db, CredentialsCipher cipher, TimeProvider clock)
{
    /// <summary>What a person is told of secrets that cannot be decrypted.</summary>
    public const string SecretsUnreadable = "Its secrets cannot be read with the keys that this service has: bring the lost keys back, or enter the secrets again.";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private const int MaxRemembered = 10_000;
    private const int LongestToken = 200;
    private readonly ConcurrentDictionary<string, (Sender Sender, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    // Apart, so that a flood of made-up tokens cannot push out the real ones.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _unknown = new(StringComparer.Ordinal);

    public void Clear()
    {
        _known.Clear();
        _unknown.Clear();
    }

    /// <returns>The call sender of this token; null when there is none. The provider is not compared: the caller does.</returns>
    /// <exception cref="Npgsql.NpgsqlException">Not remembered, and the database is away.</exception>
    public Task<Sender?> FindByTokenAsync(string token, CancellationToken ct)
    {
        if (token.Length is 0 or > LongestToken) return Task.FromResult<Sender?>(null);
        var hash = Hash(token);
        return FindAsync("t" + Convert.ToHexString(hash), "s.kind = 'call' and s.token_hash = @Hash", new { Hash = hash }, ct);
    }

    /// <returns>The sender that an owner has set up for this builder on this site; null when there is none (then nothing is to be proved).</returns>
    /// <exception cref="Npgsql.NpgsqlException">Not remembered, and the database is away.</exception>
    public Task<Sender?> FindFormAsync(Guid projectId, Guid siteId, string provider, CancellationToken ct) =>
        FindAsync($"f{siteId:N}/{provider}", "s.project_id = @Project and s.site_id = @Site and s.kind = 'form' and s.provider = @Provider",
            new { Project = projectId, Site = siteId, Provider = provider }, ct);

    /// <returns>The call sender of this id; null when there is none or it is switched off.</returns>
    public Task<Sender?> FindCallAsync(Guid projectId, Guid id, CancellationToken ct) =>
        FindAsync($"c{projectId:N}/{id:N}", "s.project_id = @Project and s.id = @Id and s.kind = 'call'", new { Project = projectId, Id = id }, ct);

    /// <returns>The call sender of this provider at a site, the eldest of several; null when there is none.</returns>
    public Task<Sender?> FindCallAsync(Guid projectId, Guid siteId, string provider, CancellationToken ct) =>
        FindAsync($"c{siteId:N}/{provider}", "s.project_id = @Project and s.site_id = @Site and s.kind = 'call' and s.provider = @Provider order by s.id limit 1",
            new { Project = projectId, Site = siteId, Provider = provider }, ct);

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <exception cref="CryptographicException">The key ring lacks the key of its secrets.</exception>
    private async Task<Sender?> FindAsync(string key, string where, object arguments, CancellationToken ct)
    {
        if (_known.TryGetValue(key, out var known) && known.Until > clock.GetUtcNow()) return known.Sender;
        if (_unknown.TryGetValue(key, out var until) && until > clock.GetUtcNow()) return null;
        await using var connection = await db.Ingest.OpenConnectionAsync(ct);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition($"{Select} where s.is_active and {where}", arguments, cancellationToken: ct));
        var sender = row is null ? null : new Sender
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            SiteId = row.SiteId,
            SiteKey = row.SiteKey,
            Provider = row.Provider,
            Settings = SenderSettings.Parse(row.Settings),
            Secrets = row.Credentials is null ? new() : SenderSecrets.FromBytes(cipher.Decrypt(row.ProjectId, row.Id, row.Credentials)),
        };
        if (sender is null)
        {
            if (_unknown.Count >= MaxRemembered) _unknown.Clear();
            _unknown[key] = clock.GetUtcNow() + Fresh;
            _known.TryRemove(key, out _);
            return null;
        }
        if (_known.Count >= MaxRemembered) _known.Clear();
        _known[key] = (sender, clock.GetUtcNow() + Fresh);
        _unknown.TryRemove(key, out _);
        return sender;
    }

    private sealed class Row
    {
        public Guid ProjectId { get; init; }
        public Guid Id { get; init; }
        public Guid SiteId { get; init; }
        public string SiteKey { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Settings { get; init; } = "{}";
        public byte[]? Credentials { get; init; }
    }

    private const string Select = """
        select s.project_id, s.id, s.site_id, i.site_key, s.provider, s.settings::text as settings, s.credentials
        from senders s join sites i on i.project_id = s.project_id and i.id = s.site_id
        """;
}
