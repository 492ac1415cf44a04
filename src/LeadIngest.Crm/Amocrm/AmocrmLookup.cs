using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Finds what an attempt of unknown outcome left in the account. The search is full-text, so every hit is checked by our own id.</summary>
internal sealed class AmocrmLookup(AmocrmClient client, ConnectionSettings settings, TimeProvider clock)
{
    /// <summary>From so many deals on, reading the newest deals of the account is cheaper than a search for each.</summary>
    private const int FewSearches = 3;

    private const string CallNotes = "filter[note_type][]=call_in&filter[note_type][]=call_out";
    private const int PageSize = 100;
    private const int MostPages = 10;
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        var deals = batch.Where(l => l.Kind == OutgoingKind.Deal && !l.Steps.ContainsKey(Step.Deal)).ToArray();
        var newest = deals.Length > FewSearches ? await NewestAsync(deals.Min(l => l.ReceivedAt) - ClockSlack, guard, ct).ConfigureAwait(false) : [];
        var incoming = deals.Any(l => AmocrmCalls.IsIncoming(l, settings)) ? await NewestIncomingAsync(guard, ct).ConfigureAwait(false) : [];
        var found = new List<LookupOutcome>(batch.Count);
        foreach (var lead in batch)
        {
            found.Add(lead.Kind switch
            {
                OutgoingKind.Call => Known(lead, lead.DealId),
                OutgoingKind.Note when lead.Steps.ContainsKey(Step.Note) => Known(lead, lead.DealId),
                OutgoingKind.Note => await FindNoteAsync(lead, Step.Note, LeadCard.ExternalId(lead.LeadId), guard, ct).ConfigureAwait(false),
                _ when lead.Steps.TryGetValue(Step.Deal, out var deal) => Known(lead, deal),
                _ => FoundIncoming(incoming, lead) ?? FoundAmong(newest, lead) ?? await FindDealAsync(lead, guard, ct).ConfigureAwait(false),
            });
        }

