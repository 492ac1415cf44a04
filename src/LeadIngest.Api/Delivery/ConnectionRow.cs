using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>One connection to a CRM account, as the worker reads it at the beginning of every round: a pause by a person works at once.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
internal sealed record ConnectionRow(Guid ProjectId, Guid Id, string Crm, byte[] Credentials, string Settings, bool Active)
{
    public static async Task<IReadOnlyList<ConnectionRow>> OfAccountAsync(NpgsqlDataSource db, string accountKey, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<ConnectionRow>(new CommandDefinition(Select, new { AccountKey = accountKey }, cancellationToken: ct))).AsList();
    }

    /// <summary>Stops the connection until a person has mended it; its deliveries stay pending.</summary>
    /// <param name="state"><c>needs_reauth</c> or <c>blocked</c>.</param>
    /// <param name="reason">The CRM's own words.</param>
    /// <returns>True when it was active until now.</returns>
    public async Task<bool> StopAsync(NpgsqlDataSource db, string state, string reason, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Stop, new { ProjectId, Id, State = state, Reason = reason }, cancellationToken: ct)) > 0;
    }

    private const string Select = """
        select project_id, id, crm, credentials, settings::text as settings, state = 'active' as active
        from connections where account_key = @AccountKey order by id
        """;

    private const string Stop = """
        update connections set state = @State, state_reason = left(@Reason, 500) where project_id = @ProjectId and id = @Id and state = 'active'
        """;
}
