namespace LeadIngest.Core.Calls;

public enum CallDirection { Unknown, In, Out, Internal }

/// <summary>In the order in which a call lives: a later phase is never taken back by an earlier one.</summary>
public enum CallPhase { Unknown, Ringing, Talking, Ended }

/// <summary>What became of a call. <see cref="Missed"/> is inbound without talk, <see cref="Unanswered"/> outbound without talk.</summary>
public enum CallOutcome { Unknown, Answered, Missed, Unanswered, Rejected }

/// <summary>
/// One message of a provider about one call, in our words: every fact is optional, for a provider may send one message or ten, in any order, and
/// repeat them. All phones are as received.
/// </summary>
public sealed record CallEvent
{
    /// <summary>The provider's id of the whole call, the same in all its messages.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Which message this is, where the provider numbers them; a higher number of the same call is newer.</summary>
    public long? Sequence { get; init; }

    public CallDirection Direction { get; init; }
    public CallPhase Phase { get; init; }

    /// <summary>By the provider's own word. Talk time decides where it is known: its word alone has been seen to be wrong.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>The client's number: who calls when inbound, who is called when outbound. Null, empty or a word such as "anonymous" when hidden.</summary>
    public string? ClientPhone { get; init; }

    /// <summary>The number of ours that the client dialled: the key to where the client saw it.</summary>
    public string? LinePhone { get; init; }

    /// <summary>Who answered, as the PBX names people: extension, login or name.</summary>
    public string? Employee { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? WaitSeconds { get; init; }

    /// <summary>0: nobody talked.</summary>
    public int? TalkSeconds { get; init; }

    /// <summary>Address of the recording as the provider gave it: shown, never fetched.</summary>
    public string? RecordingUrl { get; init; }

    /// <summary>The provider's id of the recording where it gives no address.</summary>
    public string? RecordingId { get; init; }

    /// <summary>Our visit, where the provider passes it on (a custom parameter of its script).</summary>
    public string? VisitId { get; init; }

    public string? VisitorId { get; init; }

    /// <summary>Where the provider's script saw the visitor: page, referrer.</summary>
    public string? Page { get; init; }

    public string? Referrer { get; init; }

    /// <summary>utm tags, click ids, analytics ids by their usual names, values as received (words for "nothing" left out).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The caller's name, where the provider knows it.</summary>
    public string? ClientName { get; init; }

    /// <summary>Whatever else was said, label to text: kept and shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Named faults of this message: <c>clock_far_off</c>, <c>time_unreadable</c>, …</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Without the caller, whom a record would print.</summary>
    public override string ToString() => $"{Phase} {ExternalId}";
}
