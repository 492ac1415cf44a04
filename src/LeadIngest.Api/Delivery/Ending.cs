using LeadIngest.Crm;

namespace LeadIngest.Api.Delivery;

/// <summary>What one attempt or look-up makes of its row. Pure: from the CRM's answer to the row's next state.</summary>
/// <param name="State">The row's next state.</param>
/// <param name="Outcome">The answer's class, as <c>delivery_attempts</c> and the metrics name it.</param>
/// <param name="Delay">When the row comes due again, from now; null for a final state.</param>
internal sealed record Ending(string State, string Outcome, TimeSpan? Delay = null, string? Error = null)
{
    public const string Pending = "pending", InDoubt = "in_doubt", Delivered = "delivered", Dead = "dead";

    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the row becomes, when it has to go another way than it was claimed for.</summary>
    public Redirect? To { get; init; }

    /// <summary>The attempt was not made: it is given back.</summary>
    public bool GivenBack { get; init; }

    /// <summary>The claim counts on as one without an outcome: the lead itself is suspected.</summary>
    public bool Suspect { get; init; }

    /// <summary>A look-up that the CRM answered.</summary>
    public bool Probed { get; init; }

    /// <summary>What the connection becomes: <c>needs_reauth</c>, <c>blocked</c>, or null.</summary>
    public string? StopsConnection { get; init; }

    /// <summary>A stop that may pass by itself: one lead is tried now and then.</summary>
    public bool MayPass { get; init; }

    /// <summary>The CRM dealt with the lead: the account works.</summary>
    public bool ProvesAccount => Outcome is "delivered" or "found" or "refused" or "absent" or "redirected" or "dropped";

    /// <summary>The account as a whole was told to wait so long.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>The next state after a sending.</summary>
    /// <param name="firstLookup">The first of <see cref="ICrmAccount.LookupDelays"/>.</param>
    public static Ending Of(DeliveryOutcome outcome, Claim claim, TimeSpan firstLookup)
    {
        if (outcome is DeliveryOutcome.Redirected again && claim.Redirects >= Redirect.Most) outcome = Bounded(again, claim.Kind);
        return (outcome switch
        {
            DeliveryOutcome.Delivered when !outcome.Steps.ContainsKey(Final(claim.Kind)) =>
                new(InDoubt, "unknown", firstLookup, "The CRM's answer did not name what it made."),
            DeliveryOutcome.Delivered => new Ending(Delivered, "delivered"),
            DeliveryOutcome.NotExecuted no => new(Pending, "not_executed", RetrySchedule.Told(no.After), no.Why) { GivenBack = true, Pause = no.IsOfMethod ? null : no.After },
            DeliveryOutcome.Unknown unknown => new(InDoubt, "unknown", firstLookup, unknown.Why),
            DeliveryOutcome.Redirected other => Elsewhere(other, claim),
            DeliveryOutcome.Dropped => new(Delivered, "dropped"),
            DeliveryOutcome.Refused refused => new(Dead, "refused", null, refused.Why),
            DeliveryOutcome.CredentialsRefused refused =>
                new(Pending, "credentials_refused", TimeSpan.Zero, refused.Why) { GivenBack = true, StopsConnection = "needs_reauth" },
            DeliveryOutcome.AccountBlocked blocked =>
                new(Pending, "account_blocked", TimeSpan.Zero, blocked.Why) { GivenBack = true, StopsConnection = "blocked", MayPass = blocked.MayPass },
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        }) with
        { Steps = outcome.Steps, Warnings = outcome is DeliveryOutcome.Dropped dropped ? [.. outcome.Warnings, dropped.Why] : outcome.Warnings };
    }

    /// <summary>The next state after a look-up.</summary>
    /// <param name="doubt">How long the row has been in doubt.</param>
    /// <param name="lookups">Look-ups answered before this one.</param>
    public static Ending Of(LookupOutcome outcome, Claim claim, TimeSpan doubt, int lookups, IReadOnlyList<TimeSpan> delays)
    {
        var ending = outcome switch
        {
            LookupOutcome.Found when outcome.Steps.ContainsKey(Final(claim.Kind)) => new Ending(Delivered, "found") { Probed = true },
            LookupOutcome.Found or LookupOutcome.Absent => Absent(claim.Attempt, doubt, delays.Skip(lookups + 1), isIn: outcome.Steps.ContainsKey(Final(claim.Kind))),
            LookupOutcome.Failed failed => new(InDoubt, "failed", RetrySchedule.Told(failed.After ?? TimeSpan.FromSeconds(30)), failed.Why) { Pause = failed.After },
            _ => throw new InvalidOperationException($"Unknown look-up outcome {outcome.GetType().Name}."),
        };
        return ending with { Steps = outcome.Steps, Warnings = [.. ending.Warnings, .. outcome.Warnings] };
    }

    /// <summary>A lead that could not even be read from our own tables: a fault of ours, three chances.</summary>
    public static Ending Unreadable(Claim claim, string fault) => claim.CrashClaims >= 3
        ? new(Dead, "unreadable", null, fault)
        : new(Pending, "unreadable", RetrySchedule.Jitter(RetrySchedule.After(claim.CrashClaims)!.Value), fault) { GivenBack = true, Suspect = true };

    /// <summary>The remote id without which nothing counts as delivered.</summary>
    public static string Final(OutgoingKind kind) => kind switch { OutgoingKind.Note => Step.Note, OutgoingKind.Call => Step.Call, _ => Step.Deal };

    // Nothing was done, so it is due at once and spends no attempt. But what an earlier attempt may have left in a deal has moved on with it when that was
    // merged: it is looked for there first. A deal of its own needs no other deal: with it, or with nothing at all, a row that is sent round and round ends.
    private static Ending Elsewhere(DeliveryOutcome.Redirected other, Claim claim) =>
        new(claim.Attempt > 1 && other.Kind == claim.Kind ? InDoubt : Pending, "redirected", TimeSpan.Zero, other.Why)
        {
            To = new(other.Kind, other.DealId, other.MergedFrom),
            GivenBack = true,
        };

    private static DeliveryOutcome Bounded(DeliveryOutcome.Redirected other, OutgoingKind kind)
    {
        const string Why = "The deal changed in the CRM each time it was looked at";
        return kind == OutgoingKind.Call
            ? new DeliveryOutcome.Dropped($"{Why}: the call was left out.") { Steps = other.Steps }
            : new DeliveryOutcome.Redirected(OutgoingKind.Deal, null, Why) { Steps = other.Steps, Warnings = [$"{Why}: the enquiry became a new deal."] };
    }

    // The pauses count from the moment of doubt: those that are over by now (the row was taken over late, or sent again by a person) need not be
    // waited for. After the last it is sent again, at once in the beginning, later by the schedule.
    private static Ending Absent(int attempts, TimeSpan doubt, IEnumerable<TimeSpan> left, bool isIn)
    {
        foreach (var pause in left)
            if (pause > doubt) return new(InDoubt, "absent", pause - doubt) { Probed = true };
        return RetrySchedule.After(attempts) is { } next
            ? new(Pending, "absent", next > doubt ? RetrySchedule.Jitter(next - doubt) : TimeSpan.Zero) { Probed = true }
            // The card is in and only its call is not: that is no lead to give up.
            : isIn ? new(Delivered, "found") { Probed = true, Warnings = ["The call's entry was given up after 72 hours without an answer; the card is there."] }
            : new(Dead, "absent", null, "Given up after 72 hours: no attempt was ever answered.") { Probed = true };
    }
}
