using System.Net;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Calls;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Calls.Providers;
using LeadIngest.Api.Visits;

namespace LeadIngest.Api.Demo.History;

/// <summary>
/// Sends a history the way that life takes: beacons through the visits' writer, forms through the intake and its writer, calls through the generic provider, the
/// calls' store and their folding. Which passport, client and status each gets is found out there.
/// </summary>
internal sealed class HistoryWriter(IServiceProvider services, HistoryClock clock, string siteKey, Sender sender, Uri emulator) : IAsyncDisposable
{
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
    private const string Crawler = "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)";
    private const int VisitsAtOnce = 1_000;

    // The service that runs beside this one must not fold a call of the past with today's clock.
    private static readonly TimeSpan KeptFromOthers = TimeSpan.FromHours(1);

    private readonly Writer _leads = services.GetRequiredService<Writer>();
    private readonly VisitWriter _visits = services.GetRequiredService<VisitWriter>();
    private readonly Intake _intake = services.GetRequiredService<Intake>();
    private readonly CallIntake _calls = services.GetRequiredService<CallIntake>();
    private readonly CallStore _store = services.GetRequiredService<CallStore>();
    private readonly CallFold _fold = services.GetRequiredService<CallFold>();
    private readonly SiteDirectory _sites = services.GetRequiredService<SiteDirectory>();
    private readonly Database _db = services.GetRequiredService<Database>();
    private readonly GenericCalls _provider = new();

    public async Task StartAsync(CancellationToken ct)
    {
        await _leads.StartAsync(ct);
        await _visits.StartAsync(ct);
    }

