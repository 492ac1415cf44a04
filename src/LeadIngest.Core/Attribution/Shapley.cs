using System.Numerics;

namespace LeadIngest.Core.Attribution;

/// <summary>
/// Shapley's value: what a source adds to a set of sources, averaged over all orders in which the set may come together.
/// φ(c) = Σ over sets S without c of |S|!·(n−|S|−1)!/n! · (v(S with c) − v(S)). Pure.
/// </summary>
public static class Shapley
{
    /// <summary>The full sum goes over 2^n sets: more sources than these are refused.</summary>
    public const int MostSources = 12;

    /// <summary>
    /// v(S) = conversions of the paths all of whose sources are in S. For this v the sum comes down to splitting each path alike among its distinct
    /// sources, whatever their number; values add up to all conversions.
    /// </summary>
    public static IReadOnlyDictionary<TSource, double> OfConversions<TSource>(PathCounts<TSource> paths) where TSource : notnull, IComparable<TSource>
    {
        // Whole numbers by number of sharers, divided at the end: the same values whatever the order of paths.
        var sums = new SortedDictionary<int, long>[paths.Sources.Count];
        var seen = new HashSet<int>();
        foreach (var (path, conversions, _) in paths.Paths)
        {
            seen.Clear();
            seen.UnionWith(path);
            foreach (var source in seen)
            {
                var sum = sums[source] ??= [];
                sum[seen.Count] = sum.GetValueOrDefault(seen.Count) + conversions;
            }
        }
        return paths.Sources.Select((source, id) => (source, Value: sums[id].Sum(s => (double)s.Value / s.Key))).ToDictionary(p => p.source, p => p.Value);
    }

    /// <summary>
    /// v(S) = conversion rate of the paths all of whose sources are in S: conversions / (conversions + those without), 0 without paths. A source that only
    /// goes along with others lowers the rate and may have a negative value; values add up to the rate of all paths.
    /// </summary>
    /// <exception cref="ArgumentException">More than <see cref="MostSources"/> sources.</exception>
    public static IReadOnlyDictionary<TSource, double> OfRates<TSource>(PathCounts<TSource> paths) where TSource : notnull, IComparable<TSource>
    {
        var n = paths.Sources.Count;
        if (n > MostSources) throw new ArgumentException($"Rates are computed for {MostSources} sources at most, not {n}: group them first.", nameof(paths));
        var ranks = paths.Ranks();
        var (conversions, all) = (new long[1 << n], new long[1 << n]);
        foreach (var (path, converted, nulls) in paths.Paths)
        {
            var set = path.Aggregate(0, (s, id) => s | (1 << ranks[id]));
            conversions[set] += converted;
            all[set] += converted + nulls;
        }
        AddSubsets(conversions, n);
        AddSubsets(all, n);
        var values = Of(n, [.. conversions.Zip(all, (c, a) => a == 0 ? 0 : (double)c / a)]);
        return paths.Sources.Select((source, id) => (source, Value: values[ranks[id]])).ToDictionary(p => p.source, p => p.Value);
    }

    /// <summary>The full sum, for any v.</summary>
    /// <param name="sources">n, 0 to <see cref="MostSources"/>.</param>
    /// <param name="worth">v of each set: 2^n numbers, the set's members are the index's bits. v of the empty set is usually 0.</param>
    /// <returns>The value of each source; they add up to v(all) − v(empty).</returns>
    public static double[] Of(int sources, IReadOnlyList<double> worth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sources);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources, MostSources);
        if (worth.Count != 1 << sources) throw new ArgumentException($"2^{sources} numbers, not {worth.Count}.", nameof(worth));
        // |S|!(n−|S|−1)!/n! = 1 / (n · C(n−1, |S|))
        var chance = new double[Math.Max(sources, 1)];
        var ways = 1.0;
        for (var size = 0; size < sources; size++)
        {
            chance[size] = 1 / (sources * ways);
            ways = ways * (sources - 1 - size) / (size + 1);
        }
        var values = new double[sources];
        for (var set = 0; set < worth.Count; set++)
            for (var source = 0; source < sources; source++)
                if ((set & (1 << source)) == 0)
                    values[source] += chance[BitOperations.PopCount((uint)set)] * (worth[set | (1 << source)] - worth[set]);
        return values;
    }

    /// <summary>Turns sums by exact set into sums over all subsets.</summary>
    private static void AddSubsets(long[] sums, int n)
    {
        for (var source = 0; source < n; source++)
            for (var set = 0; set < sums.Length; set++)
                if ((set & (1 << source)) != 0)
                    sums[set] += sums[set ^ (1 << source)];
    }
}
