using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>
/// UIS, CoMagic, CallGear and Novofon 2.0: a notification whose body the owner writes, from our template or with other keys (then by the macros' own names, or
/// the sender's field map). No signature; a <c>token</c> in the body is compared when the sender has a secret.
/// </summary>
internal sealed class Uis : ICallProvider
{
    public string Name => "uis";
    public string Title => "UIS, CoMagic, CallGear, Novofon 2.0";
    public SecretsUse Secrets => new("A word of your choice, sent as token in the message.");

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (request.Sender.Secrets.Secret is { Length: > 0 } secret && !Signatures.Same(facts.Peek("token"), secret))
            return new CallReading.Forbidden("The token in the body is missing or wrong.");
        if (facts.IsMacro("call_session_id", "communication_id", "client", "contact_phone_number") && facts.Peek("call_session_id", "contact_phone_number", "client") is null)
            return new CallReading.Nothing("A test: macros are not filled in.", IsTest: true);

        var happened = facts.Peek("event", "notification_mnemonic", "notification_name") ?? "";
        var draft = new CallDraft(request, facts) { Id = facts.Take("call_session_id", "session_id") };
        draft.TalkSeconds = draft.Seconds("talk", "talk_time_duration", "talk_duration");
        draft.WaitSeconds = draft.Seconds("wait", "wait_time_duration", "wait_duration");
        var total = draft.Seconds("total", "total_time_duration", "total_duration") ?? draft.TalkSeconds + (draft.WaitSeconds ?? 0);
        var (phase, outcome) = Meaning(happened, draft);
        (draft.Phase, draft.Outcome) = (phase, outcome);
        draft.StartedAt = draft.Time("start_time", "started_at");
        var noticed = draft.Time("ts", "notification_timestamp", "notification_time");
        if (IsRecording(happened)) draft.AddField("noticedAt", noticed?.ToString("O"));
        else if (phase == CallPhase.Ended)
        {
            draft.EndedAt = noticed;
            if (total is { } seconds) draft.StartedAt ??= noticed?.AddSeconds(-seconds);
        }
        else if (phase == CallPhase.Talking) draft.AnsweredAt = noticed;
        else draft.StartedAt ??= noticed;

        draft.RecordingUrl = facts.Take("file_link", "full_record_file_link");
        CommonCall.Fill(draft);
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source"), facts.Peek("medium"), facts.Peek("campaign_name"), facts.Peek("search_query", "keyword"));
        return draft.Build("call_session_id");
    }

    /// <summary>The owner's word, else the stems of UIS's own names in Russian and English.</summary>
    private static (CallPhase, CallOutcome) Meaning(string happened, CallDraft draft)
    {
        if (draft.Settings.Words.Keys.Any(word => word.Trim().Equals(happened.Trim(), StringComparison.OrdinalIgnoreCase)))
            return (draft.WordOfPhase(happened), draft.WordOfOutcome(happened));
        var name = happened.ToLowerInvariant().Replace('ё', 'е');
        if (IsRecording(happened)) return (CallPhase.Unknown, CallOutcome.Unknown);
        if (Says("lost", "missed", "потер", "пропущ")) return (CallPhase.Ended, CallOutcome.Missed);
        if (Says("finish", "ended", "end_", "_end", "completed", "заверш", "оконч")) return (CallPhase.Ended, CallOutcome.Unknown);
        if (Says("talk", "разговор", "answer")) return (CallPhase.Talking, CallOutcome.Unknown);
        if (Says("wait", "ожидан", "in_call", "incoming", "inbound", "входящ", "out_call", "outbound", "outgoing", "исходящ", "start", "начат")) return (CallPhase.Ringing, CallOutcome.Unknown);
        return (draft.TalkSeconds is not null ? CallPhase.Ended : CallPhase.Ringing, CallOutcome.Unknown);

        bool Says(params ReadOnlySpan<string> stems)
        {
            foreach (var stem in stems)
                if (name.Contains(stem, StringComparison.Ordinal)) return true;
            return false;
        }
    }

    private static bool IsRecording(string happened) =>
        happened.Contains("record", StringComparison.OrdinalIgnoreCase) || happened.Contains("запис", StringComparison.OrdinalIgnoreCase);
}
