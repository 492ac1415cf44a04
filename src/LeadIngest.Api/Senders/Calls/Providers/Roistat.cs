using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>Roistat's call-tracking webhook: JSON when the client's side is dialled and again after the call. No signature: the token in the address proves it.</summary>
internal sealed class Roistat : ICallProvider
{
    public string Name => "roistat";
    public string Title => "Roistat";

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (facts.HasMacros && facts.Peek("id", "caller") is null) return new CallReading.Nothing("A test: macros are not filled in.", IsTest: true);
        var status = facts.Peek("status");
        var draft = new CallDraft(request, facts)
        {
            Id = facts.Take("id", "call_id"),
            Direction = CallDirection.In,
            Client = facts.Take("caller"),
            DialledLine = facts.Take("callee"),
            Page = facts.Take("landing_page"),
            Referrer = facts.Take("referrer"),
            RecordingUrl = facts.Take("link"),
        };
        draft.StartedAt = draft.Time("date");
        draft.Outcome = draft.WordOfOutcome(status);
        draft.WaitSeconds = draft.Seconds("waiting_time");
        draft.TalkSeconds = draft.Seconds("answer_duration");
        CommonCall.Whole(draft, "duration");
        draft.Phase = status is not null || draft.TalkSeconds is not null ? CallPhase.Ended : CallPhase.Ringing;
        // Roistat's visit, not ours: ours comes among the custom fields.
        draft.AddTag("roistat_visit", facts.Take("visit_id"));
        draft.AddTag("roistat", facts.Take("marker"));
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source"), facts.Peek("medium"));
        return draft.Build("id");
    }
}
