using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Numbers;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Visits;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Calls;

/// <summary>
/// Folds one call: reads all its events, finds where it came from, makes its lead and brings row, lead and deliveries to what the events say. Everything
/// may be done again, by anybody, at any moment: the lead's id is reserved on the call, and what was read before a newer event came is not written.
/// </summary>
internal sealed partial class CallFold(Database db, SiteDirectory sites, VisitDirectory visits, NumberBook numbers, Intake intake, Writer writer, CallRow rows, TimeProvider clock,
    IOptions<CallsOptions> options, ILogger<CallFold> log)
{
    private const int MostEvents = 5_000;
    private static readonly byte[] SameAlways = new byte[32];
    private readonly CallsOptions _options = options.Value;

    /// <returns>What was done, as the metric names it.</returns>
    public async Task<string> FoldAsync(CallKey key, CancellationToken ct)
    {
        if (await ReadAsync(key, ct) is not { } call) return "kept";
        if (await sites.FindAsync(call.SiteKey, ct) is not { } site) return "kept";
        var facts = CallRules.Fold(call.Events.Select(e => e.Event), site.DefaultCountry);
        var heard = CallHeard.Of(call.Events);
        var now = clock.GetUtcNow();

        var line = facts.LinePhone is ['+', ..] ? await numbers.FindAsync(key.ProjectId, facts.LinePhone, CallTiming.DialledAt(facts, heard), ct) : DialledNumberMatch.Nothing;
        if (line.SiteId is { } other && other != site.SiteId && await SiteAsync(key.ProjectId, other, ct) is { } own) site = own;
        var visit = facts.VisitId is null ? null : await visits.FindAsync(key.ProjectId, facts.VisitId, ct);
        var origin = CallPassport.Decide(new CallPassportInput
        {
            Facts = facts,
            Provider = call.Provider,
            Line = new(line.Match, line.VisitId, line.Passport, line.RestedFor),
            SessionVisitId = visit?.Id,
            SessionVisit = visit?.Passport,
            OwnHosts = site.OwnHosts,
        }, SourceCatalog.Default, site.Sources);

        var isLead = facts.Direction is CallDirection.In or CallDirection.Unknown;
        var wait = isLead && !call.LeadExists ? CallTiming.WaitUntil(facts, heard, _options, now) : null;
        // The visit's own message may be on its way still.
        var again = wait ?? (facts.VisitId is not null && visit is null && now < heard.First + _options.PhoneGrace ? heard.First + _options.PhoneGrace : null);
        var folded = new FoldedCall(key, call.Revision, facts, heard, site.SiteId, origin, line.NumberId, isLead ? call.LeadId : null, again);
        if (!isLead || wait is not null)
            // A call that turned out to be no enquiry after its lead was made keeps it: what people saw is not taken back.
            return await rows.WriteAsync(call.LeadExists ? folded with { LeadId = call.LeadId } : folded, null, ct) ? wait is null ? "kept" : "waiting" : "stale";

        if (call.LeadId is null && !await rows.ReserveAsync(key, call.Revision, ct)) return "stale";
        var leadId = call.LeadId ?? await rows.LeadIdAsync(key, ct);
        var item = await ItemAsync(folded, call, site, visit, leadId, ct);
        var made = false;
        if (!call.LeadExists)
            switch (await writer.WriteAsync(item, ct))
            {
                case IngestResult.Stored or IngestResult.Seen or IngestResult.KeyReused:
                    made = true;
                    break;
                case IngestResult.Poisoned poisoned:
                    LogPoisoned(key.Id, poisoned.SqlState);
                    return await rows.WriteAsync(folded with { Facts = facts with { Warnings = [.. facts.Warnings, "lead_not_storable"] } }, null, ct) ? "failed" : "stale";
                default:
                    await rows.ComeAgainAsync(key, now + TimeSpan.FromSeconds(2), ct);
                    return "come_again";
            }
        var due = new CallDue(CallTiming.DueAt(facts, heard, call.DeliverAt, _options), CallTiming.EntryDueAt(facts, heard, _options), now);
        return await rows.WriteAsync(folded with { LeadId = leadId }, new(item, due), ct) ? made ? "lead" : "updated" : "stale";
    }

    private async Task<LeadItem> ItemAsync(FoldedCall folded, ReadCall call, SiteEntry site, KnownVisit? visit, Guid leadId, CancellationToken ct)
    {
        var facts = folded.Facts;
        var posted = new PostedLead
        {
            Kind = "call",
            Name = CallWords.Name(facts),
            Phone = facts.ClientPhone,
            Comment = CallWords.Comment(facts),
            FormId = CallWords.Form,
            OccurredAt = facts.StartedAt,
            VisitorId = facts.VisitorId ?? visit?.VisitorId.ToString(),
            VisitId = folded.Origin.VisitId?.ToString() ?? facts.VisitId,
            // An extension or a SIP login is no phone, but it may be all that is known of the caller.
            Fields = facts.ClientPhone is null && facts.ClientPhoneTyped is { } typed ? [.. facts.Fields, new("Номер звонящего", typed)] : facts.Fields,
        };
        var known = new KnownOfLead
        {
            LeadId = leadId,
            CallId = folded.Key.Id,
            Passport = folded.Origin.Passport,
            Warnings = facts.Warnings,
            DeliverAfter = CallTiming.DueAt(facts, folded.Heard, call.DeliverAt, _options),
            Idempotency = new IdempotencyClaim("calls", folded.Key.Id.ToString(), SameAlways),
        };
        // It was judged when it was made.
        return call.LeadExists ? LeadNormalising.Item(posted, site, default, folded.Heard.First, known) : await intake.ItemAsync(posted, site, default, folded.Heard.First, known, ct);
    }

    private async Task<SiteEntry?> SiteAsync(Guid projectId, Guid siteId, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        var key = await connection.ExecuteScalarAsync<string?>(new CommandDefinition("select site_key from sites where project_id = @P and id = @Id",
            new { P = projectId, Id = siteId }, cancellationToken: ct));
        return key is null ? null : await sites.FindAsync(key, ct);
    }

    private async Task<ReadCall?> ReadAsync(CallKey key, CancellationToken ct)
    {
        await using var connection = await db.Delivery.OpenConnectionAsync(ct);
        // The row first: an event that comes between the two makes its revision stale.
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Call, key, cancellationToken: ct));
        if (row is null) return null;
        var events = await connection.QueryAsync<(string Event, DateTimeOffset ReceivedAt)>(new CommandDefinition(Events,
            new { key.ProjectId, key.Id, MostEvents }, cancellationToken: ct));
        var read = events.Select(e => new StoredEvent(CallEventJson.Read(e.Event), e.ReceivedAt)).ToList();
        return read.Count == 0 ? null
            : new(row.Provider, row.Revision, row.SiteKey, row.LeadId, row.LeadExists, SenderSettings.Parse(row.Settings).DeliverAt, read);
    }

    private sealed record ReadCall(string Provider, int Revision, string SiteKey, Guid? LeadId, bool LeadExists, string DeliverAt, IReadOnlyList<StoredEvent> Events);

    private sealed class Row
    {
        public string Provider { get; init; } = "";
        public int Revision { get; init; }
        public string SiteKey { get; init; } = "";
        public Guid? LeadId { get; init; }
        public bool LeadExists { get; init; }
        public string Settings { get; init; } = "{}";
    }

    private const string Call = """
        select c.provider, c.revision, i.site_key, c.lead_id, s.settings::text as settings,
            exists (select 1 from leads l where l.project_id = c.project_id and l.id = c.lead_id) as lead_exists
        from calls c
        join senders s on s.project_id = c.project_id and s.id = c.sender_id
        join sites i on i.project_id = s.project_id and i.id = s.site_id
        where c.project_id = @ProjectId and c.id = @Id
        """;

    private const string Events = """
        select event::text, received_at from call_events where project_id = @ProjectId and call_id = @Id order by received_at limit @MostEvents
        """;

    [LoggerMessage(1, LogLevel.Error, "the lead of call {Call} could not be stored: SQLSTATE {SqlState}")]
    private partial void LogPoisoned(Guid call, string sqlState);
}

