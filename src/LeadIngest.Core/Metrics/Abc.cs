namespace LeadIngest.Core.Metrics;

/// <summary>How much of the whole an item makes.</summary>
public enum AbcClass { A, B, C }

/// <summary>An item with its class.</summary>
/// <param name="Item">A product, a client.</param>
/// <param name="Value">Its revenue or profit.</param>
/// <param name="ShareBefore">Share of all greater items together, 0 to 1: what the class is decided by.</param>
/// <param name="Class">The class.</param>
public readonly record struct AbcItem<TItem>(TItem Item, decimal Value, decimal ShareBefore, AbcClass Class);

/// <summary>A few items make most of the money: A up to 80 % of it, B up to 95 %, C the rest.</summary>
public static class Abc
{
    public const decimal DefaultA = 0.80m, DefaultB = 0.95m;

    /// <summary>
    /// Sorted by value, the greatest first. An item is A when the share of those before it is below 80 %, B below 95 %, else C: the one that crosses a border
    /// stays in the higher class. Equal values share a class. Values of 0 or below are C and do not count for the whole.
    /// </summary>
    /// <param name="items">In any order; those of equal value keep it.</param>
    /// <param name="a">Border of A, 0 to 1.</param>
    /// <param name="b">Border of B, not below that of A.</param>
    public static IReadOnlyList<AbcItem<TItem>> Of<TItem>(IEnumerable<(TItem Item, decimal Value)> items, decimal a = DefaultA, decimal b = DefaultB)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(a);
        ArgumentOutOfRangeException.ThrowIfLessThan(b, a);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(b, 1);
        var sorted = items.OrderByDescending(i => i.Value).ToArray();
        var whole = sorted.Sum(i => Math.Max(0, i.Value));
        var result = new List<AbcItem<TItem>>(sorted.Length);
        var (sum, before) = (0m, 0m);
        for (var i = 0; i < sorted.Length; i++)
        {
            var (item, value) = sorted[i];
            if (i == 0 || sorted[i - 1].Value != value) before = sum;
            var isC = value <= 0 || before >= b * whole;
            result.Add(new(item, value, value <= 0 ? 1 : before / whole, isC ? AbcClass.C : before < a * whole ? AbcClass.A : AbcClass.B));
            sum += Math.Max(0, value);
        }
        return result;
    }
}

/// <summary>How evenly an item sells.</summary>
public enum XyzClass { X, Y, Z }

/// <summary>Which standard deviation: of n, or of n − 1. The page says which.</summary>
public enum Sigma { Population, Sample }

/// <summary>The evenness of an item's sales.</summary>
/// <param name="Variation">CV = σ / mean; null when the mean is 0 or below, and with too few periods.</param>
/// <param name="Class">Null with too few periods.</param>
public readonly record struct XyzResult(decimal? Variation, XyzClass? Class);

/// <summary>Evenness of sales: X varies up to 10 %, Y up to 25 %, Z more.</summary>
public static class Xyz
{
    public const int FewestPeriods = 3;
    public const decimal DefaultX = 0.10m, DefaultY = 0.25m;

    /// <param name="sales">Of periods with sales, in any order.</param>
    /// <param name="periods">Of the whole range: those without sales count as 0.</param>
    /// <param name="sigma">Which standard deviation.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer periods than values.</exception>
    public static XyzResult Of(IReadOnlyList<decimal> sales, int periods, Sigma sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(periods, sales.Count);
        if (periods < FewestPeriods) return default;
        var mean = sales.Sum() / periods;
        if (mean <= 0) return new(null, XyzClass.Z);
        var squares = sales.Sum(s => (s - mean) * (s - mean)) + ((periods - sales.Count) * mean * mean);
        var variance = squares / (sigma == Sigma.Population ? periods : periods - 1);
        // Classes are told by squares: a root would round a variation of exactly 10 % to either side.
        var relative = variance / (mean * mean);
        return new((decimal)Math.Sqrt((double)relative), relative <= DefaultX * DefaultX ? XyzClass.X : relative <= DefaultY * DefaultY ? XyzClass.Y : XyzClass.Z);
    }
}
