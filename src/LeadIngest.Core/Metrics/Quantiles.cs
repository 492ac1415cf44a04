namespace LeadIngest.Core.Metrics;

/// <summary>Quantiles as R computes them by default (type 7): straight lines between the sorted values, the least at 0 and the greatest at 1.</summary>
public static class Quantiles
{
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="part">0 to 1.</param>
    public static decimal Of(IReadOnlyList<decimal> sorted, decimal part)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Count, nameof(sorted));
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        var at = (sorted.Count - 1) * part;
        var below = (int)Math.Floor(at);
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    /// <inheritdoc cref="Of(IReadOnlyList{decimal}, decimal)"/>
    public static decimal Of(IReadOnlyList<long> sorted, decimal part)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Count, nameof(sorted));
        var at = (sorted.Count - 1) * part;
        var below = (int)Math.Floor(at);
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    /// <returns>The middle value, or the mean of both middle ones; null of none.</returns>
    public static decimal? Median(IEnumerable<decimal> values)
    {
        decimal[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : Of(sorted, 0.5m);
    }
}
