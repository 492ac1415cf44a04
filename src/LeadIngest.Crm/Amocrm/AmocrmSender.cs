using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Sends groups of items of one kind, each group in one call, and sorts the answer out item by item.</summary>
internal sealed class AmocrmSender(AmocrmClient client, AmocrmFields fields, AmocrmLookup lookup)
{
    /// <summary>Repairs of one group. amoCRM may name one bad field at a time.</summary>
    private const int MaxRounds = 6;

    /// <summary>
    /// Sends until every item has an outcome. A request with a bad item is refused whole, so the rest goes again without what was bad;
    /// where the answer does not say which item it is, halves find it. When the CRM cannot be reached, what is left of the group is not tried.
    /// </summary>
    /// <returns>Null, or why no further call should be made now.</returns>
    public async Task<CallEnd?> SendAsync(AmocrmDoor door, IReadOnlyList<AmocrmItem> group, ICallGuard guard, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            var open = group.Where(i => i is { Outcome: null, NeedsNewContact: false }).ToArray();
            if (open.Length == 0)
            {
                return null;
            }

            var end = await client.PostAsync(door.Path, [.. open.Select(i => i.Body.DeepClone())], guard, ct).ConfigureAwait(false);
            if (end is CallEnd.Ok answer)
            {
                Read(answer, open, door);
                return null;
            }

            if (end is not CallEnd.Data refusal)
            {
                foreach (var item in open)
                {
                    item.End(end);
                }

                return end.AfterRead();
            }

            var named = Sort(refusal, open);
            if (named.Count > 0 && round < MaxRounds)
            {
                if (door == AmocrmDoor.Leads || door == AmocrmDoor.Complex)
                {
                    await AdoptAsync([.. open.Where(i => !named.ContainsKey(i))], guard, ct).ConfigureAwait(false);
                }

                foreach (var (item, errors) in named)
                {
                    if (!item.Repair(errors))
                    {
                        item.End(refusal with { Why = Said(errors) });
                    }
                }

                if (named.Values.SelectMany(e => e).Any(e => e.Path.Contains("custom_fields_values", StringComparison.Ordinal)))
                {
                    fields.Forget();
                }
            }
            else if (open.Length == 1)
            {
                open[0].End(refusal);
            }
            else
            {
                var half = open.Length / 2;
                var stop = await SendAsync(door, open[..half], guard, ct).ConfigureAwait(false);
                if (stop is null)
                {
                    return await SendAsync(door, open[half..], guard, ct).ConfigureAwait(false);
                }

                foreach (var item in open[half..])
                {
                    item.End(stop);
                }

                return stop;
            }
        }
    }

    /// <summary>
    /// Nothing says that amoCRM refuses a batch as a whole: the good items of a refused one may be in. They are looked up before they go again, or each
    /// bad item would double its neighbours. What cannot be looked up is in doubt.
    /// </summary>
    private async Task AdoptAsync(AmocrmItem[] good, ICallGuard guard, CancellationToken ct)
    {
        if (good.Length == 0)
        {
            return;
        }

        foreach (var (item, found) in good.Zip(await lookup.FindAsync([.. good.Select(i => i.Lead)], guard, ct).ConfigureAwait(false)))
        {
            foreach (var (step, id) in found.Steps)
            {
                item.Steps[step] = id;
            }

            if (found is LookupOutcome.Failed failed)
            {
                item.End(new CallEnd.Unknown($"A neighbour was refused, and it could not be looked up whether this one went in. {failed.Why}"));
            }
            else if (item.Steps.ContainsKey(Step.Deal))
            {
                item.End(new CallEnd.Ok(null));
            }
        }
    }

    private static string Said(IReadOnlyList<DataError> errors) =>
        "The CRM refused: " + Words.Short(string.Join("; ", errors.Select(e => $"{e.Code} at {e.Path}: {e.Words}"))).TrimEnd('.') + ".";

    private static Dictionary<AmocrmItem, List<DataError>> Sort(CallEnd.Data refusal, AmocrmItem[] open)
    {
        var named = new Dictionary<AmocrmItem, List<DataError>>();
        foreach (var error in refusal.Errors)
        {
            var item = open.FirstOrDefault(i => LeadCard.ExternalId(i.Lead.LeadId) == error.Item)
                ?? ByIndex(error.Item) ?? ByIndex(error.Path.Split('.')[0]) ?? (open.Length == 1 ? open[0] : null);
            if (item is not null)
            {
                (named.TryGetValue(item, out var list) ? list : named[item] = []).Add(error);
            }
        }

        return named;

        AmocrmItem? ByIndex(string? text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < open.Length ? open[index] : null;
    }

    private static void Read(CallEnd.Ok answer, AmocrmItem[] open, AmocrmDoor door)
    {
        // leads/complex answers with a bare array, the others with a wrapper; a wrapper around complex was seen too.
        var rows = (answer.Body is { ValueKind: JsonValueKind.Array } ? answer.Body : answer.Body.Get("_embedded").Get(door.Rows)).Items().ToArray();
        var byIndex = rows.Length == open.Length && rows.All(r => r.Get("request_id") is null);
        for (var i = 0; i < open.Length; i++)
        {
            var item = open[i];
            var ours = LeadCard.ExternalId(item.Lead.LeadId);
            var row = byIndex ? rows[i] : rows.Where(r => Names(r, ours)).Select(r => (JsonElement?)r).FirstOrDefault();
            var incoming = door == AmocrmDoor.Incoming ? row.Get("_embedded") : null;
            if (!(incoming is null ? row.Get("id") : First(incoming, "leads")).TryId(out var id))
            {
                item.End(new CallEnd.Unknown("The CRM said yes but gave no id."));
                continue;
            }

            item.Steps[door.Step] = id;
            if (door.Rows == "notes")
            {
                item.Steps.TryAdd(Step.Deal, item.Lead.DealId!);
            }
            else if (incoming is not null)
            {
                if (First(incoming, "contacts").TryId(out var made))
                {
                    item.Steps[Step.Contact] = made;
                }

                if (item.Body["metadata"]?["is_call_event_needed"]?.GetValue<bool>() == true)
                {
                    item.Steps[Step.Call] = row.Get("uid").Text() ?? id;
                    item.RememberRecord();
                }
            }
            else if ((row.Get("contact_id").Text() ?? item.Body["_embedded"]?["contacts"]?[0]?["id"]?.ToString()) is { } contact)
            {
                item.Steps[Step.Contact] = contact;
            }

            if (row.Get("merged").Text() is "true")
            {
                item.Warnings.Add($"The account's duplicate control merged the lead into the deal {id}.");
            }

            item.End(answer);
        }
    }

    private static JsonElement? First(JsonElement? embedded, string list) => embedded.Get(list).Items().Select(e => e.Get("id")).FirstOrDefault();

    private static bool Names(JsonElement row, string ours) =>
        row.Get("request_id").Text() == ours || row.Get("request_id").Items().Any(r => ((JsonElement?)r).Text() == ours);
}
