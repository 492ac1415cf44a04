using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Access;

/// <summary>
/// Writes what people and their programs did and looked at: only ever added to, each entry chained to the one before (see 0021_access.sql). An entry names
/// fields and counts, never what stands in them. Who cannot be written of may not look: a failure here is the caller's failure.
/// </summary>
internal sealed class AuditLog(Database db, TimeProvider clock)
{
    private const int LongestWho = 200, MostKeys = 10_000;

    /// <summary>A program that polls a list is written of once in so long, for each kind of look and on each node.</summary>
    private static readonly TimeSpan KeysEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(Guid Key, string Action), DateTimeOffset> _looks = new();

    /// <summary>Whether a look of a program is to be written now.</summary>
    public bool IsDue(Guid keyId, string action)
    {
        var now = clock.GetUtcNow();
        if (_looks.Count >= MostKeys) _looks.Clear();
        if (_looks.TryGetValue((keyId, action), out var last) && now - last < KeysEvery) return false;
        _looks[(keyId, action)] = now;
        return true;
    }

    /// <param name="action">The operation's name: <c>GetLead</c>.</param>
    /// <param name="entity">Of which kind, as the path says it: <c>leads</c>.</param>
    /// <returns>The entry's id.</returns>
    public async Task<Guid> AddAsync(Caller caller, HttpContext context, string action, string? entity, string? entityId, JsonObject detail, CancellationToken ct)
    {
        var (id, now) = NewId();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Add, Row(caller.UserId, caller.KeyId, caller.Name, context, action, entity, entityId, detail, id, now, caller.ProjectId), cancellationToken: ct));
        return id;
    }

    /// <summary>What somebody did who is signed in to no project in particular stands in all of theirs.</summary>
    public async Task AddToAllAsync(Guid userId, string who, HttpContext context, string action, JsonObject detail, CancellationToken ct)
    {
        var (id, now) = NewId();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(AddToAll, Row(userId, null, who, context, action, null, null, detail, id, now, null), cancellationToken: ct));
    }

    private (Guid, DateTimeOffset) NewId() => clock.GetUtcNow() is var now ? (Guid.CreateVersion7(now), now) : default;

    private static object Row(Guid? userId, Guid? keyId, string who, HttpContext context, string action, string? entity, string? entityId, JsonObject detail, Guid id, DateTimeOffset at, Guid? projectId) => new
    {
        ProjectId = projectId,
        Id = id,
        At = at,
        UserId = userId,
        KeyId = keyId,
        Who = who[..Math.Min(LongestWho, who.Length)],
        Address = Sessions.AddressOf(context),
        Action = action,
        Entity = entity,
        EntityId = entityId,
        Detail = detail.ToJsonString(JsonSerializerOptions.Web),
    };

    private const string Entry = "@Id, 0, @At, @UserId, @KeyId, @Who, @Address, @Action, @Entity, @EntityId, @Detail::jsonb, ''::bytea, ''::bytea)::audit)";

    private const string Add = $"select audit_add(row(@ProjectId, {Entry}";

    // In one order everywhere: two of them must not wait for each other.
    private const string AddToAll = $"select audit_add(row(m.project_id, {Entry} from (select project_id from memberships where user_id = @UserId and disabled_at is null order by project_id) m";
}
