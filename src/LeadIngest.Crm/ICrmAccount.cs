namespace LeadIngest.Crm;

/// <summary>
/// One CRM account as delivery sees it: the port that amoCRM and Bitrix24 implement. What differs between them (batch limits, errors, ids)
/// stays behind it. No method throws for what a CRM says or for a lost network: that is an outcome. Cancellation by the caller's token does throw.
/// </summary>
public interface ICrmAccount : IAsyncDisposable
{
    /// <summary><c>amocrm</c> or <c>bitrix24</c>.</summary>
    string Kind { get; }

    /// <summary>How many leads one <see cref="SendAsync"/> may carry.</summary>
    int MaxBatch { get; }

    /// <summary>How many <see cref="SendAsync"/> may run at a time. No client may be in two of them: what one makes of a client the next has to know.</summary>
    int MaxCalls => 1;

    /// <summary>Pauses before each look-up of a delivery in doubt, counted from the moment it fell into doubt. After the last one that finds nothing it may be sent once more.</summary>
    IReadOnlyList<TimeSpan> LookupDelays { get; }

    /// <summary>Sends leads. One outcome an item, in the items' order. Items of one client with no known contact must not share a batch.</summary>
    Task<IReadOnlyList<DeliveryOutcome>> SendAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct);

    /// <summary>Asks the CRM, by our own ids, whether deliveries of unknown outcome arrived. One answer an item, in the items' order.</summary>
    Task<IReadOnlyList<LookupOutcome>> FindAsync(IReadOnlyList<OutgoingLead> batch, ICallGuard guard, CancellationToken ct);

    /// <summary>Says in words whether the account can be worked with and what is missing (rights, fields, a paid plan). Changes nothing unless it is asked to repair.</summary>
    Task<AccountCheck> CheckAsync(CheckRequest request, ICallGuard guard, CancellationToken ct);

    /// <summary>Reads people and firms; null where an account cannot be read.</summary>
    IContactReader? Contacts => null;

    /// <summary>Reads deals back; null where an account cannot be read.</summary>
    IDealReader? Deals => null;

    /// <summary>Reads what settings choose from; null where an account cannot be read.</summary>
    IDirectoryReader? Directories => null;

    /// <summary>The breaker and the limiter as they stand, for the operator's view.</summary>
    AccountHealth Health { get; }

    /// <summary>Takes over what the process that worked on the account before has used of its request limit.</summary>
    /// <param name="level">As it was; <see cref="double.PositiveInfinity"/>: nobody knows, so all of it.</param>
    /// <param name="age">How long ago.</param>
    void ContinueRate(double level, TimeSpan age) { }
}

/// <summary>Asked right before the bytes of each HTTP request are written: a worker whose lease ran out must not call.</summary>
public interface ICallGuard
{
    /// <summary>False once the lease may belong to somebody else; the call is then not made and the outcome is <see cref="DeliveryOutcome.NotExecuted"/>.</summary>
    bool MayCall { get; }
}

/// <param name="BreakerOpen">True while calls are held back after a run of failures.</param>
/// <param name="LastError">The last failure in the CRM's own words, else null.</param>
public sealed record AccountHealth(bool BreakerOpen, string? LastError)
{
    /// <summary>Null where nobody counts.</summary>
    public RateUse? Rate { get; init; }
}

/// <summary>What is used of an account's request limit, by this process.</summary>
/// <param name="Level">The leaky bucket's: requests that have not drained yet.</param>
/// <param name="PerSecond">Requests a second that we allow ourselves.</param>
/// <param name="Burst">Requests that may go out at once.</param>
/// <param name="LastSecond">Requests in this second and the one before.</param>
/// <param name="LastMinute">Requests in the last 60 s.</param>
public sealed record RateUse(double Level, double PerSecond, double Burst, int LastSecond, int LastMinute)
{
    /// <summary>Until a request that is in no hurry may go out: it leaves half of the burst to the others.</summary>
    public TimeSpan UntilReading => TimeSpan.FromSeconds(Math.Max(0, (Level + 1 - Math.Max(1, Burst / 2)) / PerSecond));
}
