namespace LeadIngest.Core.Attribution;

/// <summary>Both answers to "which source brought this deal".</summary>
public enum CreditView
{
    /// <summary>By the path before the deal itself: what led to this purchase. For spend against revenue of a period.</summary>
    DealPath,

    /// <summary>By the source that brought the client at first, whatever came later: for LTV and LTV/CAC.</summary>
    ClientFirst,
}

/// <summary>
/// The credits of one deal. <see cref="Sources"/>, <see cref="Repeat"/> and <see cref="WithoutTouches"/> add up to exactly the deal's amount; at most one
/// of the three is in use.
/// </summary>
/// <param name="Sources">One a source; empty when no source gets anything.</param>
/// <param name="Repeat">A known client came back and no advertisement did it: the path was empty or only direct.</param>
/// <param name="WithoutTouches">Nobody knows where the deal came from.</param>
/// <param name="ClientFirst">The client's first source, kept beside the credits, of a repeat deal above all; null when unknown.</param>
public sealed record DealCredits<TSource>(IReadOnlyList<SourceCredit<TSource>> Sources, long Repeat, long WithoutTouches, Touch<TSource>? ClientFirst) where TSource : notnull
{
    public long Amount => Sources.Sum(s => s.Amount) + Repeat + WithoutTouches;
}

/// <summary>Shares a deal among sources, a known client's next deals included.</summary>
public static class DealCredit
{
    /// <param name="path">The touches before the deal inside the window.</param>
    /// <param name="amount">Minor units; negative for a refund of the deal.</param>
    /// <param name="isRepeat">The client had a deal before this one.</param>
    /// <param name="clientFirst">The client's first touch of all, outside the window too; null when unknown.</param>
    /// <param name="view">Which of the two questions is asked.</param>
    /// <param name="settings">The model; in the view <see cref="CreditView.ClientFirst"/> it is not looked at.</param>
    /// <param name="weights">For the data-driven models.</param>
    /// <remarks>A repeat deal belongs to its own path when that holds a source; if it is empty or direct, the deal is a repeat.</remarks>
    public static DealCredits<TSource> Of<TSource>(TouchPath<TSource> path, long amount, bool isRepeat, Touch<TSource>? clientFirst, CreditView view,
        AttributionSettings settings, SourceWeights<TSource>? weights = null) where TSource : notnull
    {
        if (view == CreditView.ClientFirst)
            return clientFirst is { } first ? new([new(first.Source, 1, amount)], 0, 0, clientFirst) : new([], 0, amount, null);
        if (isRepeat && path.IsEmptyOrDirect) return new([], amount, 0, clientFirst);
        var credits = Credits.Of(path, amount, settings, weights);
        return new([.. credits.BySource().Where(s => s.Share != 0)], 0, credits.WithoutTouches, clientFirst);
    }
}
