using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>One connection to a CRM account, as the worker reads it at the beginning of every round: a pause by a person works at once.</summary>
/// <param name="Active">Leads may be sent.</param>
/// <param name="Probing">The CRM refused the account for something that may have passed by now: one lead is tried.</param>
/// <param name="ReadAt">When it was read, by the database's clock.</param>
[SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
internal sealed record ConnectionRow(Guid ProjectId, Guid Id, string Crm, byte[] Credentials, string Settings, bool Active, bool Probing = false, DateTimeOffset ReadAt = default)
{
    /// <summary>In SQL, of a connection <c>c</c>: leads may be sent to it now.</summary>
    public const string MayWork = "(c.state = 'active' or (c.state = 'blocked' and c.probe_at <= clock_timestamp()))";

    public static async Task<IReadOnlyList<ConnectionRow>> OfAccountAsync(NpgsqlDataSource db, string accountKey, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ConnectionRow>(new CommandDefinition(Select, new { AccountKey = accountKey }, cancellationToken: ct))).AsList();
    }

    /// <summary>True when nothing has changed of what an account is made of.</summary>
    public bool IsReachedLike(ConnectionRow other) => Settings == other.Settings && Credentials.AsSpan().SequenceEqual(other.Credentials);

    /// <summary>
    /// Stops the connection; its deliveries stay pending. One that was tried and refused again waits twice as long, up to 6 h. One that somebody mended after it was read goes on:
    /// what was refused were the former credentials.
    /// </summary>
    /// <param name="state"><c>needs_reauth</c> or <c>blocked</c>.</param>
    /// <param name="reason">The CRM's own words.</param>
    /// <param name="mayPass">It may pass by itself: one lead is tried after 15 min. Otherwise a person has to resume.</param>
    /// <returns>True when it was active until now.</returns>
    public async Task<bool> StopAsync(NpgsqlDataSource db, string state, string reason, bool mayPass, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Stop, new { ProjectId, Id, State = state, Reason = reason, MayPass = mayPass, ReadAt }, cancellationToken: ct));
    }

    /// <summary>The CRM took a lead again.</summary>
    /// <returns>True when it was blocked until now.</returns>
    public async Task<bool> RecoverAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Recover, new { ProjectId, Id }, cancellationToken: ct)) > 0;
    }

    private const string Select = $"""
        select c.project_id, c.id, c.crm, c.credentials, c.settings::text as settings, {MayWork} as active, c.state = 'blocked' and {MayWork} as probing,
            clock_timestamp() as read_at
        from connections c where c.account_key = @AccountKey order by c.id
        """;

    // Only a try that was due counts: a login that was refused has stopped the connection a moment ago.
    private const string Stop = """
        with before as (select state from connections where project_id = @ProjectId and id = @Id)
        update connections set state = @State, state_reason = left(@Reason, 500), state_by = 'crm',
            state_at = case when state = 'active' then clock_timestamp() else state_at end,
            probes = tries,
            probe_at = case when @MayPass then clock_timestamp() + least(interval '6 hours', interval '15 minutes' * power(2, least(tries, 10))) end
        from (select case when state = 'active' then 0 when probe_at <= clock_timestamp() then probes + 1 else probes end as tries
            from connections where project_id = @ProjectId and id = @Id) counted
        where project_id = @ProjectId and id = @Id and state in ('active', 'blocked') and (state_at is null or state_at <= @ReadAt)
        returning (select state from before) = 'active'
        """;

    private const string Recover = """
        update connections set state = 'active', state_reason = null, state_by = null, state_at = clock_timestamp(), probe_at = null, probes = 0
        where project_id = @ProjectId and id = @Id and state = 'blocked'
        """;
}
