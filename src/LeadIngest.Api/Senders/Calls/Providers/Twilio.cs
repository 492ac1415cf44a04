using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>Twilio and services that copy its status callbacks: forms signed in <c>X-Twilio-Signature</c> over the public address and the sorted fields.</summary>
internal sealed class Twilio : ICallProvider
{
    // What Twilio dials for a caller without a number: the words anonymous, restricted, blocked, unknown, unavailable on the keys of a phone.
    private static readonly HashSet<string> Hidden = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"];

    public string Name => "twilio";
    public string Title => "Twilio";
    public SecretsUse Secrets => new("The auth token: the header X-Twilio-Signature is checked with it.");

    public CallReading Read(CallRequest request) => HookReader.Read(request, facts => Read(request, facts));

    private static CallReading Read(CallRequest request, HookFacts facts)
    {
        if (request.Sender.Secrets.Secret is { Length: > 0 } secret && !IsSigned(request, facts, secret))
            return new CallReading.Forbidden("X-Twilio-Signature is missing or does not match this address and body.");
        if (facts.IsEmpty) return new CallReading.Nothing("An empty message: a check of the address.", IsTest: true);
        if (facts.Has("MessageSid") && !facts.Has("CallSid")) return new CallReading.Nothing("A text message is no call.");

        var draft = new CallDraft(request, facts);
        var isLeg = facts.Peek("ParentCallSid") is not null;
        draft.Id = facts.Take("ParentCallSid") ?? facts.Take("CallSid");
        if (facts.Peek("RecordingSid") is not null) return Recording(draft, facts);
        var status = facts.Peek("CallStatus")?.ToLowerInvariant();
        var at = draft.Time("Timestamp");
        var (from, to) = (facts.Take("From", "Caller"), facts.Take("To", "Called"));
        (from, to) = (Shown(from), Shown(to));
        if (isLeg) Leg(draft, status, to, at);
        else
        {
            draft.Direction = draft.WordOfDirection(facts.Peek("Direction"));
            var outbound = draft.Direction == CallDirection.Out;
            (draft.Client, draft.DialledLine) = outbound ? (to, from) : (from, to);
            draft.ClientName = facts.Take("CallerName");
            // It numbers the messages of one call only, and legs have numbers of their own.
            if (long.TryParse(facts.Peek("SequenceNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) draft.Sequence = number;
            (draft.Phase, draft.Outcome) = status switch
            {
                "queued" or "initiated" or "ringing" => (CallPhase.Ringing, CallOutcome.Unknown),
                "in-progress" => (CallPhase.Talking, CallOutcome.Unknown),
                "completed" => (CallPhase.Ended, CallOutcome.Answered),
                "busy" or "no-answer" or "canceled" or "failed" => (CallPhase.Ended, CallOutcome.Missed),
                _ => (draft.WordOfPhase(status), draft.WordOfOutcome(status)),
            };
            CommonCall.Whole(draft, "CallDuration");
            if (draft.Phase == CallPhase.Ended)
            {
                draft.EndedAt = at;
                // Where only the end was subscribed to; for an inbound call the duration begins with the call itself.
                if (draft.TalkSeconds is { } seconds && draft.Direction == CallDirection.In) draft.StartedAt = at?.AddSeconds(-seconds);
            }
            else if (draft.Phase == CallPhase.Talking) draft.AnsweredAt = at;
            else draft.StartedAt = at;
        }
        draft.RecordingUrl = facts.Take("RecordingUrl");
        return draft.Build("CallSid");
    }

    /// <summary>The side of an employee, dialled within the client's call: says who talks and for how long, never that the call is over.</summary>
    private static void Leg(CallDraft draft, string? status, string? to, DateTimeOffset? at)
    {
        var number = HookNumber.Read(to);
        draft.Employee = number.Internal ?? number.Phone;
        if (status == "in-progress") (draft.Phase, draft.AnsweredAt) = (CallPhase.Talking, at);
        else if (status == "completed") draft.TalkSeconds = draft.Seconds("CallDuration");
    }

    private static CallReading Recording(CallDraft draft, HookFacts facts)
    {
        if (facts.Peek("RecordingStatus") is { } state && !state.Equals("completed", StringComparison.OrdinalIgnoreCase)) return new CallReading.Nothing("The recording is being made.");
        (draft.RecordingId, draft.RecordingUrl) = (facts.Take("RecordingSid"), facts.Take("RecordingUrl"));
        return draft.Build("CallSid");
    }

    private static string? Shown(string? number) => number is not null && Hidden.Contains(number.StartsWith('+') ? number : "+" + number.TrimStart(' ')) ? "anonymous" : number;

    private static bool IsSigned(CallRequest request, HookFacts facts, string secret)
    {
        if (request.Header("X-Twilio-Signature") is not { Length: > 0 } given) return false;
        var fields = new StringBuilder();
        if (facts.Form.Count > 0)
            foreach (var (name, value) in facts.Form.OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Distinct()) fields.Append(name).Append(value);
        else if (!request.Body.IsEmpty && !HasBodyHash(request, facts)) return false;
        var matches = false;
        foreach (var address in Addresses(request.Address))
            matches |= Signatures.Same(given, Convert.ToBase64String(Signatures.HmacSha1(secret, address + fields)));
        return matches;
    }

    /// <summary>A body that is no form is signed by its hash in the address.</summary>
    private static bool HasBodyHash(CallRequest request, HookFacts facts) =>
        Signatures.Same(facts.Raw("bodySHA256").ToLowerInvariant(), Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)));

    /// <summary>With and without the port that the scheme implies: both have been signed.</summary>
    private static IEnumerable<string> Addresses(string address)
    {
        yield return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !uri.IsDefaultPort) yield break;
        var host = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.IndexOfAny(['/', '?'], host);
        if (end < 0) end = address.Length;
        var authority = address[host..end];
        var port = ":" + uri.Port.ToString(CultureInfo.InvariantCulture);
        yield return authority.EndsWith(port, StringComparison.Ordinal) ? address[..(end - port.Length)] + address[end..] : address[..end] + port + address[end..];
    }
}
