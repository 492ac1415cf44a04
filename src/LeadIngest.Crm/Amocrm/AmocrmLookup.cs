using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Finds what an attempt of unknown outcome left in the account. The search is full-text, so every hit is checked by our own id.</summary>
internal sealed class AmocrmLookup(AmocrmClient client)
{
    public async Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct)
    {
        var found = new List<LookupOutcome>(batch.Count);
        foreach (var lead in batch)
        {
            found.Add(lead.Kind == OutgoingKind.Note
                ? await FindNoteAsync(lead, guard, ct).ConfigureAwait(false)
                : await FindDealAsync(lead, guard, ct).ConfigureAwait(false));
        }

        return found;
    }

    private async Task<LookupOutcome> FindDealAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        var ours = LeadCard.ExternalId(lead.LeadId);
        var end = await client.GetAsync($"leads?query={ours}&with=contacts&limit=50", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToLookup();
        }

        var hits = answer.Body.Get("_embedded").Get("leads").Items().Where(d => IsOurs(d, lead.LeadId))
            .Select(d => (Id: Id(d), Deal: d)).Where(d => d.Id is not null).OrderBy(d => d.Id).ToArray();
        if (hits.Length == 0)
        {
            return new LookupOutcome.Absent();
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

    private async Task<LookupOutcome> FindNoteAsync(OutgoingLead lead, ICallGuard guard, CancellationToken ct)
    {
        var ours = LeadCard.ExternalId(lead.LeadId);
        for (var page = 1; page <= 20; page++)
        {
            var end = await client.GetAsync($"leads/{lead.DealId}/notes?limit=250&page={page}", guard, ct).ConfigureAwait(false);
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
                return new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Note] = Text(hit), [Step.Deal] = lead.DealId! } };
            }

            if (answer.Body.Get("_links").Get("next").Get("href").Text() is null)
            {
                break;
            }
        }

        return new LookupOutcome.Absent();
    }

    private static bool IsOurs(JsonElement deal, Guid leadId) =>
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
