using System.Globalization;
using System.Text.RegularExpressions;

namespace LeadIngest.Benchmarks;

/// <summary>Rounds of pgbench over the Unix socket: 64 clients, two threads, prepared statements, one commit a transaction.</summary>
internal sealed partial class Pgbench(PostgresUnderTest postgres, BenchDatabase database, FloorTables tables)
{
    private int _round;

    public Task<double> FloorAsync(int seconds, CancellationToken ct) => RunAsync(tables.FloorScript, FloorTables.FloorTable, seconds, ct);

    public Task<double> SameRowsAsync(int seconds, CancellationToken ct) => RunAsync(tables.SameRowsScript, FloorTables.SameRowsTable, seconds, ct);

    /// <returns>Transactions a second, connecting not counted.</returns>
    /// <param name="script">A file of <see cref="FloorTables"/>; its counter <c>n</c> starts where no round before has been.</param>
    /// <param name="table">Holds one row for each transaction; checked.</param>
    private async Task<double> RunAsync(string script, string table, int seconds, CancellationToken ct)
    {
        var before = await database.OneAsync<long>($"select count(*) from {table}", ct);
        var start = (++_round * 100_000L).ToString(CultureInfo.InvariantCulture);
        var output = await Programs.RunAsync(Programs.Pgbench,
        [
            "-n", "-c", "64", "-j", "2", "-M", "prepared", "-T", seconds.ToString(CultureInfo.InvariantCulture), "-D", "n=" + start, "-f", script,
            .. tables.Variables.SelectMany(v => (string[])["-D", $"{v.Key}={v.Value}"]), "-h", postgres.SocketFolder, "-U", "leadingest", database.Name,
        ], ct);
        var rows = await database.OneAsync<long>($"select count(*) from {table}", ct) - before;
        var processed = long.Parse(Processed().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (processed == 0 || rows != processed) throw new BenchFailure($"pgbench counts {processed} transactions, but {table} got {rows} rows.\n{output}");
        return double.Parse(Tps().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
