using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>What became of deals in amoCRM. A deal that was merged into another is answered like one that never was: with nothing.</summary>
internal sealed class AmocrmDeals(AmocrmClient client, AmocrmPeople people) : IDealStates
{
    private const int PageSize = 250;

    /// <summary>The vendor's bound of <c>filter[entity_id]</c> in events, less the deal that is gone.</summary>
    private const int MostCandidates = 9;

    /// <summary>Between a merge's traces: they are written one after the other.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(10);

    /// <summary>The account has no filters: it was asked for some deals and answered with all. Remembered, or every batch would read a page for nothing.</summary>
    private volatile bool _ignoresFilters;

    public async Task<(IReadOnlyDictionary<string, DealState> Deals, CallEnd? Failure)> ReadAsync(IReadOnlyCollection<string> ids, ICallGuard guard, CancellationToken ct)
    {
        var (rows, failure) = await RowsAsync(ids, guard, ct).ConfigureAwait(false);
        return (rows.ToDictionary(r => r.Key, r => new DealState(r.Value.Get("status_id").Text() is "142" or "143", User(r.Value))), failure);
    }

    public Task<(IReadOnlyDictionary<string, int> Users, CallEnd? Failure)> ResponsibleAsync(IReadOnlyList<string> contacts, ICallGuard guard, CancellationToken ct) =>
        people.ResponsibleAsync(contacts, guard, ct);

    public async Task<(IReadOnlyDictionary<string, string> Into, CallEnd? Failure)> FollowAsync(IReadOnlyList<OutgoingLead> gone, ICallGuard guard, CancellationToken ct)
    {
        var into = new Dictionary<string, string>();
        foreach (var lead in gone)
        {
            var (deal, failure) = await ByOurIdAsync(lead, guard, ct).ConfigureAwait(false);
            if (failure is null && deal is null)
            {
                (deal, failure) = await ByEventsAsync(lead, guard, ct).ConfigureAwait(false);
            }

            if (failure is not null)
            {
                return (into, failure);
            }

            if (deal is not null)
            {
                into[lead.DealId!] = deal;
            }
        }

        return (into, null);
    }

    /// <summary>The surviving deal takes over our field where it had none of its own.</summary>
    private async Task<(string? Deal, CallEnd? Failure)> ByOurIdAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        if (lead.DealLeadId is not { } ours)
        {
            return (null, null);
        }

