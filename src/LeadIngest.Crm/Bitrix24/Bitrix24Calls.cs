using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Enters the calls of leads that are in the portal by now, all of a batch in one request (two through telephony: a call is registered, then finished and
/// given its record). A webhook's calls are activities; an application's go through the portal's telephony, and become activities where that refuses them.
/// </summary>
internal sealed class Bitrix24Calls(Bitrix24Client client, ConnectionSettings settings, bool isApplication)
{
    /// <summary>Value of <see cref="Step.Record"/> for a recording that the portal does not take.</summary>
    private const string Refused = "refused";

    /// <param name="items">Those whose cards are there, and calls' entries.</param>
    /// <param name="stop">Why no further call should be made now; null: it may.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    public async Task SendAsync(IReadOnlyList<Bitrix24Item> items, CallEnd? stop, ICallGuard guard, CancellationToken ct)
    {
        foreach (var item in items.Where(i => i is { IsCall: true, Outcome: null }))
        {
            Prepare(item);
        }

        var open = items.Where(i => (i.IsCall && i.Outcome is null) || (i.Outcome is DeliveryOutcome.Delivered && (Lacks(i) || LacksRecord(i.Lead, i.Steps)))).ToList();
        if (stop is not null)
        {
            open.ForEach(i => i.End(stop));
            return;
        }

        await RunAsync(open, TakesRegister, Register, Registered, guard, ct).ConfigureAwait(false);
        await FinishAsync(open, guard, ct).ConfigureAwait(false);
        await RunAsync(open, i => LacksRecord(i.Lead, i.Steps), i => Bitrix24CallCards.Attach(i.Lead.Call!, i.Steps[Step.Call]), Attached, guard, ct).ConfigureAwait(false);
        await RunAsync(open, Lacks, Entry, Entered, guard, ct).ConfigureAwait(false);
        foreach (var item in open.Where(i => i.Outcome is null))
        {
            item.End(new CallEnd.Ok(null));
        }
    }

    /// <summary>A finished call of the portal's telephony whose recording is known and not attached yet. Attaching it twice replaces it.</summary>
    public static bool LacksRecord(OutgoingLead lead, IReadOnlyDictionary<string, string> steps) =>
        lead.Call?.RecordingUrl is not null && steps.GetValueOrDefault(Step.Call) is { } id && IsTelephony(id) && !steps.ContainsKey(Step.Record);

    /// <summary>Activities and comments have numbers, calls of the telephony do not.</summary>
    public static bool IsTelephony(string entryId) => !entryId.All(char.IsAsciiDigit);

    private static bool Lacks(Bitrix24Item item) => CallCard.LacksEntry(item.Lead) && !item.Steps.ContainsKey(Step.Call);

    private static string Deal(Bitrix24Item item) => item.Lead.DealId ?? item.Steps[Step.Deal];

    private static void Prepare(Bitrix24Item item)
    {
        if (CallCard.Fault(item.Lead) is { } fault)
        {
            item.End(new CallEnd.Data(fault, []));
            return;
        }

        // Nothing came since, or a call of the telephony, which takes its recording itself.
        if (item.Lead.CallEntryId is { } known && (item.Lead.Call!.RecordingUrl is null || IsTelephony(known)))
        {
            item.Steps.TryAdd(Step.Call, known);
        }
    }

    /// <summary>The telephony needs a person of the portal and a number to show; what lacks either is an activity.</summary>
    private bool TakesRegister(Bitrix24Item item) => isApplication && settings.ResponsibleUserId is not null && Lacks(item)
        && item.Lead is { CallEntryId: null, Call.ClientPhone: ['+', ..] } && !item.Steps.ContainsKey(Step.Registered);

    private Bitrix24Command Register(Bitrix24Item item) => Bitrix24CallCards.Register(item, settings, Deal(item));

    private static void Registered(Bitrix24Item item, CallEnd end, bool isAnswered)
    {
        if (end is CallEnd.Ok ok && ok.Body.Get("CALL_ID").Text() is { } id)
        {
            item.Steps[Step.Registered] = id;
        }
        else if (end is CallEnd.Ok)
        {
            item.End(new CallEnd.Unknown("The portal said yes but gave no id of the call."));
        }
        else if (Bitrix24Item.IsRefusal(end, isAnswered))
        {
            item.Warnings.Add($"The portal's telephony did not take the call: it was entered as an activity. {end.Why}");
        }
        else
        {
            item.End(end);
        }
    }

    private async Task FinishAsync(List<Bitrix24Item> open, ICallGuard guard, CancellationToken ct)
    {
        var refused = new Dictionary<Bitrix24Item, CallEnd>();
        await RunAsync(open, i => Lacks(i) && i.Steps.ContainsKey(Step.Registered), i => Bitrix24CallCards.Finish(i.Lead.Call!, settings, i.Steps[Step.Registered]), Finished, guard, ct)
            .ConfigureAwait(false);

        // A call is finished once: a refusal may mean that an attempt before this one did it.
        await RunAsync([.. refused.Keys], _ => true, i => Bitrix24CallCards.FindCall(i.Steps[Step.Registered]), Looked, guard, ct, isRead: true).ConfigureAwait(false);

        void Finished(Bitrix24Item item, CallEnd end, bool isAnswered)
        {
            if (end is CallEnd.Ok)
            {
                item.Steps[Step.Call] = item.Steps[Step.Registered];
            }
            else if (Bitrix24Item.IsRefusal(end, isAnswered))
            {
                refused[item] = end;
            }
            else
            {
                item.End(end);
            }
        }

        void Looked(Bitrix24Item item, CallEnd end, bool isAnswered)
        {
            var registered = item.Steps[Step.Registered];
            if (end is CallEnd.Ok rows && rows.Body.Items().Any(r => r.Get("CALL_ID").Text() == registered))
            {
                item.Steps[Step.Call] = registered;
            }
            else if (end is CallEnd.Ok || Bitrix24Item.IsRefusal(end, isAnswered))
            {
                item.Warnings.Add($"The portal's telephony did not finish the call: it was entered as an activity. {refused[item].Why}");
            }
            else
            {
                item.End(end.AfterRead());
            }
        }
    }

    private static void Attached(Bitrix24Item item, CallEnd end, bool isAnswered)
    {
        if (end is CallEnd.Ok)
        {
            item.Steps[Step.Record] = item.Steps[Step.Call];
        }
        else if (Bitrix24Item.IsRefusal(end, isAnswered))
        {
            item.Steps[Step.Record] = Refused;
            item.Warnings.Add($"The recording could not be attached to the call. {end.Why}");
        }
        else
        {
            item.End(end);
        }
    }

    private Bitrix24Command Entry(Bitrix24Item item) => item.Lead.CallEntryId is null
        ? Bitrix24CallCards.Activity(item, settings, Deal(item))
        : Bitrix24Cards.Note(item.Lead, settings, CallCard.Recording(item.Lead.Call!));

    private static void Entered(Bitrix24Item item, CallEnd end, bool isAnswered)
    {
        if (end is CallEnd.Ok ok && ok.Body.TryId(out var id))
        {
            item.Steps[Step.Call] = id;
            if (item.Lead.Call!.RecordingUrl is not null)
            {
                item.Steps[Step.Record] = id;
            }
        }
        else
        {
            item.EndEntry(end is CallEnd.Ok ? new CallEnd.Unknown("The portal said yes but gave no id of the call's entry.") : end, isAnswered);
        }
    }

    /// <summary>One request for all items that want the command. Those that ended in it want no further one.</summary>
    private async Task RunAsync(List<Bitrix24Item> items, Func<Bitrix24Item, bool> wants, Func<Bitrix24Item, Bitrix24Command> command, Action<Bitrix24Item, CallEnd, bool> take,
        ICallGuard guard, CancellationToken ct, bool isRead = false)
    {
        var chosen = items.Where(i => i.Outcome is null or DeliveryOutcome.Delivered && wants(i)).ToArray();
        if (chosen.Length == 0)
        {
            return;
        }

        var answers = await client.BatchAsync(chosen.Index().ToDictionary(i => $"p{i.Index}", i => command(i.Item)), halt: false, isRead, guard, ct).ConfigureAwait(false);
        foreach (var (index, item) in chosen.Index())
        {
            take(item, answers.Of($"p{index}"), answers.Whole is CallEnd.Ok);
        }
    }
}
