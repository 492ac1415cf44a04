using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Puts deliveries that were given up back into the queue.</summary>
internal sealed class Redelivery(Database db, DeliverySignal signal)
{
    /// <param name="Deliveries">How many deliveries went back into the queue; of a dry run: how many would.</param>
    /// <param name="More">There are more than the limit: repeat the request.</param>
    internal sealed record Answer(int Deliveries, bool More = false);

    /// <summary>Which deliveries of a project; a null member does not narrow.</summary>
    /// <param name="From">Of leads that arrived at this time or later.</param>
    /// <param name="To">Of leads that arrived before this time.</param>
    /// <param name="Error">Part of the last error, whatever its case.</param>
    internal sealed record Selection(Guid ProjectId, Guid? Id = null, Guid? LeadId = null, Guid? ConnectionId = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
        string? Error = null);

    /// <summary>Rows of one transaction: locks are short, whatever the size of the selection.</summary>
    private const int Batch = 1000;

    /// <summary>The most that one request moves.</summary>
    public const int MostAtOnce = 100_000;

    public static ProblemHttpResult NothingToDo { get; } = Problems.Conflict("nothing-to-redeliver", "Nothing to send again",
        "No delivery here was given up: it is delivered, or on its way, or its connection was removed, or its lead is marked as spam.");

    /// <summary>Moves the selection's dead and stuck deliveries, oldest first, and wakes the workers of every node. Each part is committed by itself: a request that is cut off is repeated.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="ct">The caller's.</param>
    /// <param name="limit">At most so many.</param>
    public async Task<Answer> AgainAsync(Selection selection, CancellationToken ct, int limit = MostAtOnce)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var moved = 0;
        int some, wanted;
        do
        {
            wanted = Math.Min(Batch, limit - moved);
            await using var tx = await connection.BeginTransactionAsync(ct);
            some = await connection.ExecuteAsync(new CommandDefinition(Again, Arguments(selection, wanted), tx, cancellationToken: ct));
            if (some > 0) await connection.ExecuteAsync(new CommandDefinition($"select pg_notify('{DeliverySignal.Channel}', '')", null, tx, cancellationToken: ct));
            await tx.CommitAsync(ct);
            moved += some;
        }
        while (some == wanted && moved < limit);
        if (moved > 0) signal.Wake();
        return new(moved, moved >= limit && (await CountAsync(selection, ct, 1)).Deliveries > 0);
    }

    /// <summary>How many deliveries <see cref="AgainAsync"/> would move, counted up to the limit.</summary>
    public async Task<Answer> CountAsync(Selection selection, CancellationToken ct, int limit = MostAtOnce)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var count = await connection.ExecuteScalarAsync<int>(new CommandDefinition(Count, Arguments(selection, limit + 1), cancellationToken: ct));
        return new(Math.Min(count, limit), count > limit);
    }

    private static object Arguments(Selection s, int rows) => new
    {
        s.ProjectId,
        s.Id,
        s.LeadId,
        s.ConnectionId,
        s.From,
        s.To,
        Error = s.Error is null ? null : LikePattern.Containing(s.Error),
        Rows = rows,
    };

    // A lead that was marked as spam is released first (not-spam), which brings its deliveries back. A removed connection has no worker, so its
    // deliveries stay where they are.
    private const string Chosen = """
        select d.id from deliveries d
        where d.project_id = @ProjectId
            and (d.state = 'dead' or (d.state in ('pending', 'in_doubt') and (d.next_attempt_at is null or d.crash_claims >= 5)))
            and (@Id::uuid is null or d.id = @Id) and (@LeadId::uuid is null or d.lead_id = @LeadId)
            and (@ConnectionId::uuid is null or d.connection_id = @ConnectionId)
            and (@Error::text is null or d.last_error ilike @Error)
            and exists (select 1 from connections k where k.project_id = d.project_id and k.id = d.connection_id)
            and exists (select 1 from leads l where l.project_id = d.project_id and l.id = d.lead_id and l.status not in ('spam', 'test') and l.erasure_id is null
                and (@From::timestamptz is null or l.received_at >= @From) and (@To::timestamptz is null or l.received_at < @To))
        order by d.id limit @Rows
        """;

    private const string Count = $"select count(*)::int from ({Chosen}) c";

    // Something was sent once and nobody knows whether it arrived: the CRM is asked before anything is sent again. The old lease token is taken off: a
    // worker that still holds the row can write no more.
    private const string Again = $"""
        update deliveries d
        set state = case when d.sent_at is not null and d.delivered_at is null then 'in_doubt' else 'pending' end,
            doubt_since = case when d.sent_at is not null and d.delivered_at is null then coalesce(d.doubt_since, d.sent_at) end,
            attempts = 0, crash_claims = 0, lookups = 0, lease_token = null, parked = false, waits_for = null, next_attempt_at = clock_timestamp()
        where d.project_id = @ProjectId and d.id = any(array({Chosen}))
            and (d.state = 'dead' or (d.state in ('pending', 'in_doubt') and (d.next_attempt_at is null or d.crash_claims >= 5)))
        """;
}
