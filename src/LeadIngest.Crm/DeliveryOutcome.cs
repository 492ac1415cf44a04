namespace LeadIngest.Crm;

/// <summary>How an attempt to send one lead ended. <see cref="Steps"/> holds the remote ids that this attempt made sure of, whatever the end.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome() { }

    /// <summary>Remote ids by <see cref="Step"/>; kept and passed to the next attempt.</summary>
    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>();

    /// <summary>What was left out or changed to get the lead in ("field X was refused and dropped"). For people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The row of docs/failures.md that it was; empty on success and where our own rules refused the lead.</summary>
    public string Failure { get; init; } = "";

    /// <summary>This outcome of an attempt that had come so far.</summary>
    internal DeliveryOutcome Following(IReadOnlyDictionary<string, string> steps, IReadOnlyList<string> warnings) => this with
    {
        Steps = new Dictionary<string, string>(steps.Where(s => !Steps.ContainsKey(s.Key)).Concat(Steps)),
        Warnings = [.. warnings, .. Warnings],
    };

    /// <summary>Final. <see cref="Steps"/> names the deal (or note) and the contact.</summary>
    public sealed record Delivered : DeliveryOutcome;

    /// <summary>The CRM certainly did nothing: refused connection, its rate limit, our limiter or breaker, a lost lease. No attempt is spent.</summary>
    public sealed record NotExecuted(string Why, TimeSpan? After = null) : DeliveryOutcome
    {
        /// <summary>Only leads like this one have to wait; the rest of the account may go on.</summary>
        public bool IsOfMethod { get; init; }
    }

    /// <summary>It may or may not have been done: time-out, reset, 5xx, an unreadable answer. To be looked up before anything is sent again.</summary>
    public sealed record Unknown(string Why) : DeliveryOutcome;

    /// <summary>
    /// Nothing was done: the deal that the lead was to go to was closed, merged or deleted, and it has to go another way. What it becomes must be remembered
    /// before it is sent, or a look-up in doubt would search for the wrong thing. <see cref="Steps"/> replace nothing but what they name.
    /// </summary>
    /// <param name="Kind">What the lead becomes.</param>
    /// <param name="DealId">The deal that a note or a call's entry goes to now; null for a deal of its own.</param>
    /// <param name="Why">For people.</param>
    public sealed record Redirected(OutgoingKind Kind, string? DealId, string Why) : DeliveryOutcome
    {
        /// <summary>The deal that was merged into <see cref="DealId"/>: whoever knows it should learn the new id. Null when nothing was merged.</summary>
        public string? MergedFrom { get; init; }
    }

    /// <summary>Final: what was to be sent has no place in the CRM any more, and nothing is lost by leaving it out.</summary>
    public sealed record Dropped(string Why) : DeliveryOutcome;

    /// <summary>Refused for good in the CRM's own words. A person has to look.</summary>
    public sealed record Refused(string Why) : DeliveryOutcome;

    /// <summary>The credentials do not work any more; the account waits for a person, the delivery stays pending.</summary>
    public sealed record CredentialsRefused(string Why) : DeliveryOutcome;

    /// <summary>The account is blocked, unpaid or gone; it is paused and the delivery stays pending.</summary>
    public sealed record AccountBlocked(string Why) : DeliveryOutcome
    {
        /// <summary>May pass by itself (the bill is paid): worth a try with one lead now and then.</summary>
        public bool MayPass { get; init; }
    }
}

/// <summary>What the CRM says about a delivery in doubt.</summary>
public abstract record LookupOutcome
{
    private LookupOutcome() { }

    /// <summary>Remote ids found by our external ids, by <see cref="Step"/>; a contact alone may be found.</summary>
    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person should know: the lead was found several times.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>It had arrived.</summary>
    public sealed record Found : LookupOutcome;

    /// <summary>Not there (yet): new objects may show up in search with a lag.</summary>
    public sealed record Absent : LookupOutcome;

    /// <summary>The CRM could not be asked.</summary>
    public sealed record Failed(string Why, TimeSpan? After = null) : LookupOutcome;
}
