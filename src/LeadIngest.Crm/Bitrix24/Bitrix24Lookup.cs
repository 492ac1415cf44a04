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
        foreach (var part in batch.Chunk(Bitrix24Client.MaxCommands / 2))
        {
            var commands = new Dictionary<string, Bitrix24Command>();
            foreach (var (index, lead) in part.Index())
            {
                if (lead.Kind == OutgoingKind.Note)
                {
                    commands[$"n{index}"] = Bitrix24Cards.FindNotes(lead, settings, start: 0);
                }
                else
                {
                    commands[$"c{index}"] = Bitrix24Cards.FindContact(lead);
                    commands[$"d{index}"] = Bitrix24Cards.FindCard(lead, settings);
                }
            }

            var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct).ConfigureAwait(false);
            foreach (var (index, lead) in part.Index())
            {
                found.Add(lead.Kind == OutgoingKind.Note
                    ? await NoteAsync(lead, answers.Of($"n{index}"), guard, ct).ConfigureAwait(false)
                    : Deal(lead, answers.Of($"c{index}"), answers.Of($"d{index}")));
            }
        }

        return found;
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
            // The filter is checked again: a portal that does not know it would answer with everything.
            var ids = rows.Body.Get("items").Items()
                .Where(r => string.Equals(r.Get("originId").Text(), LeadCard.ExternalId(ours), StringComparison.OrdinalIgnoreCase))
                .Select(r => r.Get("id").TryId(out var id) ? long.Parse(id, CultureInfo.InvariantCulture) : 0).Where(id => id > 0).Order().ToArray();
            if (ids.Length > 0)
            {
                steps[step] = ids[0].ToString(CultureInfo.InvariantCulture);
            }

            if (ids.Length > 1)
            {
                warnings.Add($"The CRM holds {ids.Length} objects of this lead ({step} {string.Join(", ", ids)}): the first was taken, the others should be removed by hand.");
            }
        }
    }

    private async Task<LookupOutcome> NoteAsync(OutgoingLead lead, CallEnd first, ICallGuard guard, CancellationToken ct)
    {
        var ours = LeadCard.ExternalId(lead.LeadId);
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
                return new LookupOutcome.Found { Steps = new Dictionary<string, string> { [Step.Note] = id, [Step.Deal] = lead.DealId! } };
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
