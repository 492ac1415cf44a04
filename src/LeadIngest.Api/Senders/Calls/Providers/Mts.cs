namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>MTS's virtual PBX and Exolve. No shape is published: common names are read, with Exolve's <c>sip_id</c>, <c>numberA</c>, <c>call_sid</c>; the field map does the rest.</summary>
internal sealed class Mts : ICallProvider
{
    public string Name => "mts";
    public string Title => "MTS VPBX";

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts =>
    {
        if (facts.HasMacros && facts.Peek("call_sid", "call_id", "callid", "id", "numberA", "phone", "caller", "from") is null)
            return new CallReading.Nothing("A test: macros are not filled in.", IsTest: true);
        var draft = new CallDraft(request, facts) { Id = facts.Take("call_sid") };
        CommonCall.Fill(draft);
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source"), facts.Peek("medium"), facts.Peek("campaign"), facts.Peek("keyword"));
        return draft.Build("call_id");
    });
}
