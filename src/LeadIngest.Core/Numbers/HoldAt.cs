namespace LeadIngest.Core.Numbers;

/// <summary>One holder's time with a number.</summary>
/// <param name="Id">The holder's visit.</param>
/// <param name="From">When the number was lent.</param>
/// <param name="Until">The visit's last word plus the hold.</param>
public readonly record struct NumberHold(Guid Id, DateTimeOffset From, DateTimeOffset Until);

/// <param name="Hold">Whose call it is.</param>
/// <param name="RestedFor">Null: the number was held when the call began; else how long it had rested.</param>
public readonly record struct HeldAt(NumberHold Hold, TimeSpan? RestedFor);

/// <summary>Finds the visit behind a call. Pure.</summary>
public static class HoldAt
{
    /// <summary>The clocks of a PBX and of this service may differ by so much: 5 s.</summary>
    public static TimeSpan Tolerance { get; } = TimeSpan.FromSeconds(5);

    /// <param name="holds">The newest holds of the number that began before the call (or within the tolerance after it), the newest first.</param>
    /// <param name="at">When the call began.</param>
    /// <param name="lookBack">How long after its end a hold still explains a call, if nobody else has held the number since.</param>
    /// <returns>Null when nobody can be named.</returns>
    public static HeldAt? Find(IReadOnlyList<NumberHold> holds, DateTimeOffset at, TimeSpan lookBack)
    {
        ArgumentNullException.ThrowIfNull(holds);
        foreach (var hold in holds)
            if (hold.From <= at && at <= hold.Until) return new(hold, null);
        // Nobody held it at that very moment: a clock that is a little off, nearest border first.
        NumberHold? near = null;
        var nearest = Tolerance;
        foreach (var hold in holds)
        {
            var distance = at < hold.From ? hold.From - at : at - hold.Until;
            if (distance > nearest || (near is not null && distance == nearest)) continue;
            (near, nearest) = (hold, distance);
        }
        if (near is { } found) return new(found, null);
        if (holds.Count == 0 || holds[0].Until > at) return null;
        var rested = at - holds[0].Until;
        return rested <= lookBack ? new(holds[0], rested) : null;
    }
}
