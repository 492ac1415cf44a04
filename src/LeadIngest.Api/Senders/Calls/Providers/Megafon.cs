using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>MegaFon's virtual PBX and the brands that speak the same protocol (Gravitel, Dom.ru Business): forms with <c>cmd</c>, proved by <c>crm_token</c>.</summary>
internal sealed class Megafon : ICallProvider
{
    public string Name => "megafon";
    public string Title => "MegaFon and kin";
    public SecretsUse Secrets => new("The key that comes as crm_token.");

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (request.Sender.Secrets.Secret is { Length: > 0 } secret && !Signatures.Same(facts.Peek("crm_token"), secret))
            return new CallReading.Forbidden("crm_token is missing or wrong.");
        var command = facts.Peek("cmd")?.ToLowerInvariant();
        switch (command)
        {
            case "contact":
                // The PBX waits for this: an empty object is "nobody we know" and the ring goes on as set there.
                return new CallReading.Answer("{}", "application/json");
            case "event":
                return Event(request, facts);
            case "history":
                return History(request, facts);
            case "rating":
                return Draft(request, facts).Build("callid");
            case null:
                return facts.IsEmpty
                    ? new CallReading.Nothing("An empty message: a check of the address.", IsTest: true)
                    : HookMessages.Bad("cmd", "Missing: must be event, history, contact or rating.");
            default:
                return HookMessages.Bad("cmd", "Unknown: must be event, history, contact or rating.");
        }
    }

    private static CallReading Event(CallRequest request, HookFacts facts)
    {
        var draft = Draft(request, facts);
        switch (facts.Peek("type")?.ToUpperInvariant())
        {
            case "INCOMING":
                (draft.Direction, draft.Phase) = (CallDirection.In, CallPhase.Ringing);
                break;
            case "OUTGOING":
                (draft.Direction, draft.Phase) = (CallDirection.Out, CallPhase.Ringing);
                break;
            case "ACCEPTED" or "TRANSFERRED":
                draft.Phase = CallPhase.Talking;
                break;
            case "COMPLETED":
                (draft.Phase, draft.Outcome) = (CallPhase.Ended, CallOutcome.Answered);
                break;
            case "CANCELLED" or "CANCELED":
                // Of one extension of a group: another may yet answer. The history tells how the call ended.
                break;
            case var word:
                (draft.Phase, draft.Outcome) = (draft.WordOfPhase(word), draft.WordOfOutcome(word));
                break;
        }
        return draft.Build("callid");
    }

    private static CallReading History(CallRequest request, HookFacts facts)
    {
        var draft = Draft(request, facts);
        draft.Direction = draft.WordOfDirection(facts.Peek("type"));
        draft.Phase = CallPhase.Ended;
        draft.StartedAt = draft.Time("start");
        draft.WaitSeconds = draft.Seconds("wait");
        draft.TalkSeconds = draft.Seconds("duration");
        draft.Outcome = draft.WordOfOutcome(facts.Peek("status"));
        draft.RecordingUrl = facts.Take("link");
        return draft.Build("callid");
    }

    private static CallDraft Draft(CallRequest request, HookFacts facts) => new(request, facts)
    {
        Id = facts.Take("callid"),
        Client = facts.Take("phone"),
        DialledLine = facts.Take("diversion") ?? facts.Take("telnum"),
        Employee = facts.Take("user") ?? facts.Take("ext"),
    };
}
