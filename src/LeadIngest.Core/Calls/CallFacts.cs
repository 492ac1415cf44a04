namespace LeadIngest.Core.Calls;

/// <summary>A phone call as all its messages together tell it; see <see cref="CallRules"/>. Lists are in the order of names, so that equal calls read the same.</summary>
public sealed record CallFacts
{
    public CallDirection Direction { get; init; }
    public CallPhase Phase { get; init; }
    public CallOutcome Outcome { get; init; }

    /// <summary>E.164; null when hidden or not to be read as a phone.</summary>
    public string? ClientPhone { get; init; }

    /// <summary>What was sent, where it differs from <see cref="ClientPhone"/>: another spelling, a SIP address, an extension.</summary>
    public string? ClientPhoneTyped { get; init; }

    /// <summary>The provider says that the caller hides the number: nothing is to be waited for.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The number that the client dialled: E.164, or as received when it is no phone.</summary>
    public string? LinePhone { get; init; }

    public string? Employee { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? WaitSeconds { get; init; }
    public int? TalkSeconds { get; init; }
    public string? RecordingUrl { get; init; }
    public string? RecordingId { get; init; }
    public string? VisitId { get; init; }
    public string? VisitorId { get; init; }
    public string? Page { get; init; }
    public string? Referrer { get; init; }
    public string? ClientName { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public bool HasEnded => Phase == CallPhase.Ended;
    public bool HasRecording => RecordingUrl is not null || RecordingId is not null;

    /// <summary>True when the call is over and nobody talked, whoever called: there will be no recording.</summary>
    public bool EndedWithoutTalk => HasEnded && Outcome is CallOutcome.Missed or CallOutcome.Unanswered or CallOutcome.Rejected;

    /// <summary>Without the caller, whom a record would print.</summary>
    public override string ToString() => $"{Direction} {Phase} {Outcome}";
}