/// <summary>A call as it is to be written.</summary>
/// <param name="Revision">The state of its events that was read.</param>
/// <param name="LeadId">Null: it makes no lead.</param>
/// <param name="Again">When to fold it again without a new event; null: not.</param>
internal sealed record FoldedCall(CallKey Key, int Revision, CallFacts Facts, CallHeard Heard, Guid SiteId, CallPassport Origin, Guid? NumberId, Guid? LeadId, DateTimeOffset? Again)
{
    public string FactsJson => JsonSerializer.Serialize(new
    {
        Facts.IsHidden,
        Facts.ClientName,
        Facts.Page,
        Facts.Referrer,
        Facts.VisitId,
        Facts.VisitorId,
        Tags = Facts.Tags.Select(t => new[] { t.Key, t.Value }),
        Fields = Facts.Fields.Select(f => new[] { f.Key, f.Value }),
        Facts.Warnings,
    }, Web);

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <param name="Deal">When the lead's first delivery may go.</param>
/// <param name="Entry">When the call's own entry may.</param>
/// <param name="Now">The moment of folding.</param>
internal sealed record CallDue(DateTimeOffset Deal, DateTimeOffset Entry, DateTimeOffset Now);

/// <param name="Item">The lead's values by now.</param>
/// <param name="Due">When its deliveries may go.</param>
internal sealed record CallLead(LeadItem Item, CallDue Due);
