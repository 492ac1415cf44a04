using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadIngest.Api.Data;

/// <summary>Applies the numbered SQL files inside the binary, in order, each in its own transaction, one migrator at a time.</summary>
internal static class Migrator
{
    private const string Prefix = "Migrations.";
    // Together longer than the longest statement of a service (Data/Database.cs).
    private const int Attempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const long AdvisoryLock = 0x4C65_6164_496E_6773; // "LeadIngs": any fixed number that nothing else takes

    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="SettingException">The login cannot work with the role of the walls.</exception>
    /// <exception cref="InvalidOperationException">An applied file was changed since: migrations are forward-only.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(string connectionString, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "leadingest-migrate", CommandTimeout = 600 };
        await using var db = new NpgsqlConnection(settings.ConnectionString);
        await db.OpenAsync(ct);
        await ExecuteAsync(db, $"select pg_advisory_lock({AdvisoryLock})", ct);
        await WallRole.EnsureAsync(db, ct);
        await ExecuteAsync(db, """
            create table if not exists schema_migrations (
                name text primary key, checksum bytea not null, applied_at timestamptz not null default clock_timestamp())
            """, ct);
        var applied = await AppliedAsync(db, ct);
        var done = new List<string>();
        foreach (var (name, sql) in Files())
        {
            var checksum = SHA256.HashData(Encoding.UTF8.GetBytes(sql));
            if (applied.TryGetValue(name, out var known))
            {
                if (!known.AsSpan().SequenceEqual(checksum))
                    throw new InvalidOperationException($"Migration {name} was changed after it had been applied; add a new file instead.");
                continue;
            }
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await ApplyAsync(db, name, sql, checksum, ct);
                    break;
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
                {
                    // A long statement of the version that still runs: it ends within its time-out, and nothing is left of this attempt.
                    await Task.Delay(Pause, ct);
                }
            }
            done.Add(name);
        }
        await WallRole.CheckOwnerAsync(db, ct);
        return done;
    }

    private static async Task ApplyAsync(NpgsqlConnection db, string name, string sql, byte[] checksum, CancellationToken ct)
    {
        await using var tx = await db.BeginTransactionAsync(ct);
        // A migration that cannot get its locks at once must not queue every query behind itself.
        await ExecuteAsync(db, "set local lock_timeout = '2s'", ct);
        await ExecuteAsync(db, sql, ct);
        await using var mark = new NpgsqlCommand("insert into schema_migrations (name, checksum) values ($1, $2)", db);
        mark.Parameters.Add(new() { Value = name });
        mark.Parameters.Add(new() { Value = checksum });
        await mark.ExecuteNonQueryAsync(ct);
        await tx.CommitAsync(ct);
    }

    private static IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[Prefix.Length..], reader.ReadToEnd());
        }
    }

    private static async Task<Dictionary<string, byte[]>> AppliedAsync(NpgsqlConnection db, CancellationToken ct)
    {
        var applied = new Dictionary<string, byte[]>();
        await using var command = new NpgsqlCommand("select name, checksum from schema_migrations", db);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) applied[rows.GetString(0)] = rows.GetFieldValue<byte[]>(1);
        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection db, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, db);
        await command.ExecuteNonQueryAsync(ct);
    }
}
