using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

internal static class ReportSessions
{
    /// <summary>A session that sorts and hashes a few hundred thousand clients in memory rather than on disk. The pool sets it back.</summary>
    public static async Task<NpgsqlConnection> OpenForReportAsync(this Database db, CancellationToken ct)
    {
        var connection = await db.Reports.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("set work_mem = '32MB'", cancellationToken: ct));
        return connection;
    }
}
