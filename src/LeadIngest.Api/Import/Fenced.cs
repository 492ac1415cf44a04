using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import;

/// <summary>Statements that remember how far reading has come. They are written by the worker that holds the account's lease, or not at all.</summary>
internal static class Fenced
{
    /// <summary>Without the lease nothing is written: 40001, and the whole page is rolled back.</summary>
    public const string Fence = "require_rows((select count(*) from crm_accounts where account_key = $3 and lease_token = $4 and lease_until > clock_timestamp()), 1)";

    /// <summary>A statement with the project, the connection, the account and the lease's token as $1 to $4.</summary>
    public static NpgsqlBatchCommand Command(string sql, ConnectionRow connection, AccountLease lease, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in (NpgsqlParameter[])[Columns.Of(connection.ProjectId), Columns.Of(connection.Id), new NpgsqlParameter<string> { TypedValue = lease.AccountKey },
            new NpgsqlParameter<long> { TypedValue = lease.Token }, .. parameters]) command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter TextOrNull(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