    /// <summary>In the order of time: a visit is there before the form that names it.</summary>
    public async Task WriteAsync(PlannedHistory history, Action<double> progress, CancellationToken ct)
    {
        var (visit, step) = (0, 0);
        while (visit < history.Visits.Count || step < history.Steps.Count)
        {
            ct.ThrowIfCancellationRequested();
            var visits = history.Visits.Skip(visit).Take(VisitsAtOnce).ToList();
            visit += visits.Count;
            await VisitsAsync(visits, ct);
            var until = visit < history.Visits.Count ? history.Visits[visit].At : DateTimeOffset.MaxValue;
            var forms = new List<PlannedForm>();
            for (; step < history.Steps.Count && history.Steps[step].At < until; step++)
            {
                if (history.Steps[step] is PlannedForm form && (forms.Count == 0 || WorkingTime.Day(forms[0].At) == WorkingTime.Day(form.At)))
                {
                    forms.Add(form);
                    continue;
                }
                await FormsAsync(forms, ct);
                forms = [];
                if (history.Steps[step] is PlannedForm first) forms.Add(first);
                else await CallAsync((PlannedCall)history.Steps[step], ct);
            }
            await FormsAsync(forms, ct);
            progress((double)visit / history.Visits.Count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leads.StopAsync(CancellationToken.None);
        await _visits.StopAsync(CancellationToken.None);
    }

    private async Task VisitsAsync(List<PlannedVisit> visits, CancellationToken ct)
    {
        if (visits.Count == 0) return;
        clock.Set(visits[^1].At);
        var site = await SiteAsync(ct);
        var written = visits.Select(v => _visits.WriteAsync(new VisitItem(VisitReading.Facts(new PostedVisit
        {
            Event = "start",
            VisitorId = v.VisitorId,
            VisitId = v.Id,
            Page = v.Page,
            Referrer = v.Referrer,
            LandingPage = v.Page,
            LandingReferrer = v.Referrer,
            StartedAt = v.At,
            Seconds = v.Seconds,
            Pages = v.Pages,
            PageViews = v.Pages.Count,
        }, site, Origin(v), v.At.AddSeconds(v.Seconds).ToUniversalTime(), v.IsBot)), ct)).ToList();
        foreach (var result in await Task.WhenAll(written))
            if (result is not VisitResult.Stored) throw new HistoryFailure($"A visit could not be stored: {result?.GetType().Name ?? "busy"}.");
    }

    private async Task FormsAsync(List<PlannedForm> forms, CancellationToken ct)
    {
        if (forms.Count == 0) return;
        clock.Set(forms[^1].At);
        var site = await SiteAsync(ct);
        var items = new List<LeadItem>(forms.Count);
        foreach (var form in forms)
            items.Add(await _intake.ItemAsync(new PostedLead
            {
                Name = form.Person.Name,
                Phone = form.Person.Phone,
                Email = form.Person.Email,
                Page = form.Visit.Page,
                Referrer = form.Visit.Referrer,
                FormId = form.Form,
                VisitorId = form.Visit.VisitorId.ToString(),
                VisitId = form.Visit.Id.ToString(),
                OccurredAt = form.At,
                LooksLikeSpam = form.Kind == "spam",
                IsTest = form.Kind == "test",
            }, site, Origin(form.Visit), form.At.ToUniversalTime(), new KnownOfLead { LeadId = form.Id }, ct));
        // Handed over in their order; they meet in one batch.
        foreach (var result in await Task.WhenAll(items.ConvertAll(i => _leads.WriteAsync(i, ct))))
            if (result is not IngestResult.Stored) throw new HistoryFailure($"A lead could not be stored: {result?.GetType().Name ?? "busy"}.");
    }

    private async Task CallAsync(PlannedCall call, CancellationToken ct)
    {
        clock.Set(call.At);
        var started = call.At.AddSeconds(-call.Wait - call.Talk);
        var request = new CallRequest
        {
            Sender = sender,
            Method = "POST",
            Address = "https://demo-print.example/calls",
            ContentType = "application/json",
            Headers = new Dictionary<string, string>(),
            ReceivedAt = call.At.ToUniversalTime(),
            Body = JsonSerializer.SerializeToUtf8Bytes(new
            {
                id = call.Id,
                @event = "ended",
                direction = call.IsIncoming ? "in" : "out",
                from = call.IsIncoming ? call.Person.Phone : call.Line,
                to = call.IsIncoming ? call.Line : call.Person.Phone,
                startedAt = started,
                answeredAt = call.Talk > 0 ? started.AddSeconds(call.Wait) : (DateTimeOffset?)null,
                endedAt = call.At,
                waitSeconds = call.Wait,
                talkSeconds = call.Talk,
                outcome = call.Talk > 0 ? "answered" : "missed",
                employee = call.By?.Name,
                recordingUrl = call.Talk > 0 ? new Uri(emulator, $"_pbx/records/{call.Id}.wav").AbsoluteUri : null,
                visitId = call.Visit?.Id,
            }),
        };
        if (_calls.Read(_provider, request) is not CallReading.Events events) throw new HistoryFailure("A call could not be read.");
        if (await _store.StoreAsync(request, events, foldAt: TimeProvider.System.GetUtcNow() + KeptFromOthers) is not CallStored.Stored and var stored) throw new HistoryFailure($"A call could not be stored: {stored}.");
        await using var connection = await _db.Delivery.OpenConnectionAsync(ct);
        var id = await connection.ExecuteScalarAsync<Guid>(new CommandDefinition("select id from calls where project_id = @ProjectId and sender_id = @Id and external_id = @Call",
            new { sender.ProjectId, sender.Id, Call = call.Id }, cancellationToken: ct));
        if (await _fold.FoldAsync(new CallKey(sender.ProjectId, id), ct) is not ("lead" or "kept" or "updated") and var folded) throw new HistoryFailure($"A call could not be folded: {folded}.");
    }

    private async Task<SiteEntry> SiteAsync(CancellationToken ct) => await _sites.FindAsync(siteKey, ct) ?? throw new HistoryFailure("The demo's site is gone.");

    /// <summary>Addresses for documentation (RFC 5737), one a visitor.</summary>
    private static PostOrigin Origin(PlannedVisit visit) => new(new IPAddress([198, 51, 100, (byte)(1 + (visit.VisitorId.ToByteArray()[15] % 250))]), visit.IsBot ? Crawler : Agent);
}
