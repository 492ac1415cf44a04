using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Money;

namespace LeadIngest.Core.Tests.Money;

public sealed class ExactSplitTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly Gen<long> Amounts = Gen.OneOf(Gen.Choose(-1000, 1000).Select(n => (long)n), ArbMap.Default.GeneratorFor<long>(), Gen.Elements(long.MaxValue, long.MinValue, 0));

    private static readonly Gen<long[]> Weights = Gen.OneOf(Gen.Choose(0, 5).Select(n => (long)n), Gen.Elements(0, 1, long.MaxValue, 1L << 52)).NonEmptyListOf().Select(w => w.ToArray());

    private static readonly Arbitrary<(long Amount, long[] Weights)> Cases = (from amount in Amounts from weights in Weights select (amount, weights)).ToArbitrary();

    [Fact]
    public void Parts_add_up_to_exactly_the_amount() => Check.One(Many, Prop.ForAll(Cases, c =>
        ExactSplit.Of(c.Amount, c.Weights).Aggregate((Int128)0, (sum, part) => sum + part) == c.Amount));

    [Fact]
    public void A_part_is_its_share_rounded_down_or_up() => Check.One(Many, Prop.ForAll(Cases, c =>
    {
        var sum = c.Weights.Aggregate((Int128)0, (s, w) => s + w);
        return sum == 0 || ExactSplit.Of(c.Amount, c.Weights).Zip(c.Weights).All(p => Int128.Abs((p.First * sum) - ((Int128)c.Amount * p.Second)) < sum);
    }));

    [Fact]
    public void A_refund_is_the_sale_with_the_other_sign() => Check.One(Many, Prop.ForAll(Cases, c =>
        c.Amount == long.MinValue || ExactSplit.Of(-c.Amount, c.Weights).SequenceEqual(ExactSplit.Of(c.Amount, c.Weights).Select(p => -p))));

    [Fact]
    public void What_weighs_nothing_gets_nothing_and_what_weighs_alike_differs_by_one_unit_at_most() => Check.One(Many, Prop.ForAll(Cases, c =>
    {
        var parts = ExactSplit.Of(c.Amount, c.Weights);
        return c.Weights.All(w => w == 0)
            || parts.Zip(c.Weights).All(p => p.Second != 0 || p.First == 0) && parts.Zip(c.Weights).GroupBy(p => p.Second).All(g => (Int128)g.Max(p => p.First) - g.Min(p => p.First) <= 1);
    }));

    [Fact]
    public void Learnt_weights_add_up_too_whatever_they_are() => Check.One(Many, Prop.ForAll(
        (from amount in Amounts
         from weights in Gen.OneOf(Gen.Choose(0, 1000).Select(n => n / 999.0), Gen.Elements(double.NaN, -1, 0, 1e-300, 1e300, double.PositiveInfinity)).NonEmptyListOf()
         select (amount, weights: weights.ToArray())).ToArbitrary(),
        c => ExactSplit.Of(c.amount, c.weights).Aggregate((Int128)0, (sum, part) => sum + part) == c.amount));

    [Fact]
    public void The_left_over_units_go_to_the_greatest_remainders_then_to_the_first()
    {
        Assert.Equal([34, 33, 33], ExactSplit.Of(100, [1L, 1, 1]));
        Assert.Equal([-34, -33, -33], ExactSplit.Of(-100, [1L, 1, 1]));
        Assert.Equal([17, 50, 33], ExactSplit.Of(100, [1L, 3, 2]));
        Assert.Equal([0, 1], ExactSplit.Of(1, [1L, 2]));
        Assert.Equal([4, 3, 3], ExactSplit.Evenly(10, 3));
        Assert.Equal([-4, -3, -3], ExactSplit.Evenly(-10, 3));
        Assert.Equal([3, 3, 2], ExactSplit.Of(8, [0L, 0, 0]));
    }

    [Fact]
    public void No_weights_and_negative_ones_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactSplit.Of(1, Array.Empty<long>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactSplit.Of(1, [2L, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactSplit.Evenly(1, 0));
    }

    [Fact]
    public void Rounded_parts_add_up_to_the_rounded_sum()
    {
        Assert.Equal([0.34m, 0.33m, 0.33m], ExactSplit.Round([1 / 3m, 1 / 3m, 1 / 3m]));
        Assert.Equal([-0.33m, -0.33m, -0.34m], ExactSplit.Round([-0.333m, -0.333m, -0.334m]));
        Check.One(Many, Prop.ForAll(Gen.Choose(-100_000, 100_000).Select(n => n / 777m).NonEmptyListOf().ToArbitrary(), parts =>
        {
            var rounded = ExactSplit.Round([.. parts]);
            return rounded.Sum() == decimal.Round(parts.Sum(), 2, MidpointRounding.AwayFromZero) && rounded.Zip(parts).All(p => Math.Abs(p.First - p.Second) < 0.01m);
        }));
    }
}
