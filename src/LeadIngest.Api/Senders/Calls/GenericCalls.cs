using System.Globalization;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>
/// Any PBX or script that posts one call's facts as JSON, form or query: our own names, Asterisk's, those in use elsewhere, and whatever the owner maps
/// (<c>fieldMap</c>, <c>words</c>). See api-spec/senders/calls-generic.md.
/// </summary>
internal sealed class GenericCalls : ICallProvider
{
    public string Name => "generic";

    private static readonly TimeSpan FarOff = TimeSpan.FromHours(24);

    public CallReading Read(CallRequest request)
    {
        if (!PostedValues.TryRead(request, out var values, out var error)) return Unreadable("body", error);
        if (values.All.Count == 0)
            return request.Body.IsEmpty ? new CallReading.Nothing("empty: a check of the address", IsTest: true) : Unreadable("body", "There is no value in it.");
        var facts = GenericFacts.Of(values, request.Sender.Settings.FieldMap);
        if (facts["externalId"] is not { } id)
            return Unreadable("id", "No call id: send it as \"id\" (or uniqueid, linkedid, callId), or name its field in the sender's fieldMap as externalId.");
        if (facts.Taken.Any(t => t.Value is ['{', .., '}'])) return new CallReading.Nothing("macros are not filled in", IsTest: true);
        return new CallReading.Events([Event(id, facts, request)], facts["eventId"]);
    }

    private static CallEvent Event(string id, GenericFacts facts, CallRequest request)
    {
        var settings = request.Sender.Settings;
        var warnings = new List<string>();
        var direction = GenericWords.Direction(facts["direction"], settings.Words);
        var (phase, outcome) = GenericWords.Status(facts, settings.Words);
        var talk = Seconds(facts, "talkSeconds", warnings);
        var ended = Time(facts, "endedAt", settings.TimeZone, warnings);
        var started = Time(facts, "startedAt", settings.TimeZone, warnings);
        // How long somebody talked is known when the call is over.
        if (phase == CallPhase.Unknown && (talk is not null || ended is not null)) phase = CallPhase.Ended;
        if (started is { } at && (at - request.ReceivedAt).Duration() > FarOff) warnings.Add("clock_far_off");
        var (from, to, line) = (facts["from"], facts["to"], facts["linePhone"]);
        if (direction == CallDirection.Unknown) direction = Guess(from, to);
        var outgoing = direction == CallDirection.Out;
        var recording = facts["recordingUrl"];
        var isAddress = Uri.TryCreate(recording, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        return new CallEvent
        {
            ExternalId = id,
            Sequence = long.TryParse(facts["sequence"], CultureInfo.InvariantCulture, out var sequence) ? sequence : null,
            Direction = direction,
            Phase = phase,
            Outcome = outcome,
            ClientPhone = facts["clientPhone"] ?? (direction == CallDirection.Internal ? null : outgoing ? to : from),
            LinePhone = line ?? (direction == CallDirection.Internal ? null : outgoing ? from : to),
            Employee = facts["employee"],
            StartedAt = started,
            AnsweredAt = Time(facts, "answeredAt", settings.TimeZone, warnings),
            EndedAt = ended,
            WaitSeconds = Seconds(facts, "waitSeconds", warnings),
            TalkSeconds = talk,
            RecordingUrl = isAddress ? recording : null,
            RecordingId = facts["recordingId"] ?? (isAddress ? null : recording),
            VisitId = facts["visitId"],
            VisitorId = facts["visitorId"],
            Page = facts["page"],
            Referrer = facts["referrer"],
            ClientName = facts["clientName"],
            Tags = facts.Tags,
            Fields = facts.Others,
            Warnings = warnings,
        };
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

    private static int? Seconds(GenericFacts facts, string name, List<string> warnings)
    {
        if (facts[name] is not { } text) return null;
        if (double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 7 * 86400) return (int)seconds;
        // 00:01:04 and 1:04.
        var parts = text.Split(':');
        if (parts.Length is 2 or 3 && parts.All(p => p.Length is 1 or 2 && p.All(char.IsAsciiDigit)))
            return parts.Aggregate(0, static (sum, p) => (sum * 60) + int.Parse(p, CultureInfo.InvariantCulture));
        warnings.Add($"number_unreadable: {name}");
        return null;
    }

    private static DateTimeOffset? Time(GenericFacts facts, string name, string zone, List<string> warnings)
    {
        if (facts[name] is not { } text) return null;
        if (GenericTimes.TryRead(text, zone, out var time)) return time;
        if (text is not ("0" or "0000-00-00 00:00:00")) warnings.Add($"time_unreadable: {name}");
        return null;
    }

    private static CallReading.Unreadable Unreadable(string field, string reason) => new(new Dictionary<string, string[]> { [field] = [Text.CleanLine(reason, 500)!] });
}
