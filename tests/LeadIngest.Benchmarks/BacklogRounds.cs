using System.Text.Json;

namespace LeadIngest.Benchmarks;

/// <summary>
/// A backlog of leads of new clients into one amoCRM and one Bitrix24 at the same time, under the CRMs' own limits: with everything a lead has (contact, deal, fields,
/// comment). Then a small one with one lead a call. Speeds are those of the second half of each: Bitrix24 lets the first fifty calls pass at once.
/// </summary>
internal static class BacklogRounds
{
    private const double AmocrmLimit = 7, Bitrix24Limit = 2;

    /// <summary>Bitrix24 takes 10,000 in three and a half minutes: only where <c>FULL=1</c> asks for it.</summary>
    private static readonly Dictionary<string, int> Many = new() { ["amocrm"] = 10_000, ["bitrix24"] = Environment.GetEnvironmentVariable("FULL") == "1" ? 10_000 : 3_000 };

    private static readonly Dictionary<string, int> Few = new() { ["amocrm"] = 200, ["bitrix24"] = 110 };

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct, "--bitrix24:plan=standard");
        await using var database = await postgres.CreateAsync("backlog", ct);
        var connections = new Dictionary<string, Guid>();
        Dictionary<string, Round> batched, single;
        await using (var service = await WaitingLeads.StartAsync(database, emulator, ct))
        {
            foreach (var crm in Many.Keys) connections[crm] = await WaitingLeads.ConnectAsync(service, emulator, crm, "backlog", ct);
            batched = await DrainAsync(database, emulator, connections, Many, report, ct);
        }
        await using (await WaitingLeads.StartAsync(database, emulator, ct, ("Delivery__MaxBatch", "1")))
            single = await DrainAsync(database, emulator, connections, Few, report, ct);
        foreach (var crm in Many.Keys) await CheckAsync(emulator, crm, ct);

        report.Add("backlog.amocrm.requests_per_50_leads", batched["amocrm"].Requests * 50 / Many["amocrm"]);
        // The contact and the deal of each lead are a command each.
        report.Add("backlog.bitrix24.commands_per_request", Many["bitrix24"] * 2 / batched["bitrix24"].Requests);
        foreach (var (crm, limit) in new[] { ("amocrm", AmocrmLimit), ("bitrix24", Bitrix24Limit) })
        {
            report.Add($"backlog.{crm}.share_of_limit", batched[crm].RequestsPerSecond / limit);
            report.Add($"backlog.{crm}.leads_per_second", batched[crm].LeadsPerSecond);
            report.Add($"backlog.{crm}.factor_over_single", batched[crm].LeadsPerSecond / single[crm].LeadsPerSecond);
        }
        report.Add("backlog.refused_for_rate", batched.Values.Concat(single.Values).Sum(r => r.Refused));
    }

    private sealed record Round(double Requests, double RequestsPerSecond, double LeadsPerSecond, int Refused);

    private static async Task<Dictionary<string, Round>> DrainAsync(BenchDatabase database, EmulatorProcess emulator, Dictionary<string, Guid> connections,
        Dictionary<string, int> leads, Report report, CancellationToken ct)
    {
        await database.PauseDeliveryAsync(ct);
        foreach (var (crm, count) in leads) await WaitingLeads.StoreAsync(database, connections[crm], count, ct);
        report.Progress($"{leads["amocrm"]} leads into amoCRM and {leads["bitrix24"]} into Bitrix24 at their limits");
        var since = TimeProvider.System.GetUtcNow();
        await WaitingLeads.DrainAsync(database, TimeSpan.FromMinutes(8), ct);
        var rounds = new Dictionary<string, Round>();
        foreach (var (crm, connection) in connections)
        {
            var calls = (await emulator.RequestsAsync(crm, ct)).Where(r => r.Host.StartsWith("backlog.", StringComparison.Ordinal) && r.At >= since).ToList();
            var (from, to) = (calls[0].At, calls[^1].At);
            var half = from + (to - from) / 2;
            var seconds = (to - half).TotalSeconds;
            var delivered = await database.OneAsync<long>("select count(*) from deliveries where connection_id = $1 and delivered_at > $2 and delivered_at <= $3", ct, connection, half.UtcDateTime, to.UtcDateTime);
            rounds[crm] = new Round(calls.Count, calls.Count(c => c.At > half) / seconds, delivered / seconds, calls.Count(c => c.IsRefused));
        }
        return rounds;
    }

    /// <summary>Each lead is there once, with its contact and with what the visitor wrote.</summary>
    private static async Task CheckAsync(EmulatorProcess emulator, string crm, CancellationToken ct)
    {
        var (host, expected) = (crm == "amocrm" ? "backlog.amocrm.ru" : "backlog.bitrix24.ru", Many[crm] + Few[crm]);
        var cards = (await emulator.HoldsAsync(crm, $"{(crm == "amocrm" ? "leads" : "deals")}?account={host}", ct)).EnumerateArray().ToList();
        var contacts = (await emulator.HoldsAsync(crm, $"contacts?account={host}", ct)).GetArrayLength();
        var told = cards.Count(c => Tells(c, WaitingLeads.Comment) && Tells(c, "Яндекс.Директ"));
        if (cards.Count != expected || contacts != expected || told != expected)
            throw new BenchFailure($"{expected} leads were delivered, and the emulated {crm} holds {cards.Count} cards ({told} with source and comment) and {contacts} contacts.");
    }

    private static bool Tells(JsonElement card, string text) => card.ValueKind switch
    {
        JsonValueKind.String => card.GetString()!.Contains(text, StringComparison.Ordinal),
        JsonValueKind.Object => card.EnumerateObject().Any(p => Tells(p.Value, text)),
        JsonValueKind.Array => card.EnumerateArray().Any(i => Tells(i, text)),
        _ => false,
    };
}
