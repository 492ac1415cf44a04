using System.Numerics;

namespace LeadIngest.Core.Attribution;

/// <summary>One source under the Markov model.</summary>
/// <param name="Source">The source.</param>
/// <param name="RemovalEffect">0 to 1: the share of all conversions that would be lost if every path ended in nothing on reaching this source.</param>
/// <param name="Credit">Its part of all conversions: conversions × effect / sum of effects.</param>
public readonly record struct MarkovSource<TSource>(TSource Source, double RemovalEffect, double Credit) where TSource : notnull;

/// <summary>What the Markov model has learnt.</summary>
/// <param name="Sources">Sorted; all that occur in paths. Effects and credits are 0 when there are no conversions.</param>
/// <param name="ConversionProbability">The chance that a path which starts ends with a conversion; 0 without paths, 1 when none ends without.</param>
/// <param name="Order">The order used: as asked, or lower when that had too many states.</param>
/// <param name="Folded">How many of the rarest sources were learnt as one because there were too many; 0 as a rule.</param>
public sealed record MarkovResult<TSource>(IReadOnlyList<MarkovSource<TSource>> Sources, double ConversionProbability, int Order, int Folded) where TSource : notnull
{
    public SourceWeights<TSource> Weights { get; } = new(Sources.ToDictionary(s => s.Source, s => s.RemovalEffect));
}

/// <summary>
/// The Markov chain of clients' paths: states are the start, the last k sources, conversion and nothing; the chance of a step is its share of all steps
/// out of a state. The effect of a source is what the chance of a conversion loses when the source leads to nothing. Pure, exact up to double precision
/// (a linear system is solved, nothing is simulated), and the same bit for bit whatever the order of paths.
/// </summary>
/// <remarks>
/// <para>Repeats of one source in a row do not change the result of order 1; of higher orders they do. Without paths that end in nothing the chance is 1
/// and effects stay defined: the chance that a path comes past the source.</para>
/// <para>All effects come out of one inverse: with N = (I − Q)⁻¹, h the chance of a conversion from each state and u the expected visits to each state, what
/// is lost with a set C of states is u(C)·N(C,C)⁻¹·h(C): the chance of coming to C at all times the chance of a conversion from where C is entered.</para>
/// </remarks>
public static class Markov
{
    public const int MostStates = 1000;
    public const int HighestOrder = 4;

