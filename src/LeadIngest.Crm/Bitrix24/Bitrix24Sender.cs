using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Sends items in two batches, contacts and then cards, each command with its own outcome. Contacts come first in a call of their own, made
/// or looked at, so that what is referred to is known; a lead alone goes with its contact in one call, where a halt keeps the card from
/// going without.
/// </summary>
internal sealed class Bitrix24Sender(Bitrix24Client client, ConnectionSettings settings)
{
    /// <summary>As it is, without the e-mail, with a new contact, without stage, pipeline, responsible user and fields, and one to spare.</summary>
    private const int MaxRounds = 8;

    /// <returns>Null, or why no further call should be made now.</returns>
    public async Task<CallEnd?> SendAsync(IReadOnlyList<Bitrix24Item> items, ICallGuard guard, CancellationToken ct)
    {
        for (var round = 1; round <= MaxRounds; round++)
        {
            var open = items.Where(i => i.Outcome is null).ToArray();
            if (open.Length == 0)
            {
                return null;
            }

            // Who answers for a known contact has to be read before the card can be his.
            if (open is [{ IsNote: false } alone] && (alone.NeedsContact || (!alone.IsContactSure && !alone.Route.KeepsPrevious)))
            {
                await SendAloneAsync(alone, guard, ct).ConfigureAwait(false);
            }
            else
            {
                var stop = await MakeContactsAsync([.. open.Where(i => !i.IsNote && (i.NeedsContact || !i.IsContactSure))], guard, ct).ConfigureAwait(false);
                if (stop is not null)
                {
                    // The portal cannot be reached: the rest would only wait out one time-out more.
                    foreach (var item in open.Where(i => i.Outcome is null))
                    {
                        item.End(stop);
                    }

                    return stop;
                }

                await MakeCardsAsync([.. open.Where(i => i is { Outcome: null, NeedsContact: false } && (i.IsNote || i.IsContactSure))], guard, ct).ConfigureAwait(false);
            }
        }

        foreach (var item in items.Where(i => i.Outcome is null))
        {
            item.End(new CallEnd.Data("The portal refused the lead however it was put.", []));
        }

        return null;
    }

    private async Task SendAloneAsync(Bitrix24Item item, ICallGuard guard, CancellationToken ct)
    {
        var answers = await client.BatchAsync(
            new Dictionary<string, Bitrix24Command>
            {
                ["c"] = Contact(item),
                ["d"] = Bitrix24Cards.Card(item, settings, contactId: null, contactKey: "c"),
            },
            halt: true, isRead: false, guard, ct).ConfigureAwait(false);
        TakeContact(item, answers.Of("c"));
        if (item is { Outcome: null, NeedsContact: false } && (answers.Of("c") is CallEnd.Ok || answers.Mentions("d")))
        {
            TakeCard(item, answers.Of("d"), answers.Mentions("d"));
        }
    }

    /// <returns>Null, or why no further call should be made now.</returns>
    private async Task<CallEnd?> MakeContactsAsync(Bitrix24Item[] items, ICallGuard guard, CancellationToken ct)
    {
        if (items.Length == 0)
        {
            return null;
        }

        var answers = await client.BatchAsync(
            items.Index().ToDictionary(i => $"c{i.Index}", i => Contact(i.Item)),
            halt: false, isRead: false, guard, ct).ConfigureAwait(false);
        foreach (var (index, item) in items.Index())
        {
            var end = answers.Of($"c{index}");
            TakeContact(item, item.NeedsContact || end is CallEnd.Data ? end : end.AfterRead());
        }

        return answers.Whole is CallEnd.Ok or CallEnd.Data ? null : answers.Whole.AfterRead();
    }

    private async Task MakeCardsAsync(Bitrix24Item[] items, ICallGuard guard, CancellationToken ct)
    {
        if (items.Length == 0)
        {
            return;
        }

        var answers = await client.BatchAsync(
            items.Index().ToDictionary(
                i => $"d{i.Index}",
                i => i.Item.IsNote ? Bitrix24Cards.Note(i.Item.Lead, settings) : Bitrix24Cards.Card(i.Item, settings, i.Item.ContactId, contactKey: null)),
            halt: false, isRead: false, guard, ct).ConfigureAwait(false);
        foreach (var (index, item) in items.Index())
        {
            TakeCard(item, answers.Of($"d{index}"), isMentioned: true);
        }
    }

    private Bitrix24Command Contact(Bitrix24Item item) =>
        item.ContactId is { } id ? Bitrix24Cards.GetContact(id) : Bitrix24Cards.Contact(item, settings);

    private static void TakeContact(Bitrix24Item item, CallEnd end)
    {
        if (!item.NeedsContact)
        {
            TakeLook(item, end);
        }
        else if (end is CallEnd.Ok ok)
        {
            if (ok.Body.Get("item").Get("id").TryId(out var id))
            {
                item.GotContact(id);
            }
            else
            {
                item.End(new CallEnd.Unknown("The portal said yes but gave no id of the contact."));
            }
        }
        else if (end is CallEnd.Data refusal)
        {
            item.RefuseContact(refusal);
        }
        else
        {
            item.End(end);
        }
    }

    private void TakeCard(Bitrix24Item item, CallEnd end, bool isMentioned)
    {
        if (end is CallEnd.Ok ok)
        {
            // A comment answers with the bare id, an item with itself.
            if (!(ok.Body.Get("item").Get("id") ?? ok.Body).TryId(out var id))
            {
                item.End(new CallEnd.Unknown("The portal said yes but gave no id."));
                return;
            }

            item.Steps[item.IsNote ? Step.Note : Step.Deal] = id;
            if (item.IsNote)
            {
                item.Steps.TryAdd(Step.Deal, item.Lead.DealId!);
            }
            else if (item.ContactId is { } contact)
            {
                item.Steps[Step.Contact] = contact;
            }

            item.End(ok);
        }
        else if (end is CallEnd.Data refusal)
        {
            if (item.IsNote)
            {
                item.End(refusal);
            }
            else
            {
                item.RefuseCard(refusal, settings);
            }
        }
        else
        {
            item.End(isMentioned ? end : new CallEnd.Unknown("The portal's answer does not mention the deal."));
        }
    }

    private static void TakeLook(Bitrix24Item item, CallEnd end)
    {
        switch (end)
        {
            case CallEnd.Ok ok when ok.Body.Get("item").Get("id").TryId(out _):
                item.KeepContact(int.TryParse(ok.Body.Get("item").Get("assignedById").Text(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var user) ? user : null);
                break;
            // This one contact may be closed to the webhook's user; the deal can be linked to it all the same.
            case CallEnd.AccountBlocked { Status: 0 }:
                item.KeepContact(userId: null);
                break;
            case CallEnd.Ok or CallEnd.Data { Status: 0 }:
                item.LoseContact();
                break;
            default:
                item.End(end);
                break;
        }
    }
}
