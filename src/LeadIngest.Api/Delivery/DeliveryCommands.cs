using Dapper;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// What people may do to deliveries. A new series of attempts begins; what was ever sent without a known end is looked up in the CRM by our id
/// before it is sent again, and dedupe never swallows it.
/// </summary>
internal sealed class DeliveryCommands(Database db, DeliverySignal signal)
{
    /// <returns>False when there is no such delivery, or it is delivered or being sent at this moment.</returns>
    public async Task<bool> RedeliverAsync(Guid projectId, Guid deliveryId, CancellationToken ct) =>
        await AgainAsync(One, new { ProjectId = projectId, Id = deliveryId }, ct) > 0;

    /// <param name="connectionId">Null: every connection of the project.</param>
    /// <returns>How many dead deliveries went back into the queue. The CRM's own limits set their pace.</returns>
    public async Task<int> RedeliverAllDeadAsync(Guid projectId, Guid? connectionId, CancellationToken ct)
    {
        var all = 0;
        int some;
        do
        {
            some = await AgainAsync(AllDead, new { ProjectId = projectId, ConnectionId = connectionId, Limit = Bound }, ct);
            all += some;
        }
        while (some == Bound);
        return all;
    }

    private async Task<int> AgainAsync(string which, object parameters, CancellationToken ct)
    {
        await using var session = await db.Delivery.OpenConnectionAsync(ct);
        await using var tx = await session.BeginTransactionAsync(ct);
        var moved = await session.ExecuteAsync(new CommandDefinition(Again + which, parameters, tx, cancellationToken: ct));
        if (moved > 0) await session.ExecuteAsync(new CommandDefinition($"select pg_notify('{DeliverySignal.Channel}', '')", null, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        if (moved > 0) signal.Wake();
        return moved;
    }

    private const int Bound = 500;

    private const string Again = """
        update deliveries d
        set state = case when d.sent_at is null then 'pending' else 'in_doubt' end,
            doubt_since = case when d.sent_at is not null then coalesce(d.doubt_since, d.sent_at) end,
            attempts = 0, crash_claims = 0, lookups = 0, parked = false, waits_for = null, next_attempt_at = clock_timestamp()
        where d.project_id = @ProjectId
        """;

    // A pending row may be sent at once too: a person has mended what made it wait.
    private const string One = """
         and d.id = @Id and d.state in ('dead', 'pending', 'in_doubt')
        """;

    private const string AllDead = """
         and d.state = 'dead' and d.id = any(array(
            select x.id from deliveries x
            where x.project_id = @ProjectId and x.state = 'dead' and (@ConnectionId::uuid is null or x.connection_id = @ConnectionId)
            order by x.id limit @Limit))
        """;
}
