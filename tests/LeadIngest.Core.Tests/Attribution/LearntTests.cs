using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Attribution;

namespace LeadIngest.Core.Tests.Attribution;

public sealed class LearntTests
{
    private static readonly Config Some = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Gen<(int[] Path, int Conversions, int Nulls)> Paths =
        from path in Gen.Choose(0, 4).NonEmptyListOf()
        from conversions in Gen.Choose(0, 5)
        from nulls in Gen.Choose(0, 5)
        select (path.Take(8).ToArray(), conversions, nulls);

    private static readonly Arbitrary<(int[] Path, int Conversions, int Nulls)[]> Histories = Paths.NonEmptyListOf().Select(h => h.ToArray()).ToArbitrary();

    private static PathCounts<T> Counted<T>(params (T[] Path, int Conversions, int Nulls)[] history) where T : notnull, IComparable<T>
    {
        var counts = new PathCounts<T>();
        foreach (var (path, conversions, nulls) in history) counts.Add(path, conversions, nulls);
        return counts;
    }

    [Fact]
    public void Markov_gives_the_worked_example()
    {
        var learnt = Markov.Learn(Counted<string>((["C1", "C2", "C3"], 1, 0), (["C1"], 0, 1), (["C2", "C3"], 0, 1)));
        Assert.Equal(1 / 3.0, learnt.ConversionProbability, 12);
        Assert.Equal(["C1", "C2", "C3"], learnt.Sources.Select(s => s.Source));
        Assert.All(learnt.Sources.Zip([0.5, 1, 1]), p => Assert.Equal(p.Second, p.First.RemovalEffect, 12));
        Assert.All(learnt.Sources.Zip([0.2, 0.4, 0.4]), p => Assert.Equal(p.Second, p.First.Credit, 12));
    }

    [Fact]
    public void Markov_without_null_paths_has_chance_one_and_effects_all_the_same()
    {
        var learnt = Markov.Learn(Counted<string>((["a", "b"], 1, 0), (["b"], 1, 0)));
        Assert.Equal(1, learnt.ConversionProbability, 12);
        Assert.Equal([0.5, 1], learnt.Sources.Select(s => Math.Round(s.RemovalEffect, 12)));
        Assert.Equal(2, learnt.Sources.Sum(s => s.Credit), 12);
    }

    [Fact]
    public void Markov_without_conversions_or_paths_is_zero_and_a_deal_is_then_shared_alike()
    {
        Assert.Empty(Markov.Learn(new PathCounts<int>()).Sources);
        var learnt = Markov.Learn(Counted<string>((["a", "b"], 0, 3)));
        Assert.All(learnt.Sources, s => Assert.Equal((0, 0), (s.RemovalEffect, s.Credit)));
        var path = TouchPath.Of([new(default, "a"), new Touch<string>(default, "b")], default, TimeSpan.FromDays(1));
        Assert.Equal([5, 5], Credits.Of(path, 10, new() { Model = AttributionModel.Markov }, learnt.Weights).Touches.Select(t => t.Amount));
    }

    [Fact]
    public void Markov_of_any_order_agrees_with_following_the_chain_step_by_step() => Check.One(Some, Prop.ForAll(
        (from history in Histories.Generator from order in Gen.Choose(1, 3) select (history, order)).ToArbitrary(), c =>
        {
            var learnt = Markov.Learn(Counted(c.history), c.order);
            var whole = Walked(c.history, c.order, without: -1);
            return Math.Abs(learnt.ConversionProbability - whole) < 1e-9 && learnt.Order == c.order
                && learnt.Sources.All(s => Math.Abs(s.RemovalEffect - (whole == 0 ? 0 : 1 - (Walked(c.history, c.order, s.Source) / whole))) < 1e-6);
        }));

    [Fact]
    public void Markov_shares_all_conversions_and_nothing_else() => Check.One(Some, Prop.ForAll(Histories, history =>
    {
        var conversions = history.Sum(h => h.Conversions);
        var learnt = Markov.Learn(Counted(history));
        return Math.Abs(learnt.Sources.Sum(s => s.Credit) - conversions) < 1e-9 * (1 + conversions) && learnt.Sources.All(s => s.RemovalEffect is >= 0 and <= 1);
    }));

