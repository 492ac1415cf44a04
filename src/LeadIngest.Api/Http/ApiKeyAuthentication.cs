using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Http;

/// <summary>The project that the caller may see; everything a logged-in route reads or writes is scoped by it. Bound from the API key or a membership, never from the request alone.</summary>
internal readonly record struct ProjectScope(Guid ProjectId)
{
    public static ValueTask<ProjectScope> BindAsync(HttpContext context) =>
        ValueTask.FromResult(new ProjectScope(Guid.Parse(context.User.FindFirstValue(ApiKeyAuthentication.ProjectClaim)!)));
}

/// <summary>
/// <c>Authorization: Bearer &lt;key&gt;</c>. Keys have 256 random bits and are stored as SHA-256 (a slow hash buys nothing at that entropy). A key
/// that was found is remembered for <see cref="Remembered"/>: a revoked one stops working within that time on every node.
/// </summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    ApiKeyCache cache) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string ProjectClaim = "project";

    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(3);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) || string.IsNullOrEmpty(header.Parameter))
            return AuthenticateResult.NoResult();
        var known = await cache.FindAsync(header.Parameter, Context.RequestAborted);
        if (known is not { } key) return AuthenticateResult.Fail("Unknown, expired or revoked API key.");
        new Caller(key.ProjectId, Roles.Key, null, key.KeyId, key.Name).KeepIn(Context);
        var identity = new ClaimsIdentity([new(ProjectClaim, key.ProjectId.ToString()), new(ClaimTypes.NameIdentifier, key.KeyId.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(401, "unauthorized", "Not logged in", "Send a valid API key as 'Authorization: Bearer <key>'.").ExecuteAsync(Context);
    }
}

/// <summary>Looks API keys up by their hash and remembers the answer for a moment.</summary>
internal sealed class ApiKeyCache(Database db, TimeProvider clock)
{
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, (Guid ProjectId, Guid KeyId, string Name)? Key)> _remembered = new();

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Forgets everything: a key was created or revoked on this node.</summary>
    public void Clear() => _remembered.Clear();

    public async ValueTask<(Guid ProjectId, Guid KeyId, string Name)?> FindAsync(string key, CancellationToken ct)
    {
        var hash = Hash(key);
        var name = Convert.ToHexString(hash);
        var now = clock.GetUtcNow();
        if (_remembered.TryGetValue(name, out var entry) && entry.Until > now) return entry.Key;
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var found = await connection.QueryFirstOrDefaultAsync<(Guid ProjectId, Guid KeyId, string Name)?>(new CommandDefinition(Find, new { Hash = hash }, cancellationToken: ct));
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[name] = (now + ApiKeyAuthentication.Remembered, found);
        return found;
    }

    private const string Find = """
        update api_keys set last_used_at = clock_timestamp()
        where key_hash = @Hash and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
        returning project_id, id, name
        """;
}
