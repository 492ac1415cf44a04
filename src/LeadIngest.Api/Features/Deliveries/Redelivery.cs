using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Puts deliveries that were given up back into the queue.</summary>
internal sealed class Redelivery(Database db, DeliverySignal signal)
{
    /// <param name="Deliveries">How many deliveries went back into the queue.</param>
    internal sealed record Answer(int Deliveries);

    /// <summary>Which deliveries of a project; a null member does not narrow.</summary>
    internal sealed record Selection(Guid ProjectId, Guid? Id = null, Guid? LeadId = null, Guid? ConnectionId = null);

    public static ProblemHttpResult NothingToDo { get; } = Problems.Conflict("nothing-to-redeliver", "Nothing to send again",
        "No delivery here was given up: it is delivered, or on its way, or its connection was removed, or its lead is marked as spam.");

    /// <summary>Moves the selection's dead and stuck deliveries and wakes the workers of every node.</summary>
    public async Task<Answer> AgainAsync(Selection selection, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var moved = await connection.ExecuteAsync(new CommandDefinition(Again, selection, tx, cancellationToken: ct));
        if (moved > 0) await connection.ExecuteAsync(new CommandDefinition($"select pg_notify('{DeliverySignal.Channel}', '')", null, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        if (moved > 0) signal.Wake();
        return new(moved);
    }

    // A lead that was marked as spam is released first (not-spam), which brings its deliveries back.
    // Something was sent once and nobody knows whether it arrived: the CRM is asked before anything is sent again. A removed connection has no
    // worker, so its deliveries stay where they are. The old lease token is taken off: a worker that still holds the row can write no more.
    private const string Again = """
        update deliveries d
        set state = case when d.sent_at is not null and d.delivered_at is null then 'in_doubt' else 'pending' end,
            doubt_since = case when d.sent_at is not null and d.delivered_at is null then coalesce(d.doubt_since, d.sent_at) end,
            attempts = 0, crash_claims = 0, lookups = 0, lease_token = null, parked = false, waits_for = null, next_attempt_at = clock_timestamp()
        where d.project_id = @ProjectId
            and (d.state = 'dead' or (d.state in ('pending', 'in_doubt') and (d.next_attempt_at is null or d.crash_claims >= 5)))
            and (@Id::uuid is null or d.id = @Id) and (@LeadId::uuid is null or d.lead_id = @LeadId)
            and (@ConnectionId::uuid is null or d.connection_id = @ConnectionId)
            and exists (select 1 from connections k where k.project_id = d.project_id and k.id = d.connection_id)
            and not exists (select 1 from leads l where l.project_id = d.project_id and l.id = d.lead_id and l.status in ('spam', 'test'))
        """;
}
