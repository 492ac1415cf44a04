using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Calls;

/// <summary>
/// Folds the messages of one call into its facts. The order and the number of times in which messages came do not matter: every fact is chosen by the
/// messages' own values. Pure; never throws.
/// </summary>
/// <remarks>
/// Phase: the latest. Times: earliest start and answer, latest end. Talk: the longest; it decides the outcome, because words alone have been seen to be
/// wrong. Any other fact: that of the latest phase, then of the highest sequence, then the greater value. Tags and fields are united by name.
/// </remarks>
public static class CallRules
{
    /// <summary>The provider itself doubts its source (a shared number, a static one): the passport is only guessed.</summary>
    public const string SourceNotAccurate = "source_not_accurate";

    private const int LongestLine = 500;
    private const int LongestAddress = 8192;
    private const int MostTags = 100;

    /// <param name="events">Of one call, in any order; at least one.</param>
    /// <param name="defaultCountry">ISO 3166-1 alpha-2 of the site: decides numbers without a calling code.</param>
    public static CallFacts Fold(IEnumerable<CallEvent> events, string? defaultCountry)
    {
        var all = events as IReadOnlyList<CallEvent> ?? [.. events];
        var warnings = new SortedSet<string>(all.SelectMany(e => e.Warnings), StringComparer.Ordinal);
        var direction = Best(all, e => e.Direction == CallDirection.Unknown ? null : (CallDirection?)e.Direction, Comparer<CallDirection>.Default) ?? CallDirection.Unknown;
        var (started, answered, ended) = (all.Min(e => e.StartedAt), all.Min(e => e.AnsweredAt), all.Max(e => e.EndedAt));
        if (ended < started)
        {
            warnings.Add("ended_before_start");
            ended = null;
        }
        var talk = all.Max(e => e.TalkSeconds is >= 0 ? e.TalkSeconds : null);
        if (talk is null && ended - answered is { } span && span >= TimeSpan.Zero && span < TimeSpan.FromDays(1)) talk = (int)span.TotalSeconds;
        var phase = all.Max(e => e.Phase);
        if (ended is not null) phase = CallPhase.Ended;
        else if (answered is not null && phase < CallPhase.Talking) phase = CallPhase.Talking;

        var (client, typed) = ClientPhone(all, defaultCountry);
        var line = Best(all, e => CallPhones.Read(e.LinePhone, defaultCountry), StringComparer.Ordinal) ?? Best(all, e => CallPhones.Part(e.LinePhone), StringComparer.Ordinal);
        return new CallFacts
        {
            Direction = direction,
            Phase = phase,
            Outcome = Outcome(all, direction, phase, talk),
            ClientPhone = client,
            ClientPhoneTyped = typed,
            IsHidden = client is null && all.Any(e => CallPhones.IsHidden(e.ClientPhone)),
            LinePhone = line,
            Employee = Line(all, e => e.Employee),
            StartedAt = started,
            AnsweredAt = answered,
            EndedAt = ended,
            WaitSeconds = Best(all, e => e.WaitSeconds is >= 0 ? e.WaitSeconds : null, Comparer<int>.Default),
            TalkSeconds = talk,
            RecordingUrl = Line(all, e => e.RecordingUrl, LongestAddress),
            RecordingId = Line(all, e => e.RecordingId),
            VisitId = Line(all, e => e.VisitId),
            VisitorId = Line(all, e => e.VisitorId),
            Page = Line(all, e => e.Page, LongestAddress),
            Referrer = Line(all, e => e.Referrer, LongestAddress),
            ClientName = Line(all, e => e.ClientName),
            Tags = United(all, e => e.Tags, lower: true),
            Fields = United(all, e => e.Fields, lower: false),
            Warnings = [.. warnings],
        };
    }

