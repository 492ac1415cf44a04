using LeadIngest.Core;

namespace LeadIngest.Benchmarks;

/// <summary>
/// Whether what was answered is what is stored: no lead fewer than there were answers, no more than were on the wire when the load ended, and
/// each new lead with its own client, two identities and two deliveries. Ids grow with time, so a round's rows are those from its start on.
/// </summary>
internal static class StoredRows
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Guid Mark() => OrderedIds.Floor(TimeProvider.System.GetUtcNow());

    public static async Task CheckAsync(BenchDatabase database, Guid mark, long answered, int connections, CancellationToken ct)
    {
        var leads = await SettledAsync(database, mark, ct);
        if (leads < answered || leads > answered + connections)
            throw new BenchFailure($"{answered} leads were answered with 2xx, and {leads} are stored.");
        var (clients, identities, pairs) = (await database.RowsAsync(Counts, r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), ct, BenchDatabase.Project, mark)).Single();
        if (clients != leads || identities != 2 * leads || pairs != leads)
            throw new BenchFailure($"{leads} leads of new people made {clients} clients and {identities} identities, and {pairs} of them have two deliveries.");
    }

    /// <summary>Leads since the mark, once their number does not grow any more.</summary>
    private static async Task<long> SettledAsync(BenchDatabase database, Guid mark, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        for (var before = -1L; ;)
        {
            var now = await database.OneAsync<long>("select count(*) from leads where project_id = $1 and id >= $2", limit.Token, BenchDatabase.Project, mark);
            if (now == before) return now;
            before = now;
            await Task.Delay(200, limit.Token);
        }
    }

    private const string Counts = """
        select (select count(*) from clients where project_id = $1 and id >= $2),
            (select count(*) from identities where project_id = $1 and client_id >= $2 and kind in ('phone', 'email')),
            (select count(*) from (
                select from deliveries d join leads l on l.project_id = d.project_id and l.id = d.lead_id
                where d.project_id = $1 and d.id >= $2 group by d.lead_id having count(*) = 2 and count(distinct d.connection_id) = 2) pairs)
        """;
}
