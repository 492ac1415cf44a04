using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Connecting;

/// <summary>A connection's row while its login is being worked on: locked until the end of the transaction, which ends with the one write that is made.</summary>
internal sealed class LockedRow
{
    private readonly NpgsqlConnection _session;
    private readonly NpgsqlTransaction _tx;
    private readonly Guid _projectId;
    private readonly Guid _id;

    private LockedRow(NpgsqlConnection session, NpgsqlTransaction tx, Guid projectId, Guid id, Stored stored, Credentials credentials)
    {
        (_session, _tx, _projectId, _id) = (session, tx, projectId, id);
        (Sealed, State, StateReason, RemoteAccount, Credentials) = (stored.Credentials, stored.State, stored.StateReason, stored.RemoteAccount, credentials);
    }

    /// <summary>The credentials as stored, encrypted.</summary>
    public byte[] Sealed { get; }

    public string State { get; }
    public string? StateReason { get; }
    public string? RemoteAccount { get; }
    public Credentials Credentials { get; }

    /// <returns>Null when there is no such connection any more.</returns>
    public static async Task<LockedRow?> ReadAsync(NpgsqlConnection session, NpgsqlTransaction tx, Guid projectId, Guid id, CredentialsCipher cipher)
    {
        var stored = await session.QuerySingleOrDefaultAsync<Stored>(Read, new { ProjectId = projectId, Id = id }, tx);
        return stored is null ? null : new LockedRow(session, tx, projectId, id, stored, Credentials.FromBytes(cipher.Decrypt(projectId, id, stored.Credentials)));
    }

    public async Task StoreAsync(byte[] pair, string? host, DateTimeOffset now)
    {
        await _session.ExecuteAsync(Store, new { ProjectId = _projectId, Id = _id, Old = Sealed, Pair = pair, Host = host, Now = now }, _tx);
        await _tx.CommitAsync();
    }

    /// <summary>Gives the lock back without a write.</summary>
    public async Task LetGoAsync()
    {
        try
        {
            await _tx.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
    }

    /// <summary>
    /// Without the lock: nothing is written over what somebody else has stored meanwhile. Who tried the old token in the meantime was refused and
    /// stopped the connection; with the pair it works again.
    /// </summary>
    public static Task StoreAgainAsync(NpgsqlConnection session, Guid projectId, Guid id, byte[] old, byte[] pair, string? host, DateTimeOffset now) =>
        session.ExecuteAsync(StoreAgain, new { ProjectId = projectId, Id = id, Old = old, Pair = pair, Host = host, Now = now });

    /// <param name="state"><c>needs_reauth</c> or <c>blocked</c>.</param>
    /// <param name="reason">The CRM's own words.</param>
    /// <param name="mayPass">It may pass by itself: delivery tries one lead after a while.</param>
    /// <returns>True when it was working until now.</returns>
    public async Task<bool> StopAsync(string state, string reason, bool mayPass)
    {
        var stopped = await _session.ExecuteScalarAsync<long?>(Stop, new { ProjectId = _projectId, Id = _id, State = state, Reason = reason, MayPass = mayPass }, _tx) is not null;
        await _tx.CommitAsync();
        return stopped;
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Stored(byte[] Credentials, string State, string? StateReason, string? RemoteAccount);

    private const string Read = """
        select credentials, state, state_reason, remote_account from connections where project_id = @ProjectId and id = @Id for update
        """;

    private const string Store = """
        update connections set credentials = @Pair, token_refreshed_at = @Now, account_host = coalesce(@Host, account_host)
        where project_id = @ProjectId and id = @Id and credentials = @Old
        """;

    private const string StoreAgain = """
        update connections set credentials = @Pair, token_refreshed_at = @Now, account_host = coalesce(@Host, account_host),
            state = case when state = 'needs_reauth' and state_by = 'crm' then 'active' else state end,
            state_reason = case when state = 'needs_reauth' and state_by = 'crm' then null else state_reason end,
            state_at = case when state = 'needs_reauth' and state_by = 'crm' then clock_timestamp() else state_at end,
            state_by = case when state = 'needs_reauth' and state_by = 'crm' then null else state_by end
        where project_id = @ProjectId and id = @Id and credentials = @Old
        """;

    // A person's pause stays a pause: what is wrong shows when it is lifted.
    private const string Stop = """
        update connections set state = @State, state_reason = left(@Reason, 500), state_by = 'crm', state_at = clock_timestamp(), probes = 0,
            probe_at = case when @MayPass then clock_timestamp() + interval '15 minutes' end
        where project_id = @ProjectId and id = @Id and state = 'active' returning 1::bigint
        """;
}