    /// <summary>Talk decides where it is known and the call is over; else the kindest word of any leg, for a call is missed only if no leg talked.</summary>
    private static CallOutcome Outcome(IReadOnlyList<CallEvent> all, CallDirection direction, CallPhase phase, int? talk)
    {
        if (talk > 0) return CallOutcome.Answered;
        var silent = talk == 0 && phase == CallPhase.Ended;
        if (!silent && all.Any(e => e.Outcome == CallOutcome.Answered)) return CallOutcome.Answered;
        if (all.Any(e => e.Outcome == CallOutcome.Rejected)) return CallOutcome.Rejected;
        var unheard = direction == CallDirection.Out ? CallOutcome.Unanswered : CallOutcome.Missed;
        if (all.Any(e => e.Outcome is CallOutcome.Missed or CallOutcome.Unanswered) || silent)
            return direction is CallDirection.Unknown or CallDirection.Internal && all.All(e => e.Outcome is not CallOutcome.Missed) ? CallOutcome.Unanswered : unheard;
        return !silent && all.Any(e => e.Phase == CallPhase.Talking || e.AnsweredAt is not null) ? CallOutcome.Answered : CallOutcome.Unknown;
    }

    private static (string? E164, string? Typed) ClientPhone(IReadOnlyList<CallEvent> all, string? country)
    {
        var typed = Best(all, e => CallPhones.Read(e.ClientPhone, country) is { } read ? (read, Text.CleanLine(e.ClientPhone, 100)!) : ((string, string)?)null,
            Comparer<(string, string)>.Create(static (a, b) => string.CompareOrdinal(a.Item1, b.Item1) is var c and not 0 ? c : string.CompareOrdinal(a.Item2, b.Item2)));
        if (typed is var (e164, text)) return (e164, text == e164 ? null : text);
        return (null, Best(all, e => CallPhones.IsHidden(e.ClientPhone) ? null : Text.CleanLine(e.ClientPhone, 100), StringComparer.Ordinal));
    }

    private static string? Line(IReadOnlyList<CallEvent> all, Func<CallEvent, string?> fact, int longest = LongestLine) =>
        Best(all, e => Text.CleanLine(fact(e), longest), StringComparer.Ordinal);

    /// <summary>One value a name: that of the best message, in the order of names.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> United(IReadOnlyList<CallEvent> all, Func<CallEvent, IReadOnlyList<KeyValuePair<string, string>>> pairs,
        bool lower)
    {
        var best = new SortedDictionary<string, (CallEvent Event, string Value)>(StringComparer.Ordinal);
        foreach (var e in all)
            foreach (var (label, value) in pairs(e))
            {
                if (Text.CleanLine(label, 200) is not { } name || string.IsNullOrWhiteSpace(value)) continue;
                if (lower) name = name.ToLowerInvariant();
                if (!best.TryGetValue(name, out var known) || Compare(e, value, known.Event, known.Value, StringComparer.Ordinal) > 0) best[name] = (e, value);
            }
        return [.. best.Take(MostTags).Select(b => KeyValuePair.Create(b.Key, b.Value.Value))];
    }

    private static T? Best<T>(IReadOnlyList<CallEvent> all, Func<CallEvent, T?> fact, IComparer<T> values) where T : struct
    {
        (CallEvent Event, T Value)? best = null;
        foreach (var e in all)
            if (fact(e) is { } value && (best is not { } b || Compare(e, value, b.Event, b.Value, values) > 0)) best = (e, value);
        return best?.Value;
    }

    private static string? Best(IReadOnlyList<CallEvent> all, Func<CallEvent, string?> fact, StringComparer values)
    {
        (CallEvent Event, string Value)? best = null;
        foreach (var e in all)
            if (fact(e) is { } value && (best is not { } b || Compare(e, value, b.Event, b.Value, values) > 0)) best = (e, value);
        return best?.Value;
    }

    private static int Compare<T>(CallEvent a, T valueA, CallEvent b, T valueB, IComparer<T> values)
    {
        if (a.Phase != b.Phase) return a.Phase.CompareTo(b.Phase);
        var sequence = (a.Sequence ?? long.MinValue).CompareTo(b.Sequence ?? long.MinValue);
        return sequence != 0 ? sequence : values.Compare(valueA, valueB);
    }
}
