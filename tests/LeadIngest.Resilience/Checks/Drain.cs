using System.Diagnostics;
using Npgsql;

namespace LeadIngest.Resilience.Checks;

/// <summary>Waits for the end of all deliveries.</summary>
internal static class Drain
{
    /// <returns>How long it took, and how many deliveries were still open when patience ended.</returns>
    public static async Task<(TimeSpan Took, int Open)> WaitAsync(StoredLeads stored, TimeSpan patience, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        var open = -1;
        while (Stopwatch.GetElapsedTime(since) < patience)
        {
            try
            {
                open = await stored.ScalarAsync<int>("select count(*)::int from deliveries where state in ('pending', 'sending', 'in_doubt')", ct);
                if (open == 0) break;
            }
            catch (NpgsqlException)
            {
                // The server may be recovering from its last kill.
            }
            await Task.Delay(250, ct);
        }
        return (Stopwatch.GetElapsedTime(since), open);
    }
}
