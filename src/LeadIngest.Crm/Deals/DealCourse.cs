using LeadIngest.Crm.Failures;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Deals;

/// <summary>
/// Looks at the deals of notes and calls' entries before these are written, and sends on what cannot go there: a person may have closed, merged or deleted a
/// deal since. A duplicate belongs to its deal even when that is closed, it is the same enquiry; a repeat does not.
/// </summary>
internal sealed class DealCourse(IDealStates reader)
{
    /// <summary>Ends the items that go another way, and lets the tasks of the others be those of the users who answer for the deals.</summary>
    /// <param name="items">Those not sent yet, or refused; others are passed over.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    /// <returns>Null, or why nothing could be read: all these items have ended with it.</returns>
    public async Task<CallEnd?> TakeAsync(IEnumerable<IDealItem> items, ICallGuard guard, CancellationToken ct)
    {
        var open = items.Where(i => GoesToDeal(i) || LacksTask(i)).ToArray();
        if (open.Length == 0)
        {
            return null;
        }

        var (read, failure) = await reader.ReadAsync([.. open.Select(i => i.Lead.DealId!).Distinct()], guard, ct).ConfigureAwait(false);
        var deals = new Dictionary<string, DealState>(read);
        var gone = open.Select(i => i.Lead).Where(l => !deals.ContainsKey(l.DealId!)).DistinctBy(l => l.DealId).ToArray();
        IReadOnlyDictionary<string, string> into = new Dictionary<string, string>();
        if (failure is null && gone.Length > 0)
        {
            (into, failure) = await reader.FollowAsync(gone, guard, ct).ConfigureAwait(false);
        }

        var others = open.Where(i => i.Lead is { Kind: OutgoingKind.Note, IsRepeat: true } && deals.GetValueOrDefault(i.Lead.DealId!) is not { IsClosed: false })
            .SelectMany(i => i.Lead.OtherDealIds).Concat(into.Values).Where(d => !deals.ContainsKey(d)).Distinct().ToArray();
        if (failure is null && others.Length > 0)
        {
            (read, failure) = await reader.ReadAsync(others, guard, ct).ConfigureAwait(false);
            foreach (var (id, deal) in read)
            {
                deals[id] = deal;
            }
        }

        failure ??= await AssignTasksAsync(open, deals, guard, ct).ConfigureAwait(false);
        foreach (var item in open)
        {
            if (failure is not null)
            {
                item.End(failure.AfterRead());
            }
            else if (GoesToDeal(item) && Redirect(item.Lead, deals, into) is { } outcome)
            {
                item.End(outcome);
            }
        }

        return failure?.AfterRead();
    }

    private static bool GoesToDeal(IDealItem item) => item.Outcome is null or DeliveryOutcome.Refused && long.TryParse(item.Lead.DealId, out _) && item.Lead.Kind switch
    {
        OutgoingKind.Note => !item.Steps.ContainsKey(Step.Note),
        // What has an entry and no recording to add has nothing to send.
        OutgoingKind.Call => item.Lead is { EntryContactId: null, Call: { } call } && !item.Steps.ContainsKey(Step.Call) && (item.Lead.CallEntryId is null || call.RecordingUrl is not null),
        _ => false,
    };

    /// <summary>The note went with an earlier attempt, and its task did not.</summary>
    private static bool LacksTask(IDealItem item) => item is { Outcome: null or DeliveryOutcome.Delivered, Lead.Kind: OutgoingKind.Note, Route.Task: not null }
        && long.TryParse(item.Lead.DealId, out _) && item.Steps.ContainsKey(Step.Note) && !item.Steps.ContainsKey(Step.Task);

