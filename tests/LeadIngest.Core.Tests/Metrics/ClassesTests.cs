using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Core.Tests.Metrics;

/// <summary>RFM, ABC, XYZ and the quantiles under them.</summary>
public sealed class ClassesTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly RfmThresholds Limits = new(RfmThresholds.DefaultRecencyDays, RfmThresholds.DefaultFrequency, new(1000, 5000, 20_000, 100_000));

    private static readonly Gen<RfmClient<int>[]> Bases = (from days in Gen.Choose(0, 400)
                                                           from times in Gen.Choose(1, 12)
                                                           from money in Gen.Choose(1, 200_000)
                                                           select new RfmClient<int>(0, days, times, money)).NonEmptyListOf().Select(l => l.Select((c, i) => c with { Client = i }).ToArray());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.2, 1.8)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 8.2)]
    [InlineData(1, 11)]
    public void Quantiles_are_of_type_seven(decimal part, decimal value) => Assert.Equal(value, Quantiles.Of([1, 2, 3, 4, 11], part));

    [Fact]
    public void Quantiles_agree_with_the_definition_read_naively() => Check.One(Many, Prop.ForAll(
        (from values in Gen.Choose(-100, 100).NonEmptyListOf() from percent in Gen.Choose(0, 100) select (values, percent)).ToArbitrary(), c =>
        {
            // h = (n − 1)p + 1 in whole hundredths; the value at h is met by walking along the broken line through the points (k, x(k)).
            decimal[] sorted = [.. c.values.Select(v => (decimal)v).Order()];
            var hundredths = (sorted.Length - 1) * c.percent;
            var walked = sorted[0];
            for (var step = 0; step < hundredths; step++) walked += (sorted[(step / 100) + 1] - sorted[step / 100]) / 100;
            return Quantiles.Of(sorted, c.percent / 100m) == walked;
        }));

    [Fact]
    public void The_median_is_the_middle_or_between_both()
    {
        Assert.Equal(2, Quantiles.Median([3, 1, 2]));
        Assert.Equal(2.5m, Quantiles.Median([4, 1, 2, 3]));
        Assert.Null(Quantiles.Median([]));
    }

    [Fact]
    public void Quintiles_add_one_to_the_limit_and_close_bins_below()
    {
        RfmClient<int>[] clients = [.. Enumerable.Range(1, 10).Select(i => new RfmClient<int>(i, i * 10, i, i * 100))];
        var table = Rfm.Score(clients, RfmMethod.Quintiles, Limits);
        Assert.Equal([281, 461, 641, 821], table.Limits!.Money.Values);
        Assert.Equal([3.8m, 5.6m, 7.4m, 9.2m], table.Limits.Frequency.Values);
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], table.Scores.Select(s => s.M));
        Assert.Equal([1, 1, 1, 2, 2, 3, 3, 4, 4, 5], table.Scores.Select(s => s.F));
        // Days: limits 29, 47, 65, 83; the fewest days score 5.
        Assert.Equal([5, 5, 4, 4, 3, 3, 2, 2, 1, 1], table.Scores.Select(s => s.R));
        Assert.Equal(511, table.Scores[0].Score);
    }

    [Fact]
    public void A_value_on_the_limit_is_in_the_next_bin()
    {
        var scores = Rfm.Score([new(1, 30, 2, 1000), new(2, 29, 1, 999), new(3, 365, 10, 100_000), new RfmClient<int>(4, 364, 9, 99_999)], RfmMethod.Fixed, Limits).Scores;
        Assert.Equal([422, 511, 155, 244], scores.Select(s => s.Score));
    }

    [Fact]
    public void Ranks_give_other_scores_than_quintiles_and_exact_fifths_despite_ties()
    {
        RfmClient<int>[] clients = [.. Enumerable.Range(0, 20).Select(i => new RfmClient<int>(i, i, i < 12 ? 1 : i, i))];
        var (ranks, quintiles) = (Rfm.Score(clients, RfmMethod.Ranks, Limits), Rfm.Score(clients, RfmMethod.Quintiles, Limits));
        Assert.All(ranks.Scores.GroupBy(s => s.F), g => Assert.Equal(4, g.Count()));
        Assert.Equal(12, quintiles.Scores.Count(s => s.F == 1));
        Assert.Equal((RfmMethod.Ranks, null), (ranks.Method, ranks.Limits));
    }

    [Fact]
    public void Few_distinct_values_are_scored_by_the_thresholds_and_the_table_says_so()
    {
        var table = Rfm.Score([.. Enumerable.Range(0, 50).Select(i => new RfmClient<int>(i, i, 1 + (i % 4), i * 1000))], RfmMethod.Quintiles, Limits);
        Assert.Equal((RfmMethod.Fixed, Limits), (table.Method, table.Limits));
        Assert.Equal(RfmMethod.Fixed, Rfm.Score(Array.Empty<RfmClient<int>>(), RfmMethod.Ranks, Limits).Method);
    }

    [Fact]
    public void More_is_never_scored_less_by_any_method() => Check.One(Many, Prop.ForAll(
        (from clients in Bases from method in Gen.Elements(Enum.GetValues<RfmMethod>()) select (clients, method)).ToArbitrary(), c =>
        {
            var scores = Rfm.Score(c.clients, c.method, Limits).Scores;
            return scores.All(s => s is { R: >= 1 and <= 5, F: >= 1 and <= 5, M: >= 1 and <= 5 })
                && c.clients.Zip(scores).OrderBy(p => p.First.Money).Select(p => p.Second.M).ToArray() is var m && m.Zip(m.Skip(1)).All(p => p.First <= p.Second)
                && c.clients.Zip(scores).OrderBy(p => p.First.RecencyDays).ThenByDescending(p => p.Second.R).Select(p => p.Second.R).ToArray() is var r && r.Zip(r.Skip(1)).All(p => p.First >= p.Second);
        }));

    [Fact]
    public void The_first_rectangle_that_fits_names_the_client_and_every_default_can_be_reached()
    {
        var all = from r in Enumerable.Range(1, 5) from f in Enumerable.Range(1, 5) from m in Enumerable.Range(1, 5) select RfmSegment.Of(new RfmScore<int>(0, r, f, m), RfmSegment.Defaults);
        Assert.Equal([.. RfmSegment.Defaults.Append(RfmSegment.Others).Select(s => s.Key).Order()], all.Select(s => s.Key).Distinct().Order());
        Assert.Equal("champions", RfmSegment.Of(new RfmScore<int>(0, 5, 5, 5), RfmSegment.Defaults).Key);
        Assert.Equal("others", RfmSegment.Of(new RfmScore<int>(0, 5, 5, 5), []).Key);
    }

    [Fact]
    public void Limits_are_four_and_ascending() => Assert.All(new decimal[][] { [1, 2, 3], [1, 3, 2, 4], [1, 2, 3, 4, 5] }, l => Assert.Throws<ArgumentException>(() => new RfmLimits(l)));

    [Fact]
    public void The_item_that_crosses_a_border_stays_in_the_higher_class()
    {
        // 70 | +15 = 85 crosses 80 | +10 = 95 | +5: before it stands exactly 95 %.
        var items = Abc.Of([("c", 5m), ("a", 70m), ("b", 10m), ("a2", 15m), ("none", 0m), ("back", -20m)]);
        Assert.Equal(["a:A", "a2:A", "b:B", "c:C", "none:C", "back:C"], items.Select(i => $"{i.Item}:{i.Class}"));
        Assert.Equal([0, 0.7m, 0.85m, 0.95m, 1, 1], items.Select(i => i.ShareBefore));
    }

    [Fact]
    public void Equal_values_share_a_class()
    {
        Assert.All(Abc.Of(Enumerable.Range(0, 10).Select(i => (i, 10m))), i => Assert.Equal(AbcClass.A, i.Class));
        Assert.Equal([AbcClass.A, AbcClass.A, AbcClass.A, AbcClass.B], Abc.Of([(1, 40m), (2, 30m), (3, 30m), (4, 10m)]).Select(i => i.Class));
        Assert.Empty(Abc.Of(Array.Empty<(int, decimal)>()));
        Assert.All(Abc.Of([(1, 0m), (2, -1m)]), i => Assert.Equal(AbcClass.C, i.Class));
    }

    [Fact]
    public void Classes_fall_with_values_and_a_alone_is_worth_its_border() => Check.One(Many, Prop.ForAll(Gen.Choose(-5, 100).NonEmptyListOf().ToArbitrary(), values =>
    {
        var items = Abc.Of(values.Select((v, i) => (i, (decimal)v)));
        var whole = values.Where(v => v > 0).Sum();
        return items.Zip(items.Skip(1)).All(p => p.First.Class <= p.Second.Class && (p.First.Value != p.Second.Value || p.First.Class == p.Second.Class))
            && (whole == 0 || items.Where(i => i.Class == AbcClass.A).Sum(i => i.Value) >= 0.8m * whole);
    }));

    [Fact]
    public void Variation_gives_the_worked_example_by_both_deviations()
    {
        decimal[] sales = [100, 110, 90, 105, 95, 100];
        Assert.Equal(6.455m, decimal.Round(Xyz.Of(sales, 6, Sigma.Population).Variation!.Value * 100, 3));
        Assert.Equal(7.071m, decimal.Round(Xyz.Of(sales, 6, Sigma.Sample).Variation!.Value * 100, 3));
        Assert.Equal(XyzClass.X, Xyz.Of(sales, 6, Sigma.Sample).Class);
    }

    [Fact]
    public void Evenness_has_exact_borders_and_defined_answers_at_its_ends()
    {
        // σ of 90, 110 twice over is 10 of 100: exactly 10 %, and 75, 125: exactly 25 %.
        Assert.Equal(XyzClass.X, Xyz.Of([90, 110, 90, 110], 4, Sigma.Population).Class);
        Assert.Equal(XyzClass.Y, Xyz.Of([90, 110, 90, 110], 4, Sigma.Sample).Class);
        Assert.Equal(XyzClass.Y, Xyz.Of([75, 125, 75, 125], 4, Sigma.Population).Class);
        Assert.Equal(XyzClass.Z, Xyz.Of([75, 125, 75, 125], 4, Sigma.Sample).Class);
        Assert.Equal(new XyzResult(null, null), Xyz.Of([100, 100], 2, Sigma.Sample));
        Assert.Equal(new XyzResult(null, XyzClass.Z), Xyz.Of([5, -5], 3, Sigma.Sample));
        Assert.Equal(new XyzResult(null, XyzClass.Z), Xyz.Of([], 12, Sigma.Sample));
        Assert.Equal(Xyz.Of([30, 0, 0], 3, Sigma.Sample), Xyz.Of([30], 3, Sigma.Sample));
        Assert.Throws<ArgumentOutOfRangeException>(() => Xyz.Of([1, 2, 3, 4], 3, Sigma.Sample));
    }
}
