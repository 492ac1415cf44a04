using System.Text.Json;

namespace LeadIngest.Crm.Http;

/// <summary>What one call says about the health of the CRM: the breaker counts only <see cref="Ill"/>.</summary>
internal enum Vitals
{
    /// <summary>Nothing: the call was never made, or the CRM only asked for a slower pace.</summary>
    Silent,

    /// <summary>The CRM answered in its own words, be it a refusal.</summary>
    Well,

    /// <summary>Transport error, time-out, 5xx, an answer that cannot be read.</summary>
    Ill,
}

/// <summary>How one call to a CRM ended, all attempts together: the common ground of both vendors' error tables.</summary>
/// <param name="Why">In words, secrets masked; empty on success.</param>
internal abstract record CallEnd(string Why)
{
    public Vitals Vitals { get; init; } = Vitals.Silent;

    /// <summary>The same request may go out again at once: it is certain that nothing was done.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>The CRM asked for a slower pace.</summary>
    public bool IsRate { get; init; }

    /// <summary>HTTP status, 0 when there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>The row of the failure tables that this end is; empty where an answer was understood and what it says is not enough.</summary>
    public string Failure { get; init; } = "";

    /// <param name="Body">Null where the CRM answers "nothing" (204).</param>
    internal sealed record Ok(JsonElement? Body) : CallEnd("");

    internal sealed record NotExecuted(string Why, TimeSpan? After = null) : CallEnd(Why)
    {
        /// <summary>The pause is one method's; the rest of the account may go on.</summary>
        public bool IsOfMethod { get; init; }
    }

    internal sealed record Unknown(string Why) : CallEnd(Why);

    internal sealed record CredentialsRefused(string Why) : CallEnd(Why)
    {
        /// <summary>The token's time may simply be over: a fresh one may work. Nothing was done.</summary>
        public bool IsStale { get; init; }
    }

    internal sealed record AccountBlocked(string Why) : CallEnd(Why)
    {
        /// <summary>Nothing was done because the account is not at this address (any more).</summary>
        public bool IsElsewhere { get; init; }

        /// <summary>Where the CRM points to, when it does.</summary>
        public Uri? Location { get; init; }

        /// <summary>May pass without anybody's doing here (the bill is paid): worth a try now and then.</summary>
        public bool MayPass { get; init; }
    }

    /// <summary>The CRM read the request and refused its content; nothing was done.</summary>
    internal sealed record Data(string Why, IReadOnlyList<DataError> Errors) : CallEnd(Why);

    /// <summary>The outcome of a delivery whose call ended so.</summary>
    public DeliveryOutcome ToDelivery(IReadOnlyDictionary<string, string> steps, IReadOnlyList<string> warnings) => this switch
    {
        NotExecuted end => new DeliveryOutcome.NotExecuted(end.Why, end.After) { IsOfMethod = end.IsOfMethod, Steps = steps, Warnings = warnings, Failure = Failure },
        CredentialsRefused => new DeliveryOutcome.CredentialsRefused(Why) { Steps = steps, Warnings = warnings, Failure = Failure },
        AccountBlocked end => new DeliveryOutcome.AccountBlocked(Why) { MayPass = end.MayPass, Steps = steps, Warnings = warnings, Failure = Failure },
        Data => new DeliveryOutcome.Refused(Why) { Steps = steps, Warnings = warnings, Failure = Failure },
        Ok => new DeliveryOutcome.Delivered { Steps = steps, Warnings = warnings },
        _ => new DeliveryOutcome.Unknown(Why) { Steps = steps, Warnings = warnings, Failure = Failure },
    };

    /// <summary>The same after a call that only reads: a doubt about a read leaves nothing behind, the delivery was not begun.</summary>
    public CallEnd AfterRead() => this is Unknown or Data
        ? new NotExecuted(Why) { Vitals = Vitals, Status = Status, Failure = Failure }
        : this;

    public LookupOutcome ToLookup() => new LookupOutcome.Failed(Why, (this as NotExecuted)?.After);
}

/// <summary>One refused value.</summary>
/// <param name="Item">The item's <c>request_id</c> or index in the batch, null when the answer names none.</param>
/// <param name="Code">The CRM's code.</param>
/// <param name="Path">Where in the item, in the CRM's notation; may be empty.</param>
/// <param name="Words">The CRM's own words.</param>
internal sealed record DataError(string? Item, string Code, string Path, string Words);
