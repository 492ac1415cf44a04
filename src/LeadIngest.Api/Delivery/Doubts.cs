using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>A row whose fate is unknown and whose time to be looked up has come.</summary>
/// <param name="Since">How long ago it fell into doubt, by the database's clock.</param>
internal sealed record DeliveryInDoubt(Claim Claim, TimeSpan Since, int Lookups);

/// <summary>Finds the rows in doubt that are to be looked up now. Looking up changes nothing in the CRM, so nothing is marked before it.</summary>
internal sealed class Doubts(NpgsqlDataSource db)
{
    public async Task<IReadOnlyList<DeliveryInDoubt>> DueAsync(ConnectionRow connection, int maxBatch, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        var rows = await session.QueryAsync<Row>(new CommandDefinition(Due,
            new { connection.ProjectId, Connection = connection.Id, MaxBatch = maxBatch }, cancellationToken: ct));
        return [.. rows.Select(r => new DeliveryInDoubt(
            new Claim(r.Id, r.LeadId, r.ClientId, r.Kind switch { DueDelivery.Note => OutgoingKind.Note, DueDelivery.Call => OutgoingKind.Call, _ => OutgoingKind.Deal }, r.RemoteContactId,
                r.Kind is DueDelivery.Note or DueDelivery.Call ? r.RemoteLeadId : null, r.Attempts, 0),
            TimeSpan.FromSeconds(r.Seconds), r.Lookups))];
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row(Guid Id, Guid LeadId, Guid ClientId, string Kind, string? RemoteLeadId, string? RemoteContactId, int Attempts, int Lookups, double Seconds);

    private const string Due = """
        select d.id, d.lead_id, coalesce(c.merged_into, d.client_id) as client_id, d.kind, d.remote_lead_id, d.remote_contact_id, d.attempts, d.lookups,
            coalesce(extract(epoch from clock_timestamp() - d.doubt_since), 0)::float8 as seconds
        from deliveries d left join clients c on c.project_id = d.project_id and c.id = d.client_id
        where d.project_id = @ProjectId and d.connection_id = @Connection and d.state = 'in_doubt' and d.next_attempt_at <= clock_timestamp()
        order by d.next_attempt_at limit @MaxBatch
        """;
}