        await FindEntriesAsync(batch, found, guard, ct).ConfigureAwait(false);
        await FindTasksAsync(batch, found, guard, ct).ConfigureAwait(false);
        return found;
    }

    private static LookupOutcome Known(OutgoingLead lead, string? deal) =>
        deal is null ? new LookupOutcome.Absent() : new LookupOutcome.Found { Steps = new Dictionary<string, string>(lead.Steps) { [Step.Deal] = deal } };

    /// <summary>Where a card was found and its call should have an entry, the entry has to be there too: else only the card is done.</summary>
    private async Task FindEntriesAsync(IReadOnlyList<OutgoingLead> batch, List<LookupOutcome> found, ICallGuard guard, CancellationToken ct)
    {
        var wanted = Enumerable.Range(0, batch.Count)
            .Where(i => found[i] is LookupOutcome.Found && CallCard.LacksEntry(batch[i]) && !found[i].Steps.ContainsKey(Step.Call)).ToArray();
        var newest = wanted.Length > FewSearches ? await NewestCallsAsync(guard, ct).ConfigureAwait(false) : [];
        foreach (var i in wanted)
        {
            var (lead, card) = (batch[i] with { DealId = found[i].Steps[Step.Deal] }, found[i]);
            // An incoming lead of a new contact was made with its call in it, in one.
            var entry = AmocrmCalls.IsIncoming(lead, settings) && lead.ContactId is null
                ? new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Call] = lead.DealId } }
                : lead.CallEntryId is not null ? await FindNoteAsync(lead, Step.Call, CallCard.RecordingMark(lead.Call!), guard, ct).ConfigureAwait(false)
                : FoundCall(newest, lead) ?? await FindCallAsync(lead, guard, ct).ConfigureAwait(false);
            var steps = card.Steps.Concat(entry.Steps.Where(s => s.Key == Step.Call)).ToDictionary();
            found[i] = entry is LookupOutcome.Found ? card with { Steps = steps } : entry with { Steps = card.Steps, Warnings = card.Warnings };
        }
    }

    /// <summary>Where a card was found that should have a task, the task has to be there too: else only the card is done. One request for all; this filter is no paid one.</summary>
    private async Task FindTasksAsync(IReadOnlyList<OutgoingLead> batch, List<LookupOutcome> found, ICallGuard guard, CancellationToken ct)
    {
        var wanted = Enumerable.Range(0, batch.Count)
            .Where(i => found[i] is LookupOutcome.Found && !batch[i].Steps.ContainsKey(Step.Task))
            .Select(i => (Index: i, Text: RoutingRules.Decide(batch[i], settings, clock.GetUtcNow()).Task?.Text, Deal: found[i].Steps[Step.Deal])).Where(w => w.Text is not null).ToArray();
        if (wanted.Length == 0)
        {
            return;
        }

        var ids = string.Concat(wanted.Select(w => w.Deal).Distinct().Select(d => $"&filter[entity_id][]={d}"));
        var end = await client.GetAsync($"tasks?filter[entity_type]=leads{ids}&order[id]=desc&limit=250", guard, ct).ConfigureAwait(false);
        var tasks = end is CallEnd.Ok answer ? answer.Body.Get("_embedded").Get("tasks").Items().ToArray() : [];
        foreach (var (i, text, deal) in wanted)
        {
            var (card, hit) = (found[i], tasks.FirstOrDefault(t => t.Get("entity_id").Text() == deal && t.Get("text").Text() == text));
            found[i] = end is not CallEnd.Ok ? end.ToLookup() with { Steps = card.Steps, Warnings = card.Warnings }
                : hit.ValueKind == JsonValueKind.Object && hit.Get("id").TryId(out var id) ? card with { Steps = new Dictionary<string, string>(card.Steps) { [Step.Task] = id } }
                : new LookupOutcome.Absent { Steps = card.Steps, Warnings = card.Warnings };
        }
    }

    /// <summary>The latest calls of all cards: one request for a batch of them. What is missing here is looked for in its own card.</summary>
    private async Task<IReadOnlyList<JsonElement>> NewestCallsAsync(ICallGuard guard, CancellationToken ct) =>
        await client.GetAsync($"leads/notes?{CallNotes}&order[id]=desc&limit=250", guard, ct).ConfigureAwait(false) is CallEnd.Ok answer
            ? [.. answer.Body.Get("_embedded").Get("notes").Items()]
            : [];

    private static LookupOutcome.Found? FoundCall(IEnumerable<JsonElement> notes, OutgoingLead lead) => notes
        .Where(n => string.Equals(n.Get("params").Get("uniq").Text(), LeadCard.ExternalId(lead.Call!.CallId), StringComparison.OrdinalIgnoreCase) && n.Get("entity_id").Text() == (lead.EntryContactId ?? lead.DealId))
        .Select(Id).Where(id => id is not null).Order().Select(id => new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Call] = Text(id) } }).FirstOrDefault();

    /// <summary>The card that has the lead's notes.</summary>
    private static string Card(OutgoingLead lead) => lead.EntryContactId is { } contact ? $"contacts/{contact}" : $"leads/{lead.DealId}";

    private async Task<LookupOutcome> FindCallAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        var end = await client.GetAsync($"{Card(lead)}/notes?{CallNotes}&order[id]=desc&limit=250", guard, ct).ConfigureAwait(false);
        return end is CallEnd.Ok answer
            ? FoundCall(answer.Body.Get("_embedded").Get("notes").Items(), lead) as LookupOutcome ?? new LookupOutcome.Absent()
            : end.Status == 404 ? new LookupOutcome.Absent() : end.ToLookup();
    }

    /// <summary>Incoming leads that nobody has accepted yet; accepted ones are among the deals.</summary>
    private async Task<IReadOnlyList<JsonElement>> NewestIncomingAsync(ICallGuard guard, CancellationToken ct) =>
        await client.GetAsync("leads/unsorted?filter[category][]=sip&order[created_at]=desc&limit=250", guard, ct).ConfigureAwait(false) is CallEnd.Ok answer
            ? [.. answer.Body.Get("_embedded").Get("unsorted").Items()]
            : [];

    private static LookupOutcome.Found? FoundIncoming(IEnumerable<JsonElement> incoming, OutgoingLead lead)
    {
        if (lead.Call is not { } call)
        {
            return null;
        }

        var ours = LeadCard.ExternalId(call.CallId);
        var hit = incoming.FirstOrDefault(r => string.Equals(r.Get("metadata").Get("uniq").Text(), ours, StringComparison.OrdinalIgnoreCase));
        if (hit.ValueKind != JsonValueKind.Object || !hit.Get("_embedded").Get("leads").Items().Select(l => l.Get("id")).FirstOrDefault().TryId(out var deal))
        {
            return null;
        }

        var steps = new Dictionary<string, string> { [Step.Deal] = deal };
        if ((hit.Get("_embedded").Get("contacts").Items().Select(c => c.Get("id")).FirstOrDefault().TryId(out var id) ? id : lead.ContactId) is { } contact)
        {
            steps[Step.Contact] = contact;
        }

        return new LookupOutcome.Found { Steps = steps };
    }

    /// <summary>
    /// The deals made since then, newest first, a hundred a call: a whole batch in doubt costs one call or two instead of one for each of its leads. What
    /// is missing here is searched for all the same, so a list that could not be read to its end does no harm.
    /// </summary>
    private async Task<IReadOnlyList<JsonElement>> NewestAsync(DateTimeOffset since, ICallGuard guard, CancellationToken ct)
    {
        var deals = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var end = await client.GetAsync($"leads?order[id]=desc&with=contacts&limit={PageSize}&page={page}", guard, ct).ConfigureAwait(false);
            if (end is not CallEnd.Ok answer)
            {
                break;
            }

            var rows = answer.Body.Get("_embedded").Get("leads").Items().ToArray();
            deals.AddRange(rows);
            if (rows.Length < PageSize || rows[^1].Get("created_at").Text() is not { } text
                || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var created) || created < since.ToUnixTimeSeconds())
            {
                break;
            }
        }

        return deals;
    }

    private static LookupOutcome.Found? FoundAmong(IEnumerable<JsonElement> deals, OutgoingLead lead)
    {
        var hits = deals.Where(d => IsOurs(d, lead.LeadId)).Select(d => (Id: Id(d), Deal: d)).Where(d => d.Id is not null).DistinctBy(d => d.Id).OrderBy(d => d.Id).ToArray();
        if (hits.Length == 0)
        {
            return null;
        }

        var steps = new Dictionary<string, string> { [Step.Deal] = Text(hits[0].Id) };
        var contacts = hits[0].Deal.Get("_embedded").Get("contacts").Items().ToArray();
        var main = contacts.Where(c => c.Get("is_main").Text() is "true").Concat(contacts).FirstOrDefault();
        if (main.Get("id").TryId(out var contact))
        {
            steps[Step.Contact] = contact;
        }

        return new LookupOutcome.Found
        {
            Steps = steps,
            Warnings = hits.Length == 1
                ? []
                : [$"The CRM holds {hits.Length} deals of this lead ({string.Join(", ", hits.Select(h => Text(h.Id)))}): the first was taken, the others should be removed by hand."],
        };
    }

    private async Task<LookupOutcome> FindDealAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        var end = await client.GetAsync(SearchPath(lead.LeadId), guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToLookup();
        }

        return FoundAmong(answer.Body.Get("_embedded").Get("leads").Items(), lead) as LookupOutcome ?? new LookupOutcome.Absent();
    }

    /// <summary>The note that carries <paramref name="ours"/> in its text; found, it is the <paramref name="step"/>.</summary>
    private async Task<LookupOutcome> FindNoteAsync(OutgoingLead lead, string step, string ours, ICallGuard guard, CancellationToken ct)
    {
        for (var page = 1; page <= 20; page++)
        {
            var end = await client.GetAsync($"{Card(lead)}/notes?limit=250&page={page}", guard, ct).ConfigureAwait(false);
            if (end is not CallEnd.Ok answer)
            {
                // The deal itself is gone: so is the note, if it ever was there.
                return end.Status == 404 ? new LookupOutcome.Absent() : end.ToLookup();
            }

            var hit = answer.Body.Get("_embedded").Get("notes").Items()
                .Where(n => n.Get("params").Get("text").Text()?.Contains(ours, StringComparison.OrdinalIgnoreCase) == true)
                .Select(Id).Where(id => id is not null).Order().FirstOrDefault();
            if (hit is not null)
            {
                return new LookupOutcome.Found { Steps = new Dictionary<string, string> { [step] = Text(hit), [Step.Deal] = lead.DealId! } };
            }

            if (answer.Body.Get("_links").Get("next").Get("href").Text() is null)
            {
                break;
            }
        }

        return new LookupOutcome.Absent();
    }

    /// <summary>A search for the deal that carries our id of this lead; what it finds has to be checked by <see cref="IsOurs"/>.</summary>
    public static string SearchPath(Guid leadId) => $"leads?query={LeadCard.ExternalId(leadId)}&with=contacts&limit=50";

    public static bool IsOurs(JsonElement deal, Guid leadId) =>
        deal.Get("custom_fields_values").Items()
            .Where(f => f.Get("field_code").Text() == AmocrmFields.LeadId)
            .SelectMany(f => f.Get("values").Items())
            .Any(v => string.Equals(v.Get("value").Text(), LeadCard.ExternalId(leadId), StringComparison.OrdinalIgnoreCase))
        || deal.Get("_embedded").Get("tags").Items()
            .Any(t => string.Equals(t.Get("name").Text(), AmocrmLeads.IdTag(leadId), StringComparison.OrdinalIgnoreCase));

    private static long? Id(JsonElement element) =>
        element.Get("id").TryId(out var id) ? long.Parse(id, CultureInfo.InvariantCulture) : null;

    private static string Text(long? id) => id!.Value.ToString(CultureInfo.InvariantCulture);
}
