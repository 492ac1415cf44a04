using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>Calltouch's webhook: GET or POST, whichever parameters the owner ticked. No signature: the token in the address proves it.</summary>
internal sealed class Calltouch : ICallProvider
{
    public string Name => "calltouch";
    public string Title => "Calltouch";

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        var id = facts.Peek("id", "callId");
        var phone = facts.Peek("callerphone", "callerNumber", "phone");
        // One misspelt macro among true values is no test: only a call of which nothing is known is.
        if (facts.HasMacros && id is null && phone is null && facts.Mapped("clientPhone") is null)
            return new CallReading.Nothing("The test button: macros are not filled in.", IsTest: true);
        if (id is null && facts.Mapped("externalId") is null && facts.Peek("requestId", "requestNumber") is not null)
            return HookMessages.Bad("requestId",
                "A request (form) of Calltouch, not a call: let the site's form post to /v1/sites/{siteKey}/forms and switch requests off in this webhook.");

        var draft = new CallDraft(request, facts)
        {
            Id = facts.Take("id", "callId"),
            Direction = facts.Peek("callback", "callbackCall") is "true" or "1" ? CallDirection.Out : CallDirection.In,
            Client = facts.Take("callerphone", "callerNumber", "phone"),
            DialledLine = facts.Take("phonenumber"),
            Employee = facts.Take("manager"),
            Page = facts.Take("url") ?? facts.Take("callUrl"),
            Referrer = facts.Take("ref"),
            RecordingUrl = facts.Take("reclink"),
            ClientName = facts.Take("fio"),
        };
        draft.StartedAt = draft.Time("timestamp") ?? draft.Time("calltime", "date");
        draft.WaitSeconds = draft.Seconds("waiting_time", "waitingConnect");
        draft.TalkSeconds = draft.Seconds("duration");
        var phase = facts.Peek("callphase");
        draft.Outcome = draft.WordOfOutcome(facts.Peek("status", "successful") switch { "true" => "successful", "false" => "unsuccessful", var word => word ?? phase });
        draft.Phase = draft.WordOfPhase(phase) is var said && said != CallPhase.Unknown ? said
            : draft.Outcome != CallOutcome.Unknown || draft.TalkSeconds is not null ? CallPhase.Ended : CallPhase.Ringing;
        // "Connected" is a phase, and no word yet on how it will end.
        if (draft.Phase != CallPhase.Ended) draft.Outcome = CallOutcome.Unknown;
        draft.AddTag("ct_session_id", facts.Take("sessionId"));
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source"), facts.Peek("medium"), keyword: facts.Peek("keyword"));
        return draft.Build("id");
    }
}
