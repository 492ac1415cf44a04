using Dapper;
using Npgsql;

namespace LeadIngest.Resilience.Checks;

/// <summary>A lead as the database has it.</summary>
/// <param name="ClientId">The client that the lead's client was merged into, or that one itself.</param>
/// <param name="Status">new, repeat, duplicate, …</param>
internal sealed record StoredLead(Guid Id, string? Marker, string? Phone, string? Form, Guid? ClientId, string Status);

internal sealed record StoredDelivery(Guid LeadId, string Crm, string Kind, string State, int Attempts, string? LastError);

/// <summary>Reads the service's database with eyes of its own.</summary>
internal sealed class StoredLeads(string connectionString)
{
    public async Task<IReadOnlyList<StoredLead>> LeadsAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return (await connection.QueryAsync<StoredLead>(new CommandDefinition("""
            select l.id, l.comment as marker, l.phone, l.form_id as form, coalesce(c.merged_into, l.client_id) as clientId, l.status
            from leads l left join clients c on c.project_id = l.project_id and c.id = l.client_id
            """, cancellationToken: ct))).AsList();
    }

    public async Task<IReadOnlyList<StoredDelivery>> DeliveriesAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return (await connection.QueryAsync<StoredDelivery>(new CommandDefinition("""
            select d.lead_id as leadId, c.crm, d.kind, d.state, d.attempts, d.last_error as lastError
            from deliveries d join connections c on c.project_id = d.project_id and c.id = d.connection_id
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>How attempts ended, by CRM: <c>amocrm.send_unknown</c>, <c>bitrix24.lookup_found</c>, …</summary>
    public async Task<IReadOnlyList<(string What, int Count)>> AttemptsAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return (await connection.QueryAsync<(string, int)>(new CommandDefinition("""
            select c.crm || '.' || a.action || '_' || a.outcome, count(*)::int
            from delivery_attempts a
            join deliveries d on d.project_id = a.project_id and d.id = a.delivery_id
            join connections c on c.project_id = d.project_id and c.id = d.connection_id
            group by 1 order by 1
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Rejects by a header that they were sent with.</summary>
    public async Task<IReadOnlyDictionary<string, int>> RejectsAsync(string header, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return (await connection.QueryAsync<(string Value, int Count)>(new CommandDefinition("""
            select coalesce(headers ->> @header, ''), count(*)::int from rejects group by 1
            """, new { header }, cancellationToken: ct))).ToDictionary(r => r.Value, r => r.Count);
    }

    public Task<T?> ScalarAsync<T>(string sql, CancellationToken ct) => WithConnectionAsync(c => c.ExecuteScalarAsync<T>(new CommandDefinition(sql, cancellationToken: ct)));

    public Task<int> ExecuteAsync(string sql, CancellationToken ct) => WithConnectionAsync(c => c.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct)));

    private async Task<T> WithConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return await work(connection);
    }
}
