using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Failures;

/// <summary>What an end of a call means, and with that what is done about it.</summary>
internal enum Meaning
{
    /// <summary>It was done; each lead still needs its own id in the answer.</summary>
    Done,

    /// <summary>Nothing was done, for reasons that pass: again at the told time.</summary>
    NotExecuted,

    /// <summary>Slower: the whole account waits, nothing was done.</summary>
    Rate,

    /// <summary>One method has used up its time: its commands wait, others go on.</summary>
    MethodRate,

    /// <summary>The token's time may be over.</summary>
    Expired,

    /// <summary>The credentials do not work.</summary>
    Credentials,

    /// <summary>Not paid: waits, and is tried with one lead now and then.</summary>
    Unpaid,

    /// <summary>Refused as a whole until a person has mended it.</summary>
    Blocked,

    /// <summary>The account is not at this address.</summary>
    Elsewhere,

    /// <summary>It may have been done.</summary>
    Unknown,

    /// <summary>The content was refused; nothing was done.</summary>
    Data,

    /// <summary>The deal of a note is won or lost.</summary>
    Closed,

    /// <summary>The deal of a note or of a call's entry is a part of another one now.</summary>
    Merged,

    /// <summary>The deal of a note or of a call's entry is not there any more.</summary>
    Deleted,
}

/// <summary>One way a call can end: a row of a vendor's table.</summary>
/// <param name="Key">Names it in attempts, tests and docs/failures.md.</param>
/// <param name="Meaning">What is done about it.</param>
/// <param name="Seen">How it looks on the wire.</param>
internal sealed record Failure(string Key, Meaning Meaning, string Seen)
{
    /// <summary>Whether it counts as an illness of the CRM for the breaker.</summary>
    public bool IsIll { get; init; }

    /// <summary>The end of a call that is this row.</summary>
    /// <param name="why">In words, for people.</param>
    /// <param name="after">The pause that the CRM asked for.</param>
    /// <param name="errors">The refused values of a <see cref="Meaning.Data"/>.</param>
    /// <param name="location">Where the CRM points to, for <see cref="Meaning.Elsewhere"/>.</param>
    public CallEnd End(string why, TimeSpan? after = null, IReadOnlyList<DataError>? errors = null, Uri? location = null)
    {
        CallEnd end = Meaning switch
        {
            Meaning.NotExecuted => new CallEnd.NotExecuted(why, after),
            Meaning.Rate => new CallEnd.NotExecuted(why, after) { IsRate = true },
            Meaning.MethodRate => new CallEnd.NotExecuted(why, after) { IsOfMethod = true },
            Meaning.Expired => new CallEnd.CredentialsRefused(why) { IsStale = true },
            Meaning.Credentials => new CallEnd.CredentialsRefused(why),
            Meaning.Unpaid => new CallEnd.AccountBlocked(why) { MayPass = true },
            Meaning.Blocked => new CallEnd.AccountBlocked(why),
            Meaning.Elsewhere => new CallEnd.AccountBlocked(why) { IsElsewhere = true, Location = location },
            Meaning.Data => new CallEnd.Data(why, errors ?? []),
            Meaning.Unknown => new CallEnd.Unknown(why),
            _ => throw new InvalidOperationException($"{Key} is no failure."),
        };
        return end with { Failure = Key, Vitals = IsIll ? Vitals.Ill : Meaning is Meaning.NotExecuted or Meaning.Rate or Meaning.MethodRate ? Vitals.Silent : Vitals.Well };
    }
}