    /// <returns>Null: it goes where it was to go.</returns>
    private static DeliveryOutcome? Redirect(OutgoingLead lead, Dictionary<string, DealState> deals, IReadOnlyDictionary<string, string> into)
    {
        var id = lead.DealId!;
        // The next deal is one that was read just now, or there would be no end to it.
        var merged = into.GetValueOrDefault(id) is { } heir && deals.ContainsKey(heir) ? heir : null;
        var own = deals.GetValueOrDefault(merged ?? id);
        var failure = merged is not null ? DealFailures.Merged : own is null ? DealFailures.Deleted : DealFailures.Closed;
        if (lead is { Kind: OutgoingKind.Note, IsRepeat: true } && own is not { IsClosed: false })
        {
            var what = own is null ? $"The client's deal {id} was deleted" : $"The client's deal {merged ?? id} is closed";
            return lead.OtherDealIds.FirstOrDefault(d => deals.GetValueOrDefault(d) is { IsClosed: false }) is { } other
                ? To(OutgoingKind.Note, other, $"{what}: the note went into the client's open deal {other}.", own is null ? DealFailures.Deleted : DealFailures.Closed)
                : To(OutgoingKind.Deal, null, $"{what}: the repeat became a new deal.", own is null ? DealFailures.Deleted : DealFailures.Closed);
        }

        return (own, merged, lead.Kind) switch
        {
            (not null, not null, OutgoingKind.Note) => To(OutgoingKind.Note, merged, $"The deal {id} was merged into {merged}: the note went there.", failure) with { MergedFrom = id },
            (not null, not null, _) => To(OutgoingKind.Call, merged, $"The deal {id} was merged into {merged}: the call was entered there.", failure) with { MergedFrom = id },
            (not null, null, _) => null,
            (null, _, OutgoingKind.Note) => To(OutgoingKind.Deal, null, $"The deal {id} was deleted: the enquiry became a new deal.", failure),
            _ when long.TryParse(lead.ContactId, out _) => To(OutgoingKind.Call, id, $"The deal {id} was deleted: the call was entered at the contact {lead.ContactId}.", failure) with
            {
                Steps = new Dictionary<string, string> { [Step.EntryContact] = lead.ContactId },
            },
            _ => new DeliveryOutcome.Dropped($"The deal {id} was deleted, and no contact is known: the call was left out.") { Failure = failure.Key },
        };
    }

    /// <summary>The contact that was to take the entry of a call is gone like the deal before it.</summary>
    public static DeliveryOutcome WithoutContact(OutgoingLead lead, string why) =>
        new DeliveryOutcome.Dropped($"The deal was deleted, and the contact {lead.EntryContactId} did not take the call: it was left out. {why}") { Failure = DealFailures.Deleted.Key };

    private static DeliveryOutcome.Redirected To(OutgoingKind kind, string? dealId, string why, Failure failure) =>
        new(kind, dealId, why) { Warnings = [why], Failure = failure.Key };

    /// <summary>The deal's user, else the contact's, else whom the rules name; with nobody named it would be the token's own.</summary>
    private async Task<CallEnd?> AssignTasksAsync(IDealItem[] items, Dictionary<string, DealState> deals, ICallGuard guard, CancellationToken ct)
    {
        var wanted = items.Where(i => i.Lead.Kind == OutgoingKind.Note && i.Route.Task is not null && deals.ContainsKey(i.Lead.DealId!)).ToArray();
        var contacts = wanted.Where(i => deals[i.Lead.DealId!].ResponsibleUserId is null).Select(i => i.Lead.ContactId).Where(c => long.TryParse(c, out _)).Distinct().ToArray();
        IReadOnlyDictionary<string, int> users = new Dictionary<string, int>();
        if (contacts.Length > 0)
        {
            (users, var failure) = await reader.ResponsibleAsync(contacts!, guard, ct).ConfigureAwait(false);
            if (failure is not null)
            {
                return failure;
            }
        }

        foreach (var item in wanted)
        {
            var user = deals[item.Lead.DealId!].ResponsibleUserId ?? (item.Lead.ContactId is { } contact && users.TryGetValue(contact, out var theirs) ? theirs : item.Route.ResponsibleUserId);
            item.Route = item.Route with { ResponsibleUserId = user };
        }

        return null;
    }
}
