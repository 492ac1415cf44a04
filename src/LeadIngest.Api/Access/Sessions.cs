using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Access;

/// <summary>
/// The sign-ins of people: an opaque token in a cookie, its hash in the database. A session ends after 8 hours without a request and after 7 days in any case.
/// One that was found is remembered for <see cref="Remembered"/>: what ends or changes it on another node counts here within that time, on this one at once.
/// </summary>
internal sealed class Sessions(Database db, TimeProvider clock)
{
    /// <summary>Browsers give a cookie of this prefix back to this host alone, over https alone (or to 127.0.0.1).</summary>
    public const string Cookie = "__Host-leadingest";

    public static readonly TimeSpan Idle = TimeSpan.FromHours(8), Longest = TimeSpan.FromDays(7), Remembered = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private const int MaxRemembered = 10_000, LongestAgent = 300;
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, SignedIn? Person)> _remembered = new();

    /// <summary>Forgets everything: somebody's session, role or name changed on this node.</summary>
    public void Clear() => _remembered.Clear();

    /// <summary>Begins a session under a new token, ends the one that the browser had, and sets the cookie.</summary>
    public async Task<SignedIn> StartAsync(HttpContext context, Guid userId, CancellationToken ct)
    {
        var (token, now) = (Secrets.NewToken(), clock.GetUtcNow());
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Start, new
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Hash = Secrets.Hash(token),
            Former = TokenOf(context.Request) is { } former ? Secrets.Hash(former) : [],
            Now = now,
            Address = AddressOf(context),
            Agent = context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(LongestAgent, agent.Length)] : null,
            Dead = now - Longest,
        }, cancellationToken: ct));
        Clear();
        context.Response.Cookies.Append(Cookie, token, Shape(Longest));
        return await ReadAsync(connection, token, now, ct) ?? throw new InvalidOperationException("The session is gone before it began.");
    }

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Shape(null));

    public static string? TokenOf(HttpRequest request) => request.Cookies[Cookie] is { Length: > 0 and <= 100 } token ? token : null;

    public static string? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString() : null;

    /// <returns>Null: no such session, or its time is over.</returns>
    public async ValueTask<SignedIn?> FindAsync(string token, CancellationToken ct)
    {
        var name = Convert.ToHexString(Secrets.Hash(token));
        var now = clock.GetUtcNow();
        if (_remembered.TryGetValue(name, out var entry) && entry.Until > now) return entry.Person;
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var found = await ReadAsync(connection, token, now, ct);
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[name] = (now + Remembered, found);
        return found;
    }

    /// <summary>The password was given just now.</summary>
    public async Task ConfirmAsync(Guid sessionId, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update sessions set confirmed_at = @Now where id = @Id", new { Id = sessionId, Now = clock.GetUtcNow() }, cancellationToken: ct));
        Clear();
    }

    /// <returns>How many ended.</returns>
    /// <param name="id">Only this one; null: all.</param>
    /// <param name="except">Not this one.</param>
    public async Task<int> EndAsync(Guid userId, Guid? id, Guid? except, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await EndAsync(connection, null, userId, id, except, ct);
    }

    /// <summary>The same within a transaction: call <see cref="Clear"/> after its commit.</summary>
    public async Task<int> EndAsync(NpgsqlConnection connection, NpgsqlTransaction? tx, Guid userId, Guid? id, Guid? except, CancellationToken ct)
    {
        var ended = await connection.ExecuteAsync(new CommandDefinition("delete from sessions where user_id = @UserId and (@Id is null or id = @Id) and (@Except is null or id <> @Except)",
            new { UserId = userId, Id = id, Except = except }, tx, cancellationToken: ct));
        Clear();
        return ended;
    }

    private static async Task<SignedIn?> ReadAsync(NpgsqlConnection connection, string token, DateTimeOffset now, CancellationToken ct)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Find, new { Hash = Secrets.Hash(token), IdleSince = now - Idle, Since = now - Longest }, cancellationToken: ct));
        if (row is null) return null;
        if (row.LastSeenAt < now - SeenEvery) await connection.ExecuteAsync(new CommandDefinition(Seen, new { row.Id, row.UserId, Now = now }, cancellationToken: ct));
        var memberships = await connection.QueryAsync<MembershipRow>(new CommandDefinition(Memberships, new { row.UserId }, cancellationToken: ct));
        return new(row.Id, row.UserId, row.Email, row.Name, row.Language, row.HasTotp, row.ConfirmedAt, Secrets.CsrfOf(token),
            [.. memberships.Select(m => new Membership(m.ProjectId, m.Role, m.SeesContacts, Membership.Read(m.CrmUsers)))]);
    }

    private static CookieOptions Shape(TimeSpan? age) => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = age, IsEssential = true };

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid UserId { get; init; }
        public string Email { get; init; } = "";
        public string Name { get; init; } = "";
        public string Language { get; init; } = "";
        public bool HasTotp { get; init; }
        public DateTimeOffset ConfirmedAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
    }

    private sealed record MembershipRow
    {
        public Guid ProjectId { get; init; }
        public string Role { get; init; } = "";
        public bool SeesContacts { get; init; }
        public string CrmUsers { get; init; } = "[]";
    }

    private const string Start = """
        delete from sessions where token_hash = @Former or (user_id = @UserId and started_at < @Dead);
        insert into sessions (id, user_id, token_hash, started_at, last_seen_at, confirmed_at, address, user_agent) values (@Id, @UserId, @Hash, @Now, @Now, @Now, @Address, @Agent);
        update users set last_seen_at = @Now where id = @UserId
        """;

    private const string Find = """
        select s.id, s.user_id, u.email, u.name, u.language, u.totp is not null as has_totp, s.confirmed_at, s.last_seen_at
        from sessions s join users u on u.id = s.user_id where s.token_hash = @Hash and s.last_seen_at > @IdleSince and s.started_at > @Since
        """;

    private const string Seen = "update sessions set last_seen_at = @Now where id = @Id; update users set last_seen_at = @Now where id = @UserId";

    private const string Memberships = """
        select project_id, role, sees_contacts, crm_users::text as crm_users from memberships where user_id = @UserId and disabled_at is null order by project_id
        """;
}
