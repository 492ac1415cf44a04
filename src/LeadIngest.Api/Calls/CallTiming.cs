using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Calls;

/// <summary>When this service heard what of a call, by its own clock: a PBX's may be wrong.</summary>
/// <param name="First">The first event.</param>
/// <param name="Last">The last event.</param>
/// <param name="Ended">The first event that said that the call is over; null while it lasts.</param>
/// <param name="Recorded">The first event that named a recording.</param>
internal sealed record CallHeard(DateTimeOffset First, DateTimeOffset Last, DateTimeOffset? Ended, DateTimeOffset? Recorded)
{
    public static CallHeard Of(IReadOnlyList<StoredEvent> events) => new(events.Min(e => e.ReceivedAt), events.Max(e => e.ReceivedAt),
        events.Where(e => e.Event.Phase == CallPhase.Ended || e.Event.EndedAt is not null).Min(e => (DateTimeOffset?)e.ReceivedAt),
        events.Where(e => e.Event.RecordingUrl is not null || e.Event.RecordingId is not null).Min(e => (DateTimeOffset?)e.ReceivedAt));

    /// <summary>Since when all that a card shows of the call is known; null while it lasts.</summary>
    public DateTimeOffset? Complete => Ended is null ? null : Recorded > Ended ? Recorded : Ended;
}

/// <param name="Event">In our words.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record StoredEvent(CallEvent Event, DateTimeOffset ReceivedAt);

/// <summary>The moments of a call's lead: until when it waits to be made, and from when it may go to a CRM. Pure.</summary>
internal static class CallTiming
{
    /// <returns>The moment to look again, when something is still worth waiting for; null: the lead can be made.</returns>
    public static DateTimeOffset? WaitUntil(CallFacts facts, CallHeard heard, CallsOptions options, DateTimeOffset now)
    {
        var grace = heard.First + options.PhoneGrace;
        var until = now;
        if (facts.Direction == CallDirection.Unknown) until = grace;
        else if (facts.ClientPhone is null && !facts.IsHidden)
            until = facts.HasEnded && heard.Last + options.SettleTime < grace ? heard.Last + options.SettleTime : grace;
        return until > now ? until : null;
    }

    /// <returns>When the lead may go to a CRM; a moment that is past: now.</returns>
    public static DateTimeOffset DueAt(CallFacts facts, CallHeard heard, string deliverAt, CallsOptions options)
    {
        if (deliverAt == "start") return heard.First;
        if (!facts.HasEnded || heard.Ended is not { } ended) return heard.First + options.LongestWait;
        return facts.EndedWithoutTalk || facts.HasRecording ? heard.Complete ?? ended : ended + options.RecordingWait;
    }

    /// <returns>The same for the call's own entry in a card that was made before.</returns>
    public static DateTimeOffset EntryDueAt(CallFacts facts, CallHeard heard, CallsOptions options) => DueAt(facts, heard, "end", options);

    /// <summary>When the client dialled, for the question who held the number then. A start that the moment of arrival contradicts is a wrong clock or zone.</summary>
    public static DateTimeOffset DialledAt(CallFacts facts, CallHeard heard) =>
        facts.StartedAt is { } start && start <= heard.First + TimeSpan.FromMinutes(2) && start >= heard.First - TimeSpan.FromHours(24) ? start : heard.First;
}
