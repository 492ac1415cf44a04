using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace LeadIngest.Benchmarks;

/// <summary>Rows of a stored history.</summary>
internal sealed record BigHistorySize(long Visits, long Leads, long Deals)
{
    /// <summary>What the reports promise their speed for, times <paramref name="scale"/>.</summary>
    public static BigHistorySize Of(double scale) => new((long)(10_000_000 * scale), (long)(2_000_000 * scale), (long)(400_000 * scale));
}

/// <summary>
/// Three years of a large business in one project, made by the server itself: visits, leads, a seventh of them calls, clients who come back, deals with their courses,
/// products, tasks and touches, spend by day and campaign; see <see cref="BigHistoryRows"/>. The same scale and last day give the same rows, ids included. For speed
/// secondary indexes and foreign keys of the tables are dropped and made again; triggers fire. No delivery is stored, and the CRM account of the deals is a name only.
/// </summary>
/// <remarks>Not for a database in use: between the first and the last step the indexes are missing.</remarks>
internal sealed class BigHistory(string connectionString, Guid project, Action<string>? progress = null)
{
    /// <summary>Of the CRM connection that the deals belong to; it is paused.</summary>
    public static readonly Guid ConnectionId = Guid.Parse("0190d3e0-0000-7000-8000-0000000b0001");

    /// <summary>Of the site, where the project has none.</summary>
    public static readonly Guid SiteId = Guid.Parse("0190d3e0-0000-7000-8000-0000000b0002");

    private const string Tables = "'visits', 'leads', 'clients', 'identities', 'calls', 'deals', 'stage_changes', 'deal_changes', 'deal_products', 'crm_tasks', 'crm_touches', 'spend', 'spend_import_days'";

    /// <param name="scale">1 is the full size; at least 0.001, for every day to have visits.</param>
    /// <param name="lastDay">The history's last day, whole, in Moscow time.</param>
    /// <param name="ct">Leaves what was stored so far, without indexes.</param>
    public async Task<BigHistorySize> StoreAsync(double scale, DateOnly lastDay, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 0.001);
        var size = BigHistorySize.Of(scale);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            CommandTimeout = 0,
            MaxPoolSize = 2,
            Options = "-c synchronous_commit=off -c work_mem=128MB -c maintenance_work_mem=512MB -c max_parallel_maintenance_workers=2 -c timezone=UTC",
        });
        var rows = new BigHistoryRows(project, size, lastDay);
        await RunAsync(source, rows.Ground, ct);
        var (indexes, keys) = await DropAsync(source, ct);
        // The visits are half of the work, and nothing else waits for them.
        await Task.WhenAll(RunAsync(source, rows.Visits, ct), RunAsync(source, rows.Everything, ct));
        await Task.WhenAll(RunAsync(source, indexes.Where((_, i) => i % 2 == 0), ct), RunAsync(source, indexes.Where((_, i) => i % 2 == 1), ct));
        await RunAsync(source, [.. keys, .. rows.End], ct);
        return size;
    }

    private async Task RunAsync(NpgsqlDataSource source, IEnumerable<(string Name, string Sql)> steps, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        foreach (var (name, sql) in steps)
        {
            var started = Stopwatch.GetTimestamp();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
            progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{name}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        }
    }

    /// <returns>How to make them again.</returns>
    private static async Task<(List<(string Name, string Sql)> Indexes, List<(string Name, string Sql)> Keys)> DropAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var (drops, indexes, keys) = (new List<string>(), new List<(string, string)>(), new List<(string, string)>());
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var command = new NpgsqlCommand(Droppable, connection))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
            {
                drops.Add(reader.GetString(2));
                (reader.GetBoolean(0) ? keys : indexes).Add((reader.GetString(1), reader.GetString(3)));
            }
        await using (var command = new NpgsqlCommand(string.Join(";\n", drops), connection)) await command.ExecuteNonQueryAsync(ct);
        return (indexes, keys);
    }

    private const string Droppable = $"""
        select true, 'key ' || conname, format('alter table %s drop constraint %I', conrelid::regclass, conname), format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where contype = 'f' and conrelid::regclass::text in ({Tables})
        union all
        select false, 'index ' || c.relname, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid::regclass::text in ({Tables}) and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
        order by 1, 2
        """;
}