        var end = await client.GetAsync(AmocrmLookup.SearchPath(ours), guard, ct).ConfigureAwait(false);
        return end is not CallEnd.Ok answer
            ? (null, end)
            : (answer.Body.Get("_embedded").Get("leads").Items().Where(d => AmocrmLookup.IsOurs(d, ours)).Select(Id).Where(id => id is not null && id != lead.DealId).Order(ById).FirstOrDefault(), null);
    }

    /// <summary>
    /// The surviving deal is linked to the contact, and events tell of the merge. Which of the two deals they name, and whether the other one counts as
    /// deleted, is not documented: any of them will do. Their filters are no paid part of an account.
    /// </summary>
    private async Task<(string? Deal, CallEnd? Failure)> ByEventsAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        if (!long.TryParse(lead.ContactId, out _))
        {
            return (null, null);
        }

        var end = await client.GetAsync($"contacts/{lead.ContactId}?with=leads", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok contact)
        {
            return (null, end.Status == 404 ? null : end);
        }

        var candidates = contact.Body.Get("_embedded").Get("leads").Items().Select(Id).OfType<string>().Where(id => id != lead.DealId).OrderDescending(ById).Take(MostCandidates).ToArray();
        if (candidates.Length == 0)
        {
            return (null, null);
        }

        var ids = string.Concat(candidates.Append(lead.DealId).Select(id => $"&filter[entity_id][]={id}"));
        end = await client.GetAsync($"events?filter[type]=entity_merged,lead_deleted&filter[entity]=lead{ids}&limit=100", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return (null, end);
        }

        var events = answer.Body.Get("_embedded").Get("events").Items()
            .Select(e => (Type: e.Get("type").Text(), Deal: e.Get("entity_id").Text(), At: Moment(e.Get("created_at")))).Where(e => e.At is not null).ToArray();
        var merges = events.Where(e => e.Type == "entity_merged" && candidates.Contains(e.Deal)).OrderByDescending(e => e.At).ToArray();
        var ownMerge = events.Where(e => e.Type == "entity_merged" && e.Deal == lead.DealId).Max(e => e.At);
        var went = ownMerge ?? events.Where(e => e.Type == "lead_deleted" && e.Deal == lead.DealId).Max(e => e.At);
        if (merges.FirstOrDefault(m => went is null || (m.At - went.Value)!.Value.Duration() <= SameMoment).Deal is { } told)
        {
            return (told, null);
        }

        // Only the deal that is gone is named: the one that took it over was changed at that moment.
        return ownMerge is { } at ? await ChangedAtAsync(candidates, at, guard, ct).ConfigureAwait(false) : (null, null);
    }

    private async Task<(string? Deal, CallEnd? Failure)> ChangedAtAsync(string[] candidates, DateTimeOffset at, ICallGuard guard, CancellationToken ct)
    {
        var (rows, failure) = await RowsAsync(candidates, guard, ct).ConfigureAwait(false);
        return (rows.Select(r => (Deal: r.Key, At: Moment(r.Value.Get("updated_at")))).Where(r => r.At >= at - SameMoment).OrderBy(r => r.At).ThenByDescending(r => r.Deal, ById)
            .Select(r => r.Deal).FirstOrDefault(), failure);
    }

    /// <summary>One request for all where the account has filters; what that does not bring is read by id, which alone proves that a deal is gone.</summary>
    private async Task<(IReadOnlyDictionary<string, JsonElement> Rows, CallEnd? Failure)> RowsAsync(IReadOnlyCollection<string> ids, ICallGuard guard, CancellationToken ct)
    {
        var found = new Dictionary<string, JsonElement>();
        var missing = ids.ToHashSet();
        if (missing.Count > 1 && !_ignoresFilters)
        {
            foreach (var part in ids.Distinct().Chunk(PageSize))
            {
                var list = await client.GetAsync($"leads?limit={PageSize}{string.Concat(part.Select(id => $"&filter[id][]={id}"))}", guard, ct).ConfigureAwait(false);
                if (list is not CallEnd.Ok rows)
                {
                    return (found, list);
                }

                foreach (var row in rows.Body.Get("_embedded").Get("leads").Items())
                {
                    _ignoresFilters |= !Take(row);
                }
            }
        }

        foreach (var id in missing.ToArray())
        {
            var one = await client.GetAsync($"leads/{id}", guard, ct).ConfigureAwait(false);
            if (one is CallEnd.Ok { Body: { } row })
            {
                Take(row);
            }
            else if (one is not CallEnd.Ok and not { Status: 404 })
            {
                return (found, one);
            }
        }

        return (found, null);

        // True for a deal that was asked for.
        bool Take(JsonElement row)
        {
            if (Id(row) is not { } id || !missing.Remove(id))
            {
                return false;
            }

            if (row.Get("is_deleted").Text() is not "true")
            {
                found[id] = row;
            }

            return true;
        }
    }

    private static string? Id(JsonElement row) => row.Get("id").TryId(out var id) ? id : null;

    private static int? User(JsonElement row) =>
        int.TryParse(row.Get("responsible_user_id").Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var user) && user > 0 ? user : null;

    private static DateTimeOffset? Moment(JsonElement? seconds) => JsonRead.Number(seconds) is { } s and > 0 and < 4e9 ? DateTimeOffset.FromUnixTimeSeconds((long)s) : null;

    private static Comparer<string?> ById { get; } = Comparer<string?>.Create((a, b) => long.Parse(a!, CultureInfo.InvariantCulture).CompareTo(long.Parse(b!, CultureInfo.InvariantCulture)));
}