    /// <param name="paths">Counted paths.</param>
    /// <param name="order">
    /// k, 1 to <see cref="HighestOrder"/>. Where more than <see cref="MostStates"/> states would come of it, a lower order is taken. Where even single
    /// sources are more, the rarest are learnt as one: they share its effect by their touches.
    /// </param>
    public static MarkovResult<TSource> Learn<TSource>(PathCounts<TSource> paths, int order = 1) where TSource : notnull, IComparable<TSource>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, HighestOrder);
        var ranks = paths.Ranks();
        var sources = new TSource[ranks.Length];
        for (var id = 0; id < ranks.Length; id++) sources[ranks[id]] = paths.Sources[id];

        var folding = ranks.Length > MostStates ? Fold(paths, ranks) : null;
        var groups = folding?.Group ?? ranks;
        var chain = Chain.Of(paths, groups, order);
        var used = order;
        while (chain is null) chain = Chain.Of(paths, groups, --used);

        var effects = chain.Effects(out var probability);
        var bySource = new double[sources.Length];
        for (var id = 0; id < ranks.Length; id++) bySource[ranks[id]] = effects.GetValueOrDefault(groups[id]) * (folding?.Part[id] ?? 1);
        var sum = bySource.Sum();
        return new([.. sources.Select((source, i) => new MarkovSource<TSource>(source, bySource[i], sum > 0 ? paths.Conversions * bySource[i] / sum : 0))], probability,
            used, folding?.Count ?? 0);
    }

    /// <summary>Leaves the most touched sources by themselves and puts the others into one group.</summary>
    private static Folding Fold<TSource>(PathCounts<TSource> paths, int[] ranks) where TSource : notnull, IComparable<TSource>
    {
        var touches = new long[ranks.Length];
        foreach (var (path, conversions, nulls) in paths.Paths)
            foreach (var id in path)
                touches[id] += conversions + nulls;
        int[] rare = [.. Enumerable.Range(0, ranks.Length).OrderByDescending(id => touches[id]).ThenBy(id => ranks[id]).Skip(MostStates - 1)];
        var ofRare = rare.Sum(id => (double)touches[id]);
        // Numbered anew, so that the numbers stay small: a state's key is made of them.
        var (group, part) = (new int[ranks.Length], Enumerable.Repeat(1.0, ranks.Length).ToArray());
        foreach (var id in rare) (group[id], part[id]) = (MostStates - 1, touches[id] / ofRare);
        foreach (var (place, id) in Enumerable.Range(0, ranks.Length).Except(rare).OrderBy(id => ranks[id]).Index()) group[id] = place;
        return new(group, part, rare.Length);
    }

    /// <param name="Group">Of each source.</param>
    /// <param name="Part">Of its group's effect.</param>
    /// <param name="Count">Sources in the common group.</param>
    private sealed record Folding(int[] Group, double[] Part, int Count);

    /// <summary>Steps between states. A state is the last k sources, the latest in the highest place; in base <c>groups + 1</c>, where 0 is "none yet".</summary>
    private sealed class Chain
    {
        private readonly int[] _latest;
        private readonly double[] _start, _conversion;
        private readonly double[][] _matrix;

        private Chain(int[] latest, double[] start, double[] conversion, double[][] matrix) => (_latest, _start, _conversion, _matrix) = (latest, start, conversion, matrix);

        /// <returns>Null when there are more states than <see cref="MostStates"/>.</returns>
        public static Chain? Of<TSource>(PathCounts<TSource> paths, int[] groups, int order) where TSource : notnull, IComparable<TSource>
        {
            long radix = groups.DefaultIfEmpty().Max() + 2;
            var oldest = 1L;
            for (var k = 1; k < order; k++) oldest *= radix;
            var ids = new Dictionary<long, int>();
            var latest = new List<int>();
            var steps = new Dictionary<(int From, int To), long>();
            var (starts, ends, outs) = (new List<long>(), new List<long>(), new List<long>());
            foreach (var (path, conversions, nulls) in paths.Paths)
            {
                var (times, before, key) = (conversions + nulls, -1, 0L);
                foreach (var source in path)
                {
                    key = (key / radix) + ((groups[source] + 1) * oldest);
                    if (!ids.TryGetValue(key, out var state))
                    {
                        if (ids.Count == MostStates) return null;
                        ids.Add(key, state = ids.Count);
                        latest.Add(groups[source]);
                        starts.Add(0);
                        ends.Add(0);
                        outs.Add(0);
                    }
                    if (before < 0) starts[state] += times;
                    else steps[(before, state)] = steps.GetValueOrDefault((before, state)) + times;
                    outs[state] += times;
                    before = state;
                }
                ends[before] += conversions;
            }

            // States in the order of their keys: sums of doubles come out the same however the paths were ordered.
            int[] sorted = [.. ids.OrderBy(s => s.Key).Select(s => s.Value)];
            var place = new int[sorted.Length];
            foreach (var (at, state) in sorted.Index()) place[state] = at;
            var matrix = new double[place.Length][];
            for (var i = 0; i < matrix.Length; i++)
            {
                matrix[i] = new double[place.Length];
                matrix[i][i] = 1;
            }
            foreach (var ((from, to), times) in steps) matrix[place[from]][place[to]] -= (double)times / outs[from];
            var all = (double)(paths.Conversions + paths.Nulls);
            return new([.. sorted.Select(s => latest[s])], [.. sorted.Select(s => starts[s] / all)], [.. sorted.Select(s => (double)ends[s] / outs[s])], matrix);
        }

        /// <returns>By group.</returns>
        public Dictionary<int, double> Effects(out double probability)
        {
            var n = _latest.Length;
            var inverse = _matrix;
            Invert(inverse);
            var chances = new double[n];
            var visits = new double[n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                {
                    chances[i] += inverse[i][j] * _conversion[j];
                    visits[j] += _start[i] * inverse[i][j];
                }
            var total = 0.0;
            for (var i = 0; i < n; i++) total += _start[i] * chances[i];
            // Rounding may lift it over 1 by the last bit.
            probability = Math.Min(1, total);
            return Enumerable.Range(0, n).GroupBy(i => _latest[i]).ToDictionary(g => g.Key, g => total > 0 ? Math.Clamp(Lost([.. g]) / total, 0, 1) : 0);

            double Lost(int[] states)
            {
                double[][] block = [.. states.Select(i => states.Select(j => inverse[i][j]).ToArray())];
                Invert(block);
                var lost = 0.0;
                for (var i = 0; i < states.Length; i++)
                    for (var j = 0; j < states.Length; j++)
                        lost += visits[states[i]] * block[i][j] * chances[states[j]];
                return lost;
            }
        }

        /// <summary>
        /// Gauss and Jordan in place. Without exchanging rows: I − Q and the blocks of its inverse keep their pivots above 0, because every state comes to
        /// an end sooner or later.
        /// </summary>
        private static void Invert(double[][] matrix)
        {
            for (var p = 0; p < matrix.Length; p++)
            {
                var row = matrix[p];
                var by = 1 / row[p];
                row[p] = 1;
                for (var j = 0; j < row.Length; j++) row[j] *= by;
                for (var i = 0; i < matrix.Length; i++)
                {
                    var factor = matrix[i][p];
                    if (i == p || factor == 0) continue;
                    matrix[i][p] = 0;
                    Subtract(matrix[i], row, factor);
                }
            }
        }

        /// <summary>target −= row × factor, as many at a time as the processor takes: this loop is nearly all of the work.</summary>
        private static void Subtract(double[] target, double[] row, double factor)
        {
            var width = Vector<double>.Count;
            var j = 0;
            for (; j <= target.Length - width; j += width) (new Vector<double>(target, j) - (new Vector<double>(row, j) * factor)).CopyTo(target, j);
            for (; j < target.Length; j++) target[j] -= row[j] * factor;
        }
    }
}