    [Fact]
    public void The_order_of_paths_changes_not_one_bit() => Check.One(Some, Prop.ForAll(Histories, history =>
    {
        (int[], int, int)[] back = [.. history.Reverse()];
        var (straight, reversed) = (Counted(history), Counted(back));
        return Markov.Learn(straight, 2).Sources.SequenceEqual(Markov.Learn(reversed, 2).Sources) && Markov.Learn(straight).Sources.SequenceEqual(Markov.Learn(reversed).Sources)
            && Shapley.OfConversions(straight).OrderBy(p => p.Key).SequenceEqual(Shapley.OfConversions(reversed).OrderBy(p => p.Key))
            && Shapley.OfRates(straight).OrderBy(p => p.Key).SequenceEqual(Shapley.OfRates(reversed).OrderBy(p => p.Key));
    }));

    [Fact]
    public void The_names_of_sources_do_not_matter() => Check.One(Some, Prop.ForAll(Histories, history =>
    {
        int Renamed(int source) => (source + 3) % 5;
        var named = Markov.Learn(Counted(history)).Sources.ToDictionary(s => Renamed(s.Source), s => s.RemovalEffect);
        var renamed = Markov.Learn(Counted(history.Select(h => (h.Path.Select(Renamed).ToArray(), h.Conversions, h.Nulls)).ToArray()));
        return renamed.Sources.All(s => Math.Abs(named[s.Source] - s.RemovalEffect) < 1e-9);
    }));

    [Fact]
    public void Repeats_in_a_row_do_not_change_order_one() => Check.One(Some, Prop.ForAll(Histories, history =>
    {
        var once = history.Select(h => (h.Path.Where((s, i) => i == 0 || h.Path[i - 1] != s).ToArray(), h.Conversions, h.Nulls)).ToArray();
        return Markov.Learn(Counted(history)).Sources.Zip(Markov.Learn(Counted(once)).Sources).All(p => Math.Abs(p.First.RemovalEffect - p.Second.RemovalEffect) < 1e-9);
    }));

    [Fact]
    public void Equal_paths_are_counted_once()
    {
        var counts = Counted<int>(([1, 2], 1, 0), ([1, 2], 2, 3), ([2, 1], 1, 0), ([], 9, 9), ([5], 0, 0));
        Assert.Equal((2, 4L, 3L), (counts.Count, counts.Conversions, counts.Nulls));
        Assert.Throws<ArgumentOutOfRangeException>(() => counts.Add([1], -1, 0));
    }

    [Fact]
    public void Too_many_states_take_a_lower_order_and_too_many_sources_are_folded()
    {
        var pairs = new PathCounts<int>();
        for (var a = 0; a < 40; a++)
            for (var b = 0; b < 40; b++)
                pairs.Add([a, b], 1, 1);
        Assert.Equal((1, 0), (Markov.Learn(pairs, 2).Order, Markov.Learn(pairs, 2).Folded));

        var many = new PathCounts<int>();
        for (var source = 0; source < Markov.MostStates + 50; source++) many.Add([source], source < 10 ? 100 : 1, 1);
        var learnt = Markov.Learn(many);
        Assert.Equal((51, Markov.MostStates + 50), (learnt.Folded, learnt.Sources.Count));
        Assert.Equal(many.Conversions, learnt.Sources.Sum(s => s.Credit), 6);
        // Single-touch paths: each source's effect is its own share of conversions, folded or not.
        Assert.All(learnt.Sources, s => Assert.Equal(s.Source < 10 ? 100 : 1, s.Credit, 6));
    }

    [Fact]
    public void Shapley_gives_the_worked_example() => Assert.Equal([6, 4], Shapley.Of(2, [0, 4, 2, 10]));

