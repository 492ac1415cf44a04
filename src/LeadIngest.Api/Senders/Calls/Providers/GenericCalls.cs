using System.Globalization;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>
/// Any PBX or script that posts one call's facts as JSON, form or query: our own names, Asterisk's, those in use elsewhere, and whatever the owner maps
/// (<c>fieldMap</c>, <c>words</c>). See api-spec/senders/calls-generic.md.
/// </summary>
internal sealed class GenericCalls : ICallProvider
{
    private static readonly string[] Ids = ["id", "externalId", "callId", "linkedid", "uniqueid", "callSid", "callSessionId", "sessionId", "pbxCallId", "entryId"];
    private static readonly string[] Clients = ["clientPhone", "client", "phone", "clientNumber", "contactPhoneNumber"];
    private static readonly string[] From = ["from", "src", "caller", "callerId", "callerNumber", "callerPhone", "aNumber"];
    private static readonly string[] To = ["to", "dst", "callee", "called", "destination", "bNumber"];
    private static readonly string[] Lines = ["did", "line", "linePhone", "lineNumber", "virtualPhoneNumber", "calledDid", "diversion", "phoneNumber"];

    public string Name => "generic";
    public string Title => "Any other PBX";

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (facts.IsEmpty)
            return request.Body.IsEmpty ? new CallReading.Nothing("empty: a check of the address", IsTest: true) : HookMessages.Bad("body", "There is no value in it.");
        if (facts.IsMacro([.. Ids, .. Clients, .. From, .. To, .. Lines])) return new CallReading.Nothing("macros are not filled in", IsTest: true);
        var (from, to) = (facts.Mapped("from") ?? facts.Take(From), facts.Mapped("to") ?? facts.Take(To));
        var (eventId, status) = (facts.Mapped("eventId") ?? facts.Take("eventId", "messageId"), facts.Mapped("status") ?? facts.Take("status", "callStatus"));
        var recording = facts.Mapped("recordingUrl") ?? facts.Take("recordingUrl", "recording", "recordUrl", "record", "recordingLink", "link", "fileLink", "recordingFile");
        var isAddress = Uri.TryCreate(recording, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        var draft = new CallDraft(request, facts)
        {
            Id = facts.Take(Ids),
            Sequence = long.TryParse(facts.Take("sequence", "seq", "sequenceNumber"), CultureInfo.InvariantCulture, out var sequence) ? sequence : null,
            Client = facts.Take(Clients),
            DialledLine = facts.Take(Lines),
            Employee = facts.Take("employee", "manager", "agent", "user", "ext", "extension", "employeeFullName"),
            RecordingId = facts.Take("recordingId", "recordId") ?? (isAddress ? null : recording),
            VisitId = facts.Take("visitId"),
            VisitorId = facts.Take("visitorId"),
            Page = facts.Take("page", "url", "landingPage"),
            Referrer = facts.Take("referrer", "referer"),
            ClientName = facts.Take("clientName", "callerName", "name", "contactFullName"),
        };
        draft.StartedAt = draft.Time("startedAt", "start", "startTime", "calldate", "callStart", "timestamp", "date");
        draft.AnsweredAt = draft.Time("answeredAt", "answerTime", "answer");
        draft.EndedAt = draft.Time("endedAt", "end", "endTime", "finishTime");
        draft.TalkSeconds = draft.Seconds("talkSeconds", "billsec", "talk", "talkTime", "talkTimeDuration");
        draft.WaitSeconds = draft.Seconds("waitSeconds", "wait", "waitTime", "waitTimeDuration");
        draft.ApplyMap();
        draft.RecordingUrl = isAddress ? recording : null;
        if (draft.Id is null)
            return HookMessages.Bad("id", "No call id: send it as \"id\" (or uniqueid, linkedid, callId), or name its field in the sender's fieldMap as externalId.");
        // A script of one's own may name a call as it likes: too long an id is one all the same.
        if (draft.Id.Length > CallDraft.LongestId) draft.Id = "sha256:" + Signatures.Sha256Hex(draft.Id);
        SetState(draft, facts.Mapped("phase") ?? facts.Take("phase", "event", "state", "callState"), status,
            facts.Mapped("outcome") ?? facts.Take("outcome", "disposition", "dialStatus", "result"));
        draft.Direction = draft.WordOfDirection(facts.Mapped("direction") ?? facts.Take("direction", "callDirection", "callType", "type"));
        if (draft.Direction == CallDirection.Unknown) draft.Direction = Guess(from, to);
        if (draft.Direction != CallDirection.Internal)
        {
            var outgoing = draft.Direction == CallDirection.Out;
            draft.Client ??= outgoing ? to : from;
            draft.DialledLine ??= outgoing ? from : to;
        }
        // A PBX of one's own may be called at an extension: that is its line then.
        return draft.Build("id", eventId) is var reading && reading is CallReading.Events { List: [{ LinePhone: null } call] } events && HookNumber.Read(draft.DialledLine).Internal is { } line
            ? events with { List = [call with { LinePhone = line }] } : reading;
    }

    /// <summary>Phase and outcome by every field that speaks of them: a phase's word, an outcome's word, or one word for both.</summary>
    private static void SetState(CallDraft draft, string? phase, string? status, string? outcome)
    {
        draft.Phase = draft.WordOfPhase(phase);
        foreach (var word in (ReadOnlySpan<string?>)[phase, status, outcome])
            if (draft.Outcome == CallOutcome.Unknown) draft.Outcome = draft.WordOfOutcome(word);
        // "Answered" as a status may be said the moment that somebody has picked up; as a result, or with how long they talked, the call is over.
        var said = draft.WordOfOutcome(status) == CallOutcome.Answered ? CallPhase.Unknown : draft.WordOfPhase(status);
        if (said > draft.Phase) draft.Phase = said;
        var isOver = draft.TalkSeconds is not null || draft.EndedAt is not null;
        if ((draft.Phase == CallPhase.Unknown && isOver) || draft.WordOfOutcome(outcome) != CallOutcome.Unknown
            || draft.Outcome is CallOutcome.Missed or CallOutcome.Unanswered or CallOutcome.Rejected) draft.Phase = CallPhase.Ended;
    }

    /// <summary>A PBX that does not say who called whom: an extension is a colleague, a longer number is a client.</summary>
    private static CallDirection Guess(string? from, string? to) => (IsExtension(from), IsExtension(to)) switch
    {
        (true, true) => CallDirection.Internal,
        (true, false) when to is not null => CallDirection.Out,
        (false, true) when from is not null => CallDirection.In,
        _ => CallDirection.Unknown,
    };

    private static bool IsExtension(string? number) => CallPhones.Part(number) is { Length: >= 1 and <= 5 } part && part.All(char.IsAsciiDigit);
}
