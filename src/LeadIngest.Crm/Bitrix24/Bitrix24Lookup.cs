using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Finds what an attempt of unknown outcome left in the portal, by originId. The portal leaves out what the webhook's user may not read,
/// so the user needs the right to read all.
/// </summary>
internal sealed class Bitrix24Lookup(Bitrix24Client client, ConnectionSettings settings)
{
    private const int PageSize = 50;
    private const int MaxPages = 20;

    public async Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        var found = new List<LookupOutcome>(batch.Count);
        foreach (var part in batch.Chunk(Bitrix24Client.MaxCommands / (batch.Any(CallCard.LacksEntry) ? 4 : 2)))
        {
            var commands = new Dictionary<string, Bitrix24Command>();
            foreach (var (index, lead) in part.Index())
            {
                if (KnownCard(lead) is null)
                {
                    if (lead.Kind == OutgoingKind.Note)
                    {
                        commands[$"n{index}"] = Bitrix24Cards.FindNotes(lead, settings, start: 0);
                    }
                    else
                    {
                        commands[$"c{index}"] = Bitrix24Cards.FindContact(lead);
                        commands[$"d{index}"] = Bitrix24Cards.FindCard(lead.LeadId, settings);
                    }
                }

                if (!CallCard.LacksEntry(lead))
                {
                    continue;
                }

                if (lead.CallEntryId is { } entry && !Bitrix24Calls.IsTelephony(entry))
                {
                    commands[$"r{index}"] = Bitrix24Cards.FindNotes(lead, settings, start: 0);
                }
                else
                {
                    commands[$"a{index}"] = Bitrix24CallCards.FindActivity(lead);
                    if (lead.Steps.TryGetValue(Step.Registered, out var registered))
                    {
                        commands[$"s{index}"] = Bitrix24CallCards.FindCall(registered);
                    }
                }
            }

            // All may be known but a recording, which is attached again without harm: nothing to ask then.
            var answers = commands.Count > 0
                ? await client.BatchAsync(commands, halt: false, isRead: true, guard, ct).ConfigureAwait(false)
                : new Bitrix24Answers(new CallEnd.Ok(null), text => text, default);
            foreach (var (index, lead) in part.Index())
            {
                var card = KnownCard(lead) is { } known ? new LookupOutcome.Found { Steps = known }
                    : lead.Kind == OutgoingKind.Note
                        ? await NoteAsync(lead, Step.Note, LeadCard.ExternalId(lead.LeadId), answers.Of($"n{index}"), guard, ct).ConfigureAwait(false)
                        : Deal(lead, answers.Of($"c{index}"), answers.Of($"d{index}"));
                found.Add(card is not LookupOutcome.Found ? card
                    : CallCard.LacksEntry(lead) ? WithEntry(card, await EntryAsync(lead, index, answers, guard, ct).ConfigureAwait(false))
                    : Bitrix24Calls.LacksRecord(lead, lead.Steps) ? new LookupOutcome.Absent { Steps = card.Steps }
                    : card);
            }
        }

