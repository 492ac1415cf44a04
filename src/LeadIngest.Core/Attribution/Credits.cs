using LeadIngest.Core.Money;

namespace LeadIngest.Core.Attribution;

/// <summary>What one touch gets of a conversion.</summary>
/// <param name="Touch">The touch.</param>
/// <param name="Share">0 to 1, twelve digits; the shares of a path add up to exactly 1.</param>
/// <param name="Amount">Minor units of the conversion's amount.</param>
public readonly record struct TouchCredit<TSource>(Touch<TSource> Touch, decimal Share, long Amount) where TSource : notnull;

/// <summary>What one source gets of a conversion: the sum over its touches.</summary>
public readonly record struct SourceCredit<TSource>(TSource Source, decimal Share, long Amount) where TSource : notnull;

/// <summary>The credits of one conversion. Those of the touches and what is without touches add up to exactly the amount.</summary>
/// <param name="Touches">Oldest first, one each, those with nothing too.</param>
/// <param name="WithoutTouches">The whole amount when the path is empty, else 0. Shown as a row of its own; never given to a source.</param>
public sealed record PathCredits<TSource>(IReadOnlyList<TouchCredit<TSource>> Touches, long WithoutTouches) where TSource : notnull
{
    public long Amount => Touches.Sum(t => t.Amount) + WithoutTouches;

    /// <summary>One a source, in the order in which sources first appear; those with nothing too.</summary>
    public IReadOnlyList<SourceCredit<TSource>> BySource() =>
        [.. Touches.GroupBy(t => t.Touch.Source).Select(g => new SourceCredit<TSource>(g.Key, g.Sum(t => t.Share), g.Sum(t => t.Amount)))];
}

/// <summary>Shares a conversion among the touches before it. Pure and exact: credits are in minor units and add up to the amount, refunds (negative) too.</summary>
public static class Credits
{
    private const long Trillion = 1_000_000_000_000;

    /// <summary>2^52: one touch's weight under time decay when it is the latest of its path.</summary>
    private const double Latest = 1L << 52;

    /// <param name="path">May be empty: then all of the amount is without touches.</param>
    /// <param name="amount">Minor units; negative for a refund, which then cancels the sale touch by touch. 0 for a lead: the shares tell.</param>
    /// <param name="settings">The model and its parameters.</param>
    /// <param name="weights">
    /// Needed by <see cref="AttributionModel.Markov"/> and <see cref="AttributionModel.Shapley"/>: the amount goes to the path's distinct sources in these
    /// proportions, and each source's part to its touches alike. Other models do not look at it.
    /// </param>
    /// <exception cref="ArgumentNullException">A data-driven model without weights.</exception>
    public static PathCredits<TSource> Of<TSource>(TouchPath<TSource> path, long amount, AttributionSettings settings, SourceWeights<TSource>? weights = null)
        where TSource : notnull
    {
        var all = path.Touches;
        if (settings.Model is AttributionModel.Markov or AttributionModel.Shapley) ArgumentNullException.ThrowIfNull(weights);
        if (all.Count == 0) return new([], amount);

        // Positions of the touches that count, oldest first.
        int[] places = [.. Enumerable.Range(0, all.Count)];
        if (settings.LeaveOutDirect && !path.IsEmptyOrDirect) places = [.. places.Where(i => !all[i].IsDirect)];
        Touch<TSource>[] touches = [.. places.Select(i => all[i])];

        var (amounts, shares) = (Split(amount), Split(Trillion));
        var credits = all.Select(t => new TouchCredit<TSource>(t, 0, 0)).ToArray();
        for (var i = 0; i < places.Length; i++) credits[places[i]] = new(touches[i], shares[i] / (decimal)Trillion, amounts[i]);
        return new(credits, 0);

        long[] Split(long whole) => settings.Model is AttributionModel.Markov or AttributionModel.Shapley
            ? BySource(touches, whole, weights!)
            : ExactSplit.Of(whole, Weights(touches, settings));
    }

    private static long[] Weights<TSource>(Touch<TSource>[] touches, AttributionSettings settings) where TSource : notnull
    {
        var n = touches.Length;
        return settings.Model switch
        {
            AttributionModel.First => Only(0),
            AttributionModel.Last => Only(n - 1),
            AttributionModel.LastNonDirect => Only(LastNonDirect()),
            AttributionModel.LastPaid => Only(Array.FindLastIndex(touches, t => t.IsPaid) is >= 0 and var paid ? paid : LastNonDirect()),
            AttributionModel.Linear => [.. Enumerable.Repeat(1L, n)],
            // 40 % to 20 % / (n − 2) is as 2(n − 2) to 1; one or two touches share alike.
            AttributionModel.PositionBased => [.. Enumerable.Range(0, n).Select(i => n > 2 && (i == 0 || i == n - 1) ? 2L * (n - 2) : 1L)],
            // Against the latest touch instead of the conversion: the proportions are the same, and nothing fades away however old a path is.
            AttributionModel.TimeDecay => [.. touches.Select(t => (long)Math.Round(Latest * Math.Pow(2, -((touches[^1].At - t.At) / settings.HalfLife))))],
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Model, "No such model."),
        };

        int LastNonDirect() => Array.FindLastIndex(touches, t => !t.IsDirect) is >= 0 and var found ? found : n - 1;

        long[] Only(int place)
        {
            var weights = new long[n];
            weights[place] = 1;
            return weights;
        }
    }

    private static long[] BySource<TSource>(Touch<TSource>[] touches, long amount, SourceWeights<TSource> weights) where TSource : notnull
    {
        var sources = Enumerable.Range(0, touches.Length).GroupBy(i => touches[i].Source).Select(g => (g.Key, Places: g.ToArray())).ToArray();
        var parts = ExactSplit.Of(amount, [.. sources.Select(s => weights.Of(s.Key))]);
        var amounts = new long[touches.Length];
        foreach (var ((_, places), part) in sources.Zip(parts))
            foreach (var (place, unit) in places.Zip(ExactSplit.Evenly(part, places.Length)))
                amounts[place] = unit;
        return amounts;
    }
}
