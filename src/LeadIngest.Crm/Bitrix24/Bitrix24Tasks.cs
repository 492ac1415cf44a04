using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Sets the tasks that the rules want, all of a batch in one request after the cards they go to, and finds them again.</summary>
internal sealed class Bitrix24Tasks(Bitrix24Client client, ConnectionSettings settings, TimeProvider clock)
{
    /// <param name="items">Those whose cards are there.</param>
    /// <param name="stop">Why no further call should be made now; null: it may.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    public async Task SetAsync(IReadOnlyList<Bitrix24Item> items, CallEnd? stop, ICallGuard guard, CancellationToken ct)
    {
        var open = items.Where(i => i.Outcome is DeliveryOutcome.Delivered && i.Route.Task is not null && !i.Steps.ContainsKey(Step.Task)).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        if (stop is not null)
        {
            Array.ForEach(open, i => i.End(stop));
            return;
        }

        var refused = await SetAsync(open, guard, ct).ConfigureAwait(false);
        // Perhaps for a user who has left since: a task that is anybody's is better than none.
        var again = refused.Where(r => r.Item.Route.ResponsibleUserId is not null).ToArray();
        foreach (var (item, why) in again)
        {
            item.Warnings.Add($"The CRM did not take the task for the user {item.Route.ResponsibleUserId}: it was set without one. {why}");
            item.Route = item.Route with { ResponsibleUserId = null };
        }

        var rest = again.Length > 0 ? await SetAsync([.. again.Select(r => r.Item)], guard, ct).ConfigureAwait(false) : [];
        foreach (var (item, why) in refused.Except(again).Concat(rest))
        {
            item.Warnings.Add($"The task could not be set. {why}");
            item.End(new CallEnd.Ok(null));
        }
    }

    /// <returns>Those whose tasks were refused, and why.</returns>
    private async Task<IReadOnlyList<(Bitrix24Item Item, string Why)>> SetAsync(Bitrix24Item[] items, ICallGuard guard, CancellationToken ct)
    {
        var refused = new List<(Bitrix24Item, string)>();
        var answers = await client.BatchAsync(
            items.Index().ToDictionary(i => $"t{i.Index}", i => Bitrix24Cards.Task(i.Item.Route.Task!, settings, i.Item.Lead.DealId ?? i.Item.Steps[Step.Deal], i.Item.Route.ResponsibleUserId)),
            halt: false, isRead: false, guard, ct).ConfigureAwait(false);
        foreach (var (index, item) in items.Index())
        {
            var end = answers.Of($"t{index}");
            if (Bitrix24Item.IsRefusal(end, answers.Whole is CallEnd.Ok))
            {
                refused.Add((item, end.Why));
            }
            else
            {
                Take(item, end);
            }
        }

        return refused;
    }

    /// <summary>Where a card was found that should have a task, the task has to be there too: else only the card is done.</summary>
    public async Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, IReadOnlyList<LookupOutcome> found, ICallGuard guard, CancellationToken ct)
    {
        var wanted = Enumerable.Range(0, batch.Count)
            .Where(i => found[i] is LookupOutcome.Found && !batch[i].Steps.ContainsKey(Step.Task))
            .Select(i => (Index: i, RoutingRules.Decide(batch[i], settings, clock.GetUtcNow()).Task, Card: found[i].Steps[Step.Deal])).Where(w => w.Task is not null).ToArray();
        if (wanted.Length == 0)
        {
            return found;
        }

        var all = found.ToArray();
        var answers = await client.BatchAsync(wanted.ToDictionary(w => $"t{w.Index}", w => Bitrix24Cards.FindTasks(settings, w.Card)), halt: false, isRead: true, guard, ct).ConfigureAwait(false);
        foreach (var (i, task, _) in wanted)
        {
            var end = answers.Of($"t{i}");
            // Who may not read tasks may not set them either: the next sending finds that out, and leaves the lead in peace.
            all[i] = end is not CallEnd.Ok && !Bitrix24Item.IsRefusal(end, answers.Whole is CallEnd.Ok)
                ? end.ToLookup() with { Steps = found[i].Steps, Warnings = found[i].Warnings }
                : Set(end, task!) is { } id ? found[i] with { Steps = new Dictionary<string, string>(found[i].Steps) { [Step.Task] = id } }
                : new LookupOutcome.Absent { Steps = found[i].Steps, Warnings = found[i].Warnings };
        }

        return all;
    }

    private static string? Set(CallEnd end, TaskToSet task)
    {
        var row = (end as CallEnd.Ok)?.Body.Items().FirstOrDefault(r => r.Get("SUBJECT").Text() == Bitrix24Cards.Subject(task));
        return row is { ValueKind: JsonValueKind.Object } hit && hit.Get("ID").TryId(out var id) ? id : null;
    }

    private static void Take(Bitrix24Item item, CallEnd end)
    {
        if (end is CallEnd.Ok ok)
        {
            if ((ok.Body.Get("id") ?? ok.Body).TryId(out var id))
            {
                item.Steps[Step.Task] = id;
                item.End(ok);
            }
            else
            {
                item.End(new CallEnd.Unknown("The portal said yes but gave no id of the task."));
            }
        }
        else
        {
            item.End(end);
        }
    }
}
