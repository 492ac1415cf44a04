using System.Globalization;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>
/// Mango Office: events of the VPBX API (a form with <c>vpbx_api_key</c>, <c>sign</c>, <c>json</c>), recognised by their fields, for the vendor's own document shows
/// a summary at the address of calls; and the GET of its call tracking, whose shape is not published.
/// </summary>
internal sealed class Mango : ICallProvider
{
    private const int MostSequence = 999;

    public string Name => "mango";
    public string Title => "MANGO OFFICE";
    public SecretsUse Secrets => new("The salt for signing (vpbx_api_salt).", "The PBX's unique code (vpbx_api_key).");

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        var path = request.Rest.Trim('/').ToLowerInvariant();
        if (path == "ping" || path.EndsWith("/ping", StringComparison.Ordinal)) return new CallReading.Nothing("A check of the address.", IsTest: true);
        if (request.Sender.Secrets.Secret is { Length: > 0 } salt && !IsSigned(facts, request.Sender.Secrets.Key, salt))
            return new CallReading.Forbidden("sign is missing or does not match the API key and salt.");
        // Only what the signature covers is believed: a field beside `json` would come first otherwise.
        if (Json(facts) is { Length: > 0 } json)
        {
            if (HookMessages.OfJson(json, facts.Form, request.Sender.Settings) is not { } covered) return HookMessages.Bad("json", "Not a JSON object.");
            facts = covered;
        }
        if (facts.IsEmpty) return new CallReading.Nothing("An empty message: a check of the address.", IsTest: true);
        if (path.StartsWith("result", StringComparison.Ordinal) || path.Contains("/result/", StringComparison.Ordinal)) return new CallReading.Nothing("The result of a command.");
        if (facts.Has("call_state")) return Leg(request, facts);
        if (facts.Has("create_time")) return Summary(request, facts);
        if (facts.Has("recording_id")) return Recording(request, facts);
        if (facts.Has("dtmf") || path.EndsWith("events/dtmf", StringComparison.Ordinal)) return new CallReading.Nothing("Keys pressed during a call.");
        if (path.EndsWith("events/sms", StringComparison.Ordinal) || facts.Has("sms_initiator")) return new CallReading.Nothing("A text message is no call.");
        return CallTracking(request, facts);
    }

    /// <summary>One leg of a call. A leg that ends is no end of the call: another extension of the group may be ringing, and the summary follows.</summary>
    private static CallReading Leg(CallRequest request, HookFacts facts)
    {
        var draft = new CallDraft(request, facts) { Id = facts.Take("entry_id") };
        var leg = facts.Peek("call_id");
        var at = draft.Time("timestamp");
        // `seq` counts within one leg; with the second before it, messages of all legs have one order.
        if (at is { } moment && int.TryParse(facts.Peek("seq"), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            draft.Sequence = (moment.ToUnixTimeSeconds() * (MostSequence + 1)) + Math.Min(seq, MostSequence);
        var (from, to) = (HookNumber.Read(facts.Take("from.number")), HookNumber.Read(facts.Take("to.number")));
        var (caller, callee) = (facts.Take("from.extension") ?? from.Internal, facts.Take("to.extension") ?? to.Internal);
        var line = facts.Take("to.line_number", "line_number") ?? facts.Take("dct.number");
        draft.Direction = facts.Peek("callback_initiator") is not null ? CallDirection.Out
            : caller is not null && callee is not null ? CallDirection.Internal
            : caller is not null ? CallDirection.Out
            : line is not null || callee is not null || from.Phone is not null ? CallDirection.In
            : CallDirection.Unknown;
        SetSides(draft, from.Shown, to.Shown, caller, callee, line);

        var state = facts.Peek("call_state");
        var isTalk = facts.Peek("location") is "abonent" or null;
        draft.Phase = state switch
        {
            "Appeared" => CallPhase.Ringing,
            // Connected to the menu or the queue: nobody talks yet.
            "Connected" => isTalk ? CallPhase.Talking : CallPhase.Ringing,
            "OnHold" => CallPhase.Talking,
            _ => CallPhase.Unknown,
        };
        if (state == "Appeared" && facts.Peek("from.taken_from_call_id") is null) draft.StartedAt = at;
        else if (state == "Connected" && isTalk) draft.AnsweredAt = at;
        return draft.Build("entry_id", leg is null || facts.Peek("seq") is not { } number ? null : $"{CallDraft.Line(leg, 200)}:{CallDraft.Line(number, 20)}");
    }

    private static CallReading Summary(CallRequest request, HookFacts facts)
    {
        var draft = new CallDraft(request, facts) { Id = facts.Take("entry_id"), Phase = CallPhase.Ended };
        draft.Direction = facts.Peek("call_direction") switch
        {
            "0" => CallDirection.Internal,
            "1" => CallDirection.In,
            "2" => CallDirection.Out,
            _ => CallDirection.Unknown,
        };
        var (from, to) = (HookNumber.Read(facts.Take("from.number")), HookNumber.Read(facts.Take("to.number")));
        var (caller, callee) = (facts.Take("from.extension") ?? from.Internal, facts.Take("to.extension") ?? to.Internal);
        SetSides(draft, from.Shown, to.Shown, caller, callee, facts.Take("line_number", "to.line_number") ?? facts.Take("dct.number"));

        draft.StartedAt = draft.Time("create_time");
        var talk = draft.Time("talk_time");
        draft.EndedAt = draft.Time("end_time");
        draft.AnsweredAt = talk;
        if (draft.EndedAt is { } end)
        {
            draft.TalkSeconds = talk is { } since ? Between(since, end) : facts.Has("talk_time") ? 0 : null;
            draft.WaitSeconds = draft.StartedAt is { } start ? Between(start, talk ?? end) : null;
        }
        // The vendor's own example has 1 for a call that ended in the menu: it decides only without times.
        draft.Outcome = facts.Peek("entry_result") switch { "1" => CallOutcome.Answered, "0" => CallOutcome.Missed, _ => CallOutcome.Unknown };
        if (draft.TalkSeconds is null or 0 && int.TryParse(facts.Peek("disconnect_reason"), NumberStyles.None, CultureInfo.InvariantCulture, out var reason)
            && reason is (>= 1150 and < 1160) or (>= 1190 and < 1200)) draft.Outcome = CallOutcome.Rejected;
        return draft.Build("entry_id");
    }

    private static CallReading Recording(CallRequest request, HookFacts facts)
    {
        if (facts.Peek("recording_state") is { } state && !state.Equals("Completed", StringComparison.OrdinalIgnoreCase)) return new CallReading.Nothing("The recording is being made.");
        if (facts.Peek("completion_code") is { } code && code != "1000") return new CallReading.Nothing($"No recording was kept: code {CallDraft.Line(code, 20)}.");
        var draft = new CallDraft(request, facts) { Id = facts.Take("entry_id"), RecordingId = facts.Take("recording_id"), Employee = facts.Take("extension") };
        return draft.Build("entry_id");
    }

    private static CallReading CallTracking(CallRequest request, HookFacts facts)
    {
        if (facts.HasMacros && facts.Peek("entry_id", "call_id", "id", "from", "caller", "phone", "number") is null)
            return new CallReading.Nothing("A test: macros are not filled in.", IsTest: true);
        var draft = new CallDraft(request, facts) { Id = facts.Take("entry_id") };
        CommonCall.Fill(draft);
        if (draft.Direction == CallDirection.Unknown) draft.Direction = CallDirection.In;
        HookTags.Take(facts, draft);
        HookTags.Complete(draft, facts.Peek("source", "channel.source"), facts.Peek("medium", "channel.medium"), facts.Peek("campaign", "channel.campaign"),
            facts.Peek("keyword", "term", "channel.term"));
        return draft.Build("entry_id");
    }

    private static void SetSides(CallDraft draft, string? from, string? to, string? caller, string? callee, string? line)
    {
        var outbound = draft.Direction == CallDirection.Out;
        draft.Employee = outbound ? caller ?? callee : callee ?? caller;
        if (draft.Direction == CallDirection.Internal) return;
        draft.Client = outbound ? to : from;
        draft.DialledLine = line ?? (outbound ? from : to);
    }

    private static int Between(DateTimeOffset from, DateTimeOffset to) => (int)Math.Clamp((to - from).TotalSeconds, 0, int.MaxValue);

    private static string Json(HookFacts facts) => facts.Form.FirstOrDefault(pair => pair.Key.Equals("json", StringComparison.OrdinalIgnoreCase)).Value ?? "";

    private static bool IsSigned(HookFacts facts, string? key, string salt)
    {
        var (given, sent) = (facts.Raw("sign"), facts.Raw("vpbx_api_key"));
        if (given.Length == 0) return false;
        var isKey = string.IsNullOrEmpty(key) || Signatures.Same(sent, key);
        // Both are compared, whatever the first said.
        return Signatures.Same(given.ToLowerInvariant(), Signatures.Sha256Hex(sent + Json(facts) + salt)) & isKey;
    }
}
