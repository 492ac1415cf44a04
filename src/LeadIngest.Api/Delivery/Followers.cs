using Dapper;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>Lets rows go on that rested behind one which has ended.</summary>
internal static class Followers
{
    /// <summary>The next parked rows of these clients come due now: as many as a batch can take, or a long row of them would be woken again and again.</summary>
    public static Task<int> ReleaseAsync(NpgsqlConnection session, NpgsqlTransaction tx, ConnectionRow connection, Guid[] clients, int maxBatch, CancellationToken ct) =>
        clients.Length == 0 ? Task.FromResult(0) : session.ExecuteAsync(new CommandDefinition(Release,
            new { connection.ProjectId, Connection = connection.Id, Clients = clients.Distinct().ToArray(), MaxBatch = maxBatch }, tx, cancellationToken: ct));

    /// <summary>Notes that waited for the deal of one of these deliveries.</summary>
    public static Task<int> ReleaseNotesAsync(NpgsqlConnection session, NpgsqlTransaction tx, ConnectionRow connection, Guid[] delivered, CancellationToken ct) =>
        delivered.Length == 0 ? Task.FromResult(0) : session.ExecuteAsync(new CommandDefinition(ReleaseNotes,
            new { connection.ProjectId, Delivered = delivered }, tx, cancellationToken: ct));

    private const string Release = """
        update deliveries set parked = false, next_attempt_at = clock_timestamp()
        where project_id = @ProjectId and state = 'pending' and parked and id = any(array(
            select next.id from unnest(@Clients::uuid[]) c (id)
            cross join lateral (select c.id union all select m.id from clients m where m.project_id = @ProjectId and m.merged_into = c.id) member
            cross join lateral (
                select o.id from deliveries o
                where o.project_id = @ProjectId and o.connection_id = @Connection and o.client_id = member.id and o.state = 'pending' and o.parked
                order by o.id limit @MaxBatch) next))
        """;

    private const string ReleaseNotes = """
        update deliveries set waits_for = null, last_error = null, next_attempt_at = clock_timestamp()
        where project_id = @ProjectId and waits_for = any(@Delivered) and state = 'pending'
        """;
}
