using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>What PBXs call the states of a call. The owner's own words go first.</summary>
internal static class GenericWords
{
    public static CallDirection Direction(string? word, IReadOnlyDictionary<string, string> own) => Ours(word, own) switch
    {
        "in" or "inbound" or "incoming" or "input" or "входящий" => CallDirection.In,
        "out" or "outbound" or "outgoing" or "output" or "outbound-api" or "outbound-dial" or "исходящий" => CallDirection.Out,
        "internal" or "local" or "внутренний" => CallDirection.Internal,
        _ => CallDirection.Unknown,
    };

    /// <summary>Phase and outcome by every field that speaks of them: a phase's word, an outcome's word, or one word for both.</summary>
    public static (CallPhase Phase, CallOutcome Outcome) Status(GenericFacts facts, IReadOnlyDictionary<string, string> own)
    {
        var (phase, outcome) = (CallPhase.Unknown, CallOutcome.Unknown);
        foreach (var name in (ReadOnlySpan<string>)["phase", "status", "outcome"])
        {
            var (p, o) = Read(Ours(facts[name], own), name);
            if (p > phase) phase = p;
            if (outcome == CallOutcome.Unknown) outcome = o;
        }
        return (phase, outcome);
    }

    private static (CallPhase, CallOutcome) Read(string? word, string field) => word switch
    {
        "ringing" or "ring" or "start" or "started" or "new" or "incoming" or "initiated" or "queued" or "appeared" or "calling" or "invite" or "dialing" or "call_start" =>
            (CallPhase.Ringing, CallOutcome.Unknown),
        "talking" or "talk" or "in-progress" or "in progress" or "connected" or "up" or "bridged" or "accepted" or "on_talk" => (CallPhase.Talking, CallOutcome.Unknown),
        // As a state it means that somebody has just picked up; as a result, that somebody had.
        "answered" or "answer" => field == "phase" ? (CallPhase.Talking, CallOutcome.Answered) : field == "outcome" ? (CallPhase.Ended, CallOutcome.Answered) : (CallPhase.Unknown, CallOutcome.Answered),
        "success" or "successful" => (field == "phase" ? CallPhase.Unknown : CallPhase.Ended, CallOutcome.Answered),
        "ended" or "end" or "finished" or "finish" or "completed" or "complete" or "hangup" or "disconnected" or "closed" or "call_end" => (CallPhase.Ended, CallOutcome.Unknown),
        "missed" or "no answer" or "no-answer" or "noanswer" or "no_answer" or "lost" or "abandon" or "abandoned" or "cancel" or "cancelled" or "canceled" or "busy" or "failed"
            or "congestion" or "chanunavail" or "notavailable" or "unsuccessful" => (CallPhase.Ended, CallOutcome.Missed),
        "unanswered" => (CallPhase.Ended, CallOutcome.Unanswered),
        "rejected" or "dontcall" or "torture" or "blocked" or "blacklist" or "notallowed" or "not_allowed" => (CallPhase.Ended, CallOutcome.Rejected),
        _ => (CallPhase.Unknown, CallOutcome.Unknown),
    };

    private static string? Ours(string? word, IReadOnlyDictionary<string, string> own)
    {
        if (word?.Trim().ToLowerInvariant() is not { Length: > 0 } lower) return null;
        foreach (var (theirs, ours) in own)
            if (string.Equals(theirs.Trim(), lower, StringComparison.OrdinalIgnoreCase)) return ours.Trim().ToLowerInvariant();
        return lower;
    }
}
