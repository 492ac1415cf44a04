using Dapper;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Privacy;
using Npgsql;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Connections that do not work, and leads that do not get into their CRM.</summary>
internal static class DeliveryAlerts
{
    /// <summary>What was given up longer ago, somebody has seen.</summary>
    private const int DeadDays = 30;

    /// <summary>Counted exactly up to here.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    private sealed record Connection(Guid Id, string Name, string Crm, string State, DateTimeOffset? StateAt, DateTimeOffset? ProbeAt, bool BreakerOpen, DateTimeOffset? BreakerSince, DateTimeOffset? RetryAt);

    private sealed record Waiting(Guid Id, string Name, string Crm, long Count, Guid First);

    public static async Task<IEnumerable<Alert>> FindAsync(NpgsqlConnection connection, Guid projectId, DateTimeOffset now)
    {
        var args = new
        {
            ProjectId = projectId,
            DeadFrom = Guid.CreateVersion7(now.AddDays(-DeadDays)),
            LateBefore = Guid.CreateVersion7(now - Late),
            Now = now,
            Most,
            BatchWrite.MarkedAsSpam,
            ErasureSql.Erased,
        };
        var connections = await connection.QueryAsync<Connection>(new CommandDefinition(Down, args));
        var dead = await connection.QueryAsync<Waiting>(new CommandDefinition(Dead, args));
        var late = await connection.QueryAsync<Waiting>(new CommandDefinition(Pending, args));
        return
        [
            .. connections.Select(k => k.State == "active"
                ? new Alert("connectionDown", "error", k.BreakerSince, 1, k.Name, k.Id.ToString(), new Dictionary<string, object?> { ["crm"] = k.Crm, ["state"] = "unreachable", ["retryAt"] = k.RetryAt })
                : new Alert("connectionDown", k.State == "paused" ? "warning" : "error", k.StateAt, 1, k.Name, k.Id.ToString(),
                    new Dictionary<string, object?> { ["crm"] = k.Crm, ["state"] = k.State, ["retryAt"] = k.State == "blocked" ? k.ProbeAt : null })),
            .. dead.Select(d => Of("deliveriesDead", d)),
            .. late.Select(d => Of("deliveriesLate", d)),
        ];
    }

    private static Alert Of(string kind, Waiting waiting) => new(kind, "error", Moment(waiting.First), Math.Min(waiting.Count, Most), waiting.Name, waiting.Id.ToString(),
        new Dictionary<string, object?> { ["crm"] = waiting.Crm, ["isMore"] = waiting.Count > Most });

    /// <summary>When an id of version 7 was made.</summary>
    private static DateTimeOffset Moment(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    private const string Down = """
        select k.id, k.name, k.crm, k.state, k.state_at, k.probe_at, coalesce(a.breaker_open, false) as breaker_open, a.last_error_at as breaker_since, a.retry_at
        from connections k left join crm_accounts a on a.account_key = k.account_key
        where k.project_id = @ProjectId and (k.state <> 'active' or a.breaker_open) order by k.id
        """;

    // Those called off because their lead is spam, or its person was erased, were meant to end.
    private const string Dead = """
        select k.id, k.name, k.crm, d.count, d.first
        from connections k cross join lateral (
            select count(*) as count, (array_agg(x.id order by x.id))[1] as first from (
                select id from deliveries where project_id = k.project_id and connection_id = k.id and state = 'dead' and id >= @DeadFrom and (last_error is null or last_error not in (@MarkedAsSpam, @Erased))
                order by id desc limit @Most + 1) x) d
        where k.project_id = @ProjectId and d.count > 0 order by d.count desc, k.id
        """;

    // What a person has paused waits as it should; what waits for its turn behind another one, or for the end of its call, is not late by itself.
    private const string Pending = """
        select k.id, k.name, k.crm, d.count, d.first
        from connections k cross join lateral (
            select count(*) as count, (array_agg(x.id order by x.id))[1] as first from (
                select id from deliveries where project_id = k.project_id and connection_id = k.id and state in ('pending', 'sending', 'in_doubt') and id < @LateBefore
                    and not parked and waits_for is null and (attempts > 0 or state <> 'pending' or next_attempt_at <= @Now)
                limit @Most + 1) x) d
        where k.project_id = @ProjectId and k.state <> 'paused' and d.count > 0 order by d.count desc, k.id
        """;
}