    [Fact]
    public void Splitting_each_path_among_its_distinct_sources_is_the_full_sum_over_all_sets()
    {
        var random = new System.Random(7);
        for (var round = 0; round < 5; round++)
        {
            var history = Enumerable.Range(0, 300).Select(_ => (Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(12)).ToArray(), random.Next(4), random.Next(4))).ToArray();
            var worth = Enumerable.Range(0, 1 << 12).Select(set => (double)history.Where(h => h.Item1.All(s => (set & (1 << s)) != 0)).Sum(h => h.Item2)).ToArray();
            var full = Shapley.Of(12, worth);
            Assert.All(Shapley.OfConversions(Counted(history)), p => Assert.Equal(full[p.Key], p.Value, 8));
        }
    }

    [Fact]
    public void Shapley_shares_the_worth_of_all() => Check.One(Some, Prop.ForAll(Histories, history =>
    {
        var counts = Counted(history);
        var all = counts.Conversions + counts.Nulls;
        return Math.Abs(Shapley.OfConversions(counts).Values.Sum() - counts.Conversions) < 1e-9 * (1 + counts.Conversions)
            && Math.Abs(Shapley.OfRates(counts).Values.Sum() - (all == 0 ? 0 : (double)counts.Conversions / all)) < 1e-9;
    }));

    [Fact]
    public void Shapley_gives_alike_to_sources_that_do_alike_and_nothing_to_those_that_add_nothing() => Check.One(Some, Prop.ForAll(
        Gen.Choose(0, 20).ArrayOf(8).Select(v => v.Select(n => (double)n).ToArray()).ToArbitrary(), worth =>
        {
            // Three sources of any worth, 3 made the twin of 0, 4 adding nothing to any set.
            double V(int set) => worth[(set & 0b00110) | (set & 1) | ((set >> 3) & 1)] * ((set & 0b01001) == 0b01001 ? 2 : 1);
            var values = Shapley.Of(5, [.. Enumerable.Range(0, 32).Select(V)]);
            return Math.Abs(values[0] - values[3]) < 1e-9 && Math.Abs(values[4]) < 1e-9;
        }));

    [Fact]
    public void Shapley_of_rates_is_the_full_sum_and_takes_twelve_sources()
    {
        // v(A) = 1/2, v(B) = 0/1, v(AB) = (1 + 0 + 3) / (2 + 1 + 4) = 4/7.
        var values = Shapley.OfRates(Counted<string>((["A"], 1, 1), (["B"], 0, 1), (["A", "B"], 3, 1)));
        Assert.Equal((0.5 + (4 / 7.0) - 0) / 2, values["A"], 12);
        Assert.Equal((0 + (4 / 7.0) - 0.5) / 2, values["B"], 12);
        Assert.Throws<ArgumentException>(() => Shapley.OfRates(Counted<int>((Enumerable.Range(0, 13).ToArray(), 1, 1))));
        Assert.Empty(Shapley.OfRates(new PathCounts<int>()));
        Assert.Throws<ArgumentException>(() => Shapley.Of(2, [0, 1]));
    }

    /// <summary>The chance of a conversion by repeated steps of the chain, in the plainest way: an oracle that shares nothing with the solver.</summary>
    private static double Walked((int[] Path, int Conversions, int Nulls)[] history, int order, int without)
    {
        var steps = new Dictionary<string, Dictionary<string, double>>();
        foreach (var (path, conversions, nulls) in history)
        {
            if (conversions + nulls == 0) continue;
            var states = path.Select((_, i) => string.Join('>', path[Math.Max(0, i + 1 - order)..(i + 1)])).Prepend("start").ToArray();
            foreach (var (from, to) in states.Zip(states.Skip(1))) Count(from, to, conversions + nulls);
            Count(states[^1], "conversion", conversions);
            Count(states[^1], "null", nulls);
        }
        if (steps.Count == 0) return 0;
        var at = new Dictionary<string, double> { ["start"] = 1 };
        var converted = 0.0;
        for (var turn = 0; turn < 20_000 && at.Values.Sum() > 1e-12; turn++)
        {
            var next = new Dictionary<string, double>();
            foreach (var (state, chance) in at)
            {
                var outs = steps[state].Values.Sum();
                foreach (var (to, times) in steps[state])
                    if (to == "conversion") converted += chance * times / outs;
                    else if (to != "null" && to.Split('>')[^1] != $"{without}") next[to] = next.GetValueOrDefault(to) + (chance * times / outs);
            }
            at = next;
        }
        return converted;

        void Count(string from, string to, int times)
        {
            if (!steps.TryGetValue(from, out var outs)) steps[from] = outs = [];
            outs[to] = outs.GetValueOrDefault(to) + times;
        }
    }
}