        return found;
    }

    /// <summary>What an earlier attempt is known to have made: the card itself is not in doubt then.</summary>
    private static IReadOnlyDictionary<string, string>? KnownCard(OutgoingLead lead) => lead.Kind switch
    {
        OutgoingKind.Call => lead.DealId is { } deal ? new Dictionary<string, string>(lead.Steps) { [Step.Deal] = deal } : null,
        OutgoingKind.Note => lead.Steps.ContainsKey(Step.Note) ? lead.Steps : null,
        _ => lead.Steps.ContainsKey(Step.Deal) ? lead.Steps : null,
    };

    /// <summary>A card whose call should have an entry is only found with it; the card's own ids are kept in any case.</summary>
    private static LookupOutcome WithEntry(LookupOutcome card, LookupOutcome entry)
    {
        var steps = new Dictionary<string, string>(card.Steps);
        foreach (var (step, id) in entry.Steps)
        {
            steps[step] = id;
        }

        return entry with { Steps = steps, Warnings = card.Warnings };
    }

    private async Task<LookupOutcome> EntryAsync(OutgoingLead lead, int index, Bitrix24Answers answers, ICallGuard guard, CancellationToken ct)
    {
        if (lead.CallEntryId is { } known)
        {
            return Bitrix24Calls.IsTelephony(known)
                ? new LookupOutcome.Absent()
                : await NoteAsync(lead, Step.Call, CallCard.RecordingMark(lead.Call!), answers.Of($"r{index}"), guard, ct).ConfigureAwait(false);
        }

        // Who may not read calls may not enter them either: the next sending finds that out, and leaves the lead in peace.
        var isAnswered = answers.Whole is CallEnd.Ok;
        if (lead.Steps.TryGetValue(Step.Registered, out var registered))
        {
            var history = answers.Of($"s{index}");
            if (history is not CallEnd.Ok && !Bitrix24Item.IsRefusal(history, isAnswered))
            {
                return history.ToLookup();
            }

            var row = (history as CallEnd.Ok)?.Body.Items().FirstOrDefault(r => r.Get("CALL_ID").Text() == registered);
            if (row is { ValueKind: JsonValueKind.Object } call)
            {
                var steps = new Dictionary<string, string> { [Step.Call] = registered };
                if ((call.Get("CALL_RECORD_URL") ?? call.Get("RECORD_FILE_ID")).Text() is not null)
                {
                    steps[Step.Record] = registered;
                }

                return lead.Call!.RecordingUrl is null || steps.ContainsKey(Step.Record)
                    ? new LookupOutcome.Found { Steps = steps }
                    : new LookupOutcome.Absent { Steps = steps };
            }
        }

        var activities = answers.Of($"a{index}");
        if (activities is not CallEnd.Ok rows)
        {
            return Bitrix24Item.IsRefusal(activities, isAnswered) ? new LookupOutcome.Absent() : activities.ToLookup();
        }

        var ids = rows.Body.Items().Where(r => string.Equals(r.Get("ORIGIN_ID").Text(), LeadCard.ExternalId(lead.Call!.CallId), StringComparison.OrdinalIgnoreCase))
            .Select(r => r.Get("ID").TryId(out var id) ? id : null).OfType<string>().ToArray();
        return ids.Length == 0 ? new LookupOutcome.Absent() : new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Call] = ids[0] } };
    }

    private static LookupOutcome Deal(OutgoingLead lead, CallEnd contacts, CallEnd deals)
    {
        if (deals is not CallEnd.Ok dealRows)
        {
            return deals.ToLookup();
        }

        if (contacts is not CallEnd.Ok contactRows)
        {
            return contacts.ToLookup();
        }

        var (steps, warnings) = (new Dictionary<string, string>(), new List<string>());
        Adopt(Step.Contact, contactRows, lead.ClientId);
        Adopt(Step.Deal, dealRows, lead.LeadId);
        return steps.ContainsKey(Step.Deal)
            ? new LookupOutcome.Found { Steps = steps, Warnings = warnings }
            : new LookupOutcome.Absent { Steps = steps, Warnings = warnings };

        void Adopt(string step, CallEnd.Ok rows, Guid ours)
        {
            var ids = Ours(rows, ours);
            if (ids.Length > 0)
            {
                steps[step] = ids[0];
            }

            if (ids.Length > 1)
            {
                warnings.Add($"The CRM holds {ids.Length} objects of this lead ({step} {string.Join(", ", ids)}): the first was taken, the others should be removed by hand.");
            }
        }
    }

    /// <summary>Ids of the items that carry our id, the lowest first. The filter is checked again: a portal that does not know it would answer with everything.</summary>
    public static string[] Ours(CallEnd.Ok rows, Guid ours) =>
    [
        .. rows.Body.Get("items").Items()
            .Where(r => string.Equals(r.Get("originId").Text(), LeadCard.ExternalId(ours), StringComparison.OrdinalIgnoreCase))
            .Select(r => r.Get("id").TryId(out var id) ? id : null).OfType<string>().OrderBy(id => long.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The comment that carries <paramref name="ours"/> in its text; found, it is the <paramref name="step"/>.</summary>
    private async Task<LookupOutcome> NoteAsync(OutgoingLead lead, string step, string ours, CallEnd first, ICallGuard guard, CancellationToken ct)
    {
        var end = first;
        for (var page = 1; ; page++)
        {
            if (end is not CallEnd.Ok rows)
            {
                return end is CallEnd.Data ? new LookupOutcome.Absent() : end.ToLookup();
            }

            var comments = rows.Body.Items().ToArray();
            var hit = comments.FirstOrDefault(c => c.Get("COMMENT").Text()?.Contains(ours, StringComparison.OrdinalIgnoreCase) == true);
            if (hit.ValueKind == JsonValueKind.Object && hit.Get("ID").TryId(out var id))
            {
                return new LookupOutcome.Found { Steps = new Dictionary<string, string> { [step] = id, [Step.Deal] = lead.DealId! } };
            }

            if (comments.Length < PageSize || page == MaxPages)
            {
                return new LookupOutcome.Absent();
            }

            var answers = await client.BatchAsync(
                new Dictionary<string, Bitrix24Command> { ["n"] = Bitrix24Cards.FindNotes(lead, settings, page * PageSize) },
                halt: false, isRead: true, guard, ct).ConfigureAwait(false);
            end = answers.Of("n");
        }
    }
}
