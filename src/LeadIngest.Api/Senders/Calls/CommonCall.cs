using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Reads a call from the names that PBXs and call trackers commonly use, where no shape is published or the owner writes it.</summary>
internal static class CommonCall
{
    private static readonly string[] Clients = ["client", "client_phone", "contact_phone_number", "contact_phone", "callerphone", "caller_phone", "client_number", "phone", "phone_number_client"];
    private static readonly string[] Lines = ["line", "line_phone", "line_number", "virtual_phone_number", "virtual_number", "tracking_number", "did", "phonenumber", "diversion", "telnum"];
    private static readonly string[] Callers = ["from.number", "from", "caller", "caller_id", "caller_number", "calling_phone_number", "src", "numberA", "a_number", "ani", "phone_from"];

    private static readonly string[] Called =
        ["to.number", "to", "callee", "called", "called_number", "called_did", "called_phone_number", "destination", "dst", "numberB", "b_number", "dnis", "phone_to"];

    /// <summary>Fills what the adapter has left open; what it has filled stays.</summary>
    public static void Fill(CallDraft draft)
    {
        var facts = draft.Facts;
        draft.Id ??= facts.Take("call_id", "callid", "call_session_id", "call_sid", "entry_id", "external_id", "uniqueid", "linkedid", "uuid", "id", "sip_id");
        var status = facts.Peek("call_status", "status", "disposition", "outcome", "result");
        var phase = facts.Peek("phase", "callphase", "event", "event_type", "call_state", "state", "notification_mnemonic", "notification_name");
        var direction = facts.Peek("call_direction", "direction", "call_type", "type");
        if (draft.Direction == CallDirection.Unknown) draft.Direction = draft.WordOfDirection(direction);
        if (draft.Direction == CallDirection.Unknown) draft.Direction = draft.WordOfDirection(phase);
        if (facts.Peek("is_internal") is "true" or "1") draft.Direction = CallDirection.Internal;
        if (draft.Outcome == CallOutcome.Unknown) draft.Outcome = draft.WordOfOutcome(status);
        if (draft.Outcome == CallOutcome.Unknown && draft.WordOfPhase(phase) is CallPhase.Ended or CallPhase.Unknown) draft.Outcome = draft.WordOfOutcome(phase);

        draft.StartedAt ??= draft.Time("start_time", "started_at", "call_start", "start_timestamp", "start", "begin_time", "calltime", "call_time",
            "date_time", "datetime", "date", "timestamp", "time", "created_at");
        draft.AnsweredAt ??= draft.Time("answer_time", "answered_at", "connect_time", "answer");
        draft.EndedAt ??= draft.Time("end_time", "finish_time", "ended_at", "hangup_time", "finish", "end");
        draft.WaitSeconds ??= draft.Seconds("wait", "wait_time", "waiting_time", "wait_duration", "wait_time_duration", "wait_seconds", "waiting");
        draft.TalkSeconds ??= draft.Seconds("talk", "talk_time", "talk_duration", "talk_time_duration", "talk_seconds", "conversation_duration", "billsec", "answer_duration");
        Whole(draft, "duration", "call_duration", "total_duration", "total_time_duration");
        if (draft.Phase == CallPhase.Unknown) draft.Phase = Phase(draft, phase, status);

        var (clients, lines) = draft.Direction == CallDirection.Out ? (Called, Callers) : (Callers, Called);
        draft.Client ??= facts.Take(Clients) ?? facts.Take(clients);
        draft.DialledLine ??= facts.Take(Lines) ?? facts.Take(lines);
        draft.Employee ??= facts.Take("employee", "employee_full_name",
            "last_talked_employee_full_name", "manager", "operator", "agent", "responsible_manager", "user", "internal", "extension", "ext", "employee_phone_number");
        draft.RecordingUrl ??= Address(facts, "recording_url", "record_url", "record_link", "recording_link", "link_download", "file_link",
            "full_record_file_link", "audio_link", "reclink", "recording", "record", "link");
        draft.RecordingId ??= facts.Take("recording_id", "record_id", "call_id_with_rec");
        draft.ClientName ??= facts.Take("client_name", "contact_full_name", "contact_name", "caller_name", "visitor_name", "fio", "a_name", "name");
        draft.Page ??= facts.Take("landing_page", "lid_landing", "entrance_page", "communication_page_url", "page_url", "page", "url");
        draft.Referrer ??= facts.Take("referrer", "referer", "site_referrer", "ref");
    }

    /// <summary>The length of the whole call: talk only where a word does not say that nobody talked.</summary>
    /// <remarks>A provider that gives one length counts the ringing in it when nobody answered.</remarks>
    public static void Whole(CallDraft draft, params ReadOnlySpan<string> names)
    {
        if (draft.TalkSeconds is not null || draft.Seconds(names) is not { } whole) return;
        if (draft.Outcome is CallOutcome.Missed or CallOutcome.Unanswered or CallOutcome.Rejected)
        {
            draft.TalkSeconds = 0;
            draft.WaitSeconds ??= whole;
        }
        else draft.TalkSeconds = whole;
    }

    private static CallPhase Phase(CallDraft draft, string? phase, string? status)
    {
        var said = draft.WordOfPhase(phase);
        // "answered" is how a call ended where it stands as a status, and a phase only where it is an event.
        if (said == CallPhase.Unknown && draft.WordOfOutcome(status) == CallOutcome.Unknown) said = draft.WordOfPhase(status);
        if (said != CallPhase.Unknown) return said;
        return draft.TalkSeconds is not null || draft.EndedAt is not null || draft.Outcome != CallOutcome.Unknown ? CallPhase.Ended
            : draft.AnsweredAt is not null ? CallPhase.Talking
            : CallPhase.Unknown;
    }

    /// <summary>Only what looks like an address: <c>record=1</c> of others says that one was made.</summary>
    private static string? Address(HookFacts facts, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (facts.Peek(name) is { } text && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
                return facts.Take(name);
        return null;
    }
}
