using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.Api.Data;
using LeadIngest.Api.Import;
using LeadIngest.Api.Ingest;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Demo.History;

/// <summary>What to write, and where.</summary>
internal sealed record HistoryRequest
{
    public Guid Project { get; init; } = DemoProject.ProjectId;

    /// <summary>1 to 36.</summary>
    public int Months { get; init; } = 18;

    public int Seed { get; init; } = 1;
    public required Uri Emulator { get; init; }

    /// <summary>Keeps the CRM's side, for an emulator that is started anew (its option <c>amocrm:past</c>); null: nowhere.</summary>
    public string? PastFile { get; init; }
}

/// <summary>How it ended.</summary>
internal abstract record HistoryOutcome
{
    private HistoryOutcome() { }

    public sealed record Written(int Visits, int Forms, int Calls, int Deals, bool IsReadBack) : HistoryOutcome;

    public sealed record AlreadyThere : HistoryOutcome;

    /// <summary>Nothing was written.</summary>
    public sealed record Refused(string Why) : HistoryOutcome;
}

/// <summary>
/// Gives a demo project a past: visits, leads and calls through the code that takes them from life, under a clock that moves through the months; their cards into the
/// emulated amoCRM, from where the service reads them back; spend through its import. Nothing of it is sent anywhere. Refused for a project that is no demo, and in Production.
/// </summary>
internal sealed class DemoHistory(string connectionString, string environment, TimeProvider today)
{
    private const double OfWriting = 0.85;
    private static readonly TimeSpan UntilBegun = TimeSpan.FromSeconds(20), UntilRead = TimeSpan.FromMinutes(5);

    /// <param name="request">What to write.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="ct">Leaves what was written; the next run takes it away and begins anew.</param>
    /// <exception cref="HistoryFailure">It broke off.</exception>
    public async Task<HistoryOutcome> RunAsync(HistoryRequest request, Action<double> progress, CancellationToken ct)
    {
        if (string.Equals(environment, Environments.Production, StringComparison.OrdinalIgnoreCase)) return new HistoryOutcome.Refused("This is Production: a made-up history has no place here.");
        if (request.Months is < 1 or > 36) return new HistoryOutcome.Refused("--months is 1 to 36.");
        var clock = new HistoryClock();
        await using var app = LeadIngestApp.Build([$"--environment={environment}", "--Logging:LogLevel:Default=Warning", "--Ingest:DatabaseTimeoutMs=30000", "--Visits:MaxBatch=1000", "--Demo:Enabled=false"],
            connectionString, builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Services.AddSingleton(services => new SiteDirectory(services.GetRequiredService<Database>(), services.GetRequiredService<SourceDictionaries>(), clock) { WithoutConnections = true });
            });
        await using var db = app.Services.GetRequiredService<Database>();
        var rows = new HistoryRows(db, request.Project);
        var started = TimeProvider.System.GetUtcNow().AddSeconds(-5);
        await using var held = await rows.LockAsync(ct);
        if (held is null) return new HistoryOutcome.Refused("A history is being written at this moment.");
        if (await rows.PlaceAsync(ct) is not { } place) return new HistoryOutcome.Refused($"There is no project {request.Project}: `make run` makes the demo.");
        if (!place.IsDemo) return new HistoryOutcome.Refused($"Project {request.Project} is no demo: a made-up history has no place in it.");
        if (place.SiteKey is null || place.ConnectionId is not { } connection) return new HistoryOutcome.Refused("The demo project has no site or no connection to the emulated amoCRM.");
        if (place.IsWritten) return new HistoryOutcome.AlreadyThere();
        if (place.HasPast && !place.IsBegun) return new HistoryOutcome.Refused("There are leads or visits from before the project was made, and no history wrote them: begin with an empty database.");
        using var crm = new HistoryCrm(request.Emulator);
        if (await crm.WhyNotAsync(ct) is { } whyNot) return new HistoryOutcome.Refused(whyNot);

        // One that broke off is written anew, from its beginning.
        if (place.IsBegun) await rows.ClearAsync(place, ct);
        // It ends where the project's own life began.
        var now = today.GetUtcNow() < place.CreatedAt ? today.GetUtcNow() : place.CreatedAt;
        var plan = HistoryPlanner.Plan(request.Months, request.Seed, now);
        var sender = await rows.SenderAsync(place, new Dice(request.Seed).Id(now.AddMonths(-request.Months)), ct);
        await using (var writer = new HistoryWriter(app.Services, clock, place.SiteKey, sender, request.Emulator))
        {
            await writer.StartAsync(ct);
            await writer.WriteAsync(plan, done => progress(done * OfWriting), ct);
        }
        await rows.AgeAsync(started, ct);
        var leads = await rows.LeadsAsync(plan.Deals, sender.Id, ct);
        var deals = plan.Deals.Where(d => d.IsByHand || leads.ContainsKey(d)).ToList();
        await rows.DeliverAsync(connection, leads, ct);
        await crm.RememberAsync(Past(plan, deals, leads), ct);
        await rows.ReadAgainAsync(connection, app.Services.GetRequiredService<IOptions<ImportOptions>>(), app.Services.GetRequiredService<HookSecrets>(), ct);
        await rows.SpendAsync(plan, today, ct);
        progress(0.9);

        var late = LateChanges.Of(deals);
        await KeepAsync(request.PastFile, Past(plan, [.. deals.Where(d => !late.Gone.Contains(d))], leads), CancellationToken.None);
        var isRead = await IsReadAsync(rows, connection, ct);
        // People go on working: what was read is deleted, merged, taken up again, priced anew.
        foreach (var act in late.Acts) await crm.ActAsync(act, ct);
        progress(1);
        return new HistoryOutcome.Written(plan.Visits.Count, plan.Steps.OfType<PlannedForm>().Count(), plan.Steps.OfType<PlannedCall>().Count(), deals.Count, isRead);
    }

    private static JsonObject Past(PlannedHistory plan, List<PlannedDeal> deals, Dictionary<PlannedDeal, Guid> leads)
    {
        var kept = deals.ToHashSet();
        return HistoryCards.Past([.. deals.Select(d => (d, leads.TryGetValue(d, out var lead) ? lead : (Guid?)null))], [.. plan.Tasks.Where(t => kept.Contains(t.Deal))]);
    }

    /// <returns>False: no service runs that would read it, or it takes its time.</returns>
    private async Task<bool> IsReadAsync(HistoryRows rows, Guid connection, CancellationToken ct)
    {
        var since = today.GetTimestamp();
        while (true)
        {
            var isRead = await rows.IsReadAsync(connection, ct);
            if (isRead is true) return true;
            if (today.GetElapsedTime(since) > (isRead is null ? UntilBegun : UntilRead)) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
        }
    }

    private static async Task KeepAsync(string? file, JsonObject past, CancellationToken ct)
    {
        if (file is null) return;
        await File.WriteAllTextAsync(file + ".new", past.ToJsonString(Readable), ct);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
