using System.Text;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>
/// Zadarma and Novofon 1.x: <c>NOTIFY_*</c> forms (multipart with a broken boundary and JSON have been seen), signed in the header <c>Signature</c> over three fields.
/// The address is checked by <c>zd_echo</c>.
/// </summary>
internal sealed class Zadarma : ICallProvider
{
    private const int LongestEcho = 128;

    public string Name => "zadarma";
    public string Title => "Zadarma, Novofon 1.x";
    public SecretsUse Secrets => new("The API secret: the header Signature is checked with it.");

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (request.Method == "GET" && facts.Has("zd_echo"))
            return facts.Raw("zd_echo") is { Length: > 0 and <= LongestEcho } echo && echo.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                ? new CallReading.Answer(echo)
                : HookMessages.Bad("zd_echo", $"Must be 1 to {LongestEcho} letters, digits, dots, dashes or underscores.");

        var happened = facts.Peek("event")?.ToUpperInvariant() ?? "";
        if (request.Sender.Secrets.Secret is { Length: > 0 } secret && !IsSigned(request, facts, happened, secret))
            return new CallReading.Forbidden("The header Signature is missing or does not match.");
        switch (happened)
        {
            case "SMS" or "SPEECH_RECOGNITION" or "NUMBER_LOOKUP":
                return new CallReading.Nothing($"{happened} is no call.");
            case "":
                return facts.IsEmpty ? new CallReading.Nothing("An empty message: a check of the address.", IsTest: true) : HookMessages.Bad("event", "Missing: must be NOTIFY_START, NOTIFY_END or the like.");
            default:
                return Call(request, facts, happened);
        }
    }

    private static CallReading Call(CallRequest request, HookFacts facts, string happened)
    {
        var id = facts.Take("pbx_call_id");
        var draft = new CallDraft(request, facts) { Id = id };
        var outbound = happened.StartsWith("NOTIFY_OUT", StringComparison.Ordinal) || id?.StartsWith("out_", StringComparison.OrdinalIgnoreCase) == true;
        draft.Direction = outbound ? CallDirection.Out
            : id?.StartsWith("in_", StringComparison.OrdinalIgnoreCase) == true || happened is "NOTIFY_START" or "NOTIFY_END" or "NOTIFY_INTERNAL" or "NOTIFY_IVR" ? CallDirection.In
            : CallDirection.Unknown;
        draft.Phase = happened switch
        {
            "NOTIFY_START" or "NOTIFY_INTERNAL" or "NOTIFY_IVR" or "NOTIFY_OUT_START" => CallPhase.Ringing,
            "NOTIFY_ANSWER" => CallPhase.Talking,
            "NOTIFY_END" or "NOTIFY_OUT_END" => CallPhase.Ended,
            _ => CallPhase.Unknown,
        };
        if (outbound)
        {
            draft.Client = facts.Take("dst_e164") ?? facts.Take("destination");
            draft.DialledLine = facts.Take("caller_id");
            draft.Employee = facts.Take("internal");
        }
        else
        {
            draft.Client = facts.Take("caller_id");
            draft.DialledLine = facts.Take("called_did");
            // At the end it has been seen to name somebody who did not talk: kept among the fields.
            if (happened != "NOTIFY_END") draft.Employee = facts.Take("internal");
        }
        draft.StartedAt = draft.Time("call_start");
        draft.Outcome = draft.WordOfOutcome(facts.Peek("disposition"));
        CommonCall.Whole(draft, "duration");
        draft.RecordingId = facts.Take("call_id_with_rec");
        draft.RecordingUrl = facts.Take("audio_link", "link");
        return draft.Build("pbx_call_id");
    }

    private static bool IsSigned(CallRequest request, HookFacts facts, string happened, string secret)
    {
        if (request.Header("Signature") is not { Length: > 0 } given) return false;
        var matches = false;
        foreach (var text in Signed(facts, happened))
        {
            var hash = Signatures.HmacSha1(secret, text);
            // The SDK in PHP encodes the hexadecimal text, the one in TypeScript the bytes themselves.
            matches |= Signatures.Same(given, Convert.ToBase64String(hash));
            matches |= Signatures.Same(given, Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))));
        }
        return matches;
    }

    private static IEnumerable<string> Signed(HookFacts facts, string happened)
    {
        var inbound = facts.Raw("caller_id") + facts.Raw("called_did") + facts.Raw("call_start");
        var answer = facts.Raw("caller_id") + facts.Raw("destination") + facts.Raw("call_start");
        var outbound = facts.Raw("internal") + facts.Raw("destination") + facts.Raw("call_start");
        var record = facts.Raw("pbx_call_id") + facts.Raw("call_id_with_rec");
        return happened switch
        {
            "NOTIFY_START" or "NOTIFY_INTERNAL" or "NOTIFY_END" or "NOTIFY_IVR" => [inbound],
            "NOTIFY_ANSWER" => [answer],
            "NOTIFY_OUT_START" or "NOTIFY_OUT_END" => [outbound],
            "NOTIFY_RECORD" => [record],
            // An event that is not documented: whichever of the known strings has anything in it.
            _ => new[] { inbound, answer, outbound, record }.Where(text => text.Length > 0),
        };
    }
}
