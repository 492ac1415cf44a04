using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>
/// Callibri. The webhook's shape is not published: the names of its API are read, and the common ones besides. An appeal that is no call (a form, a chat, a
/// letter) is kept as a Reject.
/// </summary>
internal sealed class Callibri : ICallProvider
{
    private static readonly (string Stem, string What)[] NoCalls =
        [("feedback", "a form"), ("request", "a form"), ("заявк", "a form"), ("chat", "a chat"), ("чат", "a chat"), ("email", "a letter"), ("почт", "a letter")];

    public string Name => "callibri";
    public string Title => "Callibri";

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        var id = facts.Peek("appeal_id", "id", "call_id", "callId");
        if (id is null && facts.HasMacros && facts.Peek("phone", "caller", "client_phone") is null)
            return new CallReading.Nothing("A test: macros are not filled in.", IsTest: true);
        var kind = facts.Peek("name_type", "appeal_type", "type", "event_type", "event")?.ToLowerInvariant() ?? "";
        foreach (var (stem, what) in NoCalls)
            if (kind.Contains(stem, StringComparison.Ordinal))
                return HookMessages.Bad("type", $"An appeal of the kind \"{CallDraft.Line(kind, 60)}\" ({what}), not a call: let it be posted to /v1/sites/{{siteKey}}/forms.");

        var draft = new CallDraft(request, facts)
        {
            Id = facts.Take("appeal_id") ?? facts.Take("id"),
            Employee = facts.Take("responsible_manager", "responsible_manager_email"),
            RecordingUrl = facts.Take("link_download"),
            Page = facts.Take("landing_page", "lid_landing"),
            Referrer = facts.Take("site_referrer"),
        };
        draft.StartedAt = draft.Time("date");
        draft.TalkSeconds = draft.Seconds("billsec");
        CommonCall.Fill(draft);
        if (draft.Direction == CallDirection.Unknown) draft.Direction = CallDirection.In;
        if (facts.Peek("accurately") is { } accurately && (accurately is "0" || accurately.Equals("false", StringComparison.OrdinalIgnoreCase))) draft.Warn("source_not_accurate");
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source"), facts.Peek("medium"), keyword: facts.Peek("query"));
        return draft.Build("appeal_id");
    }
}
