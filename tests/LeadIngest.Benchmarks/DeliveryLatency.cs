using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// From the posted lead to the CRM: five leads a second, evenly, each of a new person. The time of one delivery is <c>delivered_at</c> (the CRM's
/// answer is recorded) minus <c>received_at</c> (the body was read); how many leads arrived is counted in the emulated CRMs themselves.
/// </summary>
internal sealed class DeliveryLatency(ServiceProcess service, EmulatorProcess emulator, BenchDatabase database, LeadNumbers numbers)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(30);
    private const int WarmUp = 25;

    public async Task RunAsync(Report report, int seconds, CancellationToken ct)
    {
        var first = numbers.TakeRange();
        var before = await InCrmsAsync(ct);
        await PostAsync(first, WarmUp, ct);
        var mark = StoredRows.Mark();
        var count = seconds * (int)(TimeSpan.FromSeconds(1) / Apart);
        await PostAsync(first + WarmUp, count, ct);
        await DeliveredAsync(ct);

        foreach (var (crm, arrived) in await InCrmsAsync(ct))
            if (arrived - before[crm] != WarmUp + count)
                throw new BenchFailure($"{WarmUp + count} leads were posted, and {arrived - before[crm]} arrived in the emulated {crm}.");
        var times = await database.RowsAsync(Times, r => (Crm: r.GetString(0), Milliseconds: r.GetDouble(1)), ct, BenchDatabase.Project, mark);
        if (times.Count != 2 * count) throw new BenchFailure($"{count} leads have {times.Count} deliveries on record.");
        Add("delivery", times.Select(t => t.Milliseconds));
        foreach (var crm in times.GroupBy(t => t.Crm)) Add("delivery." + crm.Key, crm.Select(t => t.Milliseconds));

        void Add(string name, IEnumerable<double> values)
        {
            var sorted = values.Order().ToArray();
            report.Add(name + ".p50_ms", Figures.Percentile(sorted, 50));
            report.Add(name + ".p99_ms", Figures.Percentile(sorted, 99));
        }
    }

    /// <summary>By a fixed timetable: a slow answer delays no later lead.</summary>
    private async Task PostAsync(long first, int count, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Apart);
        var answers = new List<Task>();
        for (var i = 0; i < count && await timer.WaitForNextTickAsync(ct); i++) answers.Add(Posting.PostAsync(service, first + i, ct));
        await Task.WhenAll(answers);
    }

    private async Task DeliveredAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            while (await database.OneAsync<long>(Open, limit.Token, BenchDatabase.Project) > 0) await Task.Delay(100, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var open = await database.RowsAsync(OpenByState, r => $"{r.GetInt64(0)} {r.GetString(1)} ({r.GetString(2)})", ct, BenchDatabase.Project);
            throw new BenchFailure($"Not delivered {Patience.TotalSeconds:0} s after the last lead: {string.Join("; ", open)}.");
        }
    }

    private async Task<Dictionary<string, int>> InCrmsAsync(CancellationToken ct) => new()
    {
        ["amocrm"] = await CountAsync("amocrm/leads", ct),
        // A portal in its classic mode takes enquiries as leads, in its simple mode as deals.
        ["bitrix24"] = await CountAsync("bitrix24/leads", ct) + await CountAsync("bitrix24/deals", ct),
    };

    private async Task<int> CountAsync(string noun, CancellationToken ct) =>
        (await emulator.Http.GetFromJsonAsync<JsonElement>(new Uri(emulator.Url, "/_state/" + noun), ct)).GetArrayLength();

    private const string Open = "select count(*) from deliveries where project_id = $1 and state <> 'delivered'";

    private const string OpenByState =
        "select count(*), state, coalesce(min(last_error), 'no error') from deliveries where project_id = $1 and state <> 'delivered' group by state";

    private const string Times = """
        select c.crm, extract(epoch from d.delivered_at - l.received_at)::float8 * 1000
        from deliveries d
        join leads l on l.project_id = d.project_id and l.id = d.lead_id
        join connections c on c.project_id = d.project_id and c.id = d.connection_id
        where d.project_id = $1 and d.id >= $2
        """;
}

/// <summary>Leads posted by this program itself, where each answer matters.</summary>
internal static class Posting
{
    private const int Connections = 64;

    /// <returns>The lead's id.</returns>
    public static async Task<Guid> PostAsync(ServiceProcess service, long number, CancellationToken ct)
    {
        using var body = new StringContent(TypicalLead.Body(number), Encoding.UTF8, "application/json");
        using var answer = await service.Http.PostAsync(service.Leads, body, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchFailure($"A lead was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("leadId").GetGuid();
    }

    /// <summary>Posts leads over 64 connections and looks each answered id up: none may be missing. Warms the service up besides.</summary>
    public static async Task CheckEachAsync(ServiceProcess service, BenchDatabase database, LeadNumbers numbers, int count, CancellationToken ct)
    {
        var (first, mark, ids) = (numbers.TakeRange(), StoredRows.Mark(), new Guid[count]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = ct };
        await Parallel.ForAsync(0, count, options, async (i, stop) => ids[i] = await PostAsync(service, first + i, stop));
        var stored = await database.OneAsync<long>("select count(*) from leads where project_id = $1 and id = any($2)", ct, BenchDatabase.Project, ids);
        if (stored != count) throw new BenchFailure($"{count} leads were answered with an id, and {stored} of these are stored.");
        await StoredRows.CheckAsync(database, mark, count, 0, ct);
    }
}
