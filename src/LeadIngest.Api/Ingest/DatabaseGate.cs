using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Open while the database answers. The first failure closes it: requests are then refused at once instead of queueing on connect, and a probe
/// every half second opens it again.
/// </summary>
internal sealed partial class DatabaseGate(Database db, ILogger<DatabaseGate> log)
{
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private int _closed;

    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    public void Close(string why)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        LogClosed(why);
        _ = ProbeAsync();
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            try
            {
                using var limit = new CancellationTokenSource(ProbeTimeout);
                // Sockets of before the outage are dead: without this each of them would have to fail once.
                db.Ingest.Clear();
                await using var connection = await db.Ingest.OpenConnectionAsync(limit.Token);
                await using var command = new NpgsqlCommand("select 1 from projects limit 1", connection);
                await command.ExecuteNonQueryAsync(limit.Token);
                Volatile.Write(ref _closed, 0);
                LogOpened();
                return;
            }
            catch (ObjectDisposedException)
            {
                return; // the process is stopping
            }
            catch (Exception)
            {
                await Task.Delay(ProbePause);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "database gate closed: {Why}")]
    private partial void LogClosed(string why);

    [LoggerMessage(2, LogLevel.Warning, "database gate open again")]
    private partial void LogOpened();
}
