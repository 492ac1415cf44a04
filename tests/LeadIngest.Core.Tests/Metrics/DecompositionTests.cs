using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class DecompositionTests
{
    private static readonly MoneyFactors Before = new(200, 0.15m, 30_000, 1.4m), After = new(240, 0.13m, 31_000, 1.5m);

    [Fact]
    public void Chain_substitution_gives_the_worked_example()
    {
        Assert.Equal((1_260_000m, 1_450_800m), (Before.Money, After.Money));
        var shares = Decomposition.Of(Before, After, ShareMethod.Chain);
        Assert.Equal((252_000m, -201_600m, 43_680m, 96_720m, 190_800m), (shares.Leads, shares.Conversion, shares.AverageCheck, shares.SalesPerClient, shares.Change));
    }

    [Fact]
    public void Log_mean_shares_give_the_worked_example_and_add_up_to_the_kopeck()
    {
        var shares = Decomposition.Of(Before, After, ShareMethod.LogMean);
        Assert.Equal([246_710.02m, -193_638.16m, 44_369.84m, 93_358.31m],
            new[] { shares.Leads, shares.Conversion, shares.AverageCheck, shares.SalesPerClient }.Select(s => decimal.Round(s, 2)));
        Assert.Equal(190_800m, shares.Leads + shares.Conversion + shares.AverageCheck + shares.SalesPerClient);
        // Rounded each alone they are a kopeck over.
        var rounded = shares.Rounded();
        Assert.Equal(190_800m, rounded.Leads + rounded.Conversion + rounded.AverageCheck + rounded.SalesPerClient);
    }

    [Fact]
    public void A_factor_of_zero_leaves_the_chain()
    {
        var shares = Decomposition.Of(MoneyFactors.Of(0, 0, 0, 0), After, ShareMethod.LogMean);
        Assert.Equal((ShareMethod.Chain, After.Money), (shares.Method, shares.Change));
        Assert.Equal(ShareMethod.Chain, Decomposition.Of(Before, MoneyFactors.Of(10, 0, 0, 0), ShareMethod.LogMean).Method);
        Assert.Equal(ShareMethod.Chain, Decomposition.Of(Before, MoneyFactors.Of(10, 2, 2, -100), ShareMethod.LogMean).Method);
    }

    [Fact]
    public void What_if_changes_factors_by_shares()
    {
        Assert.Equal(1_260_000m * 1.1m, Before.WhatIf(leads: 0.1m).Money);
        Assert.Equal(1_260_000m * 1.1m * 0.95m, Before.WhatIf(conversion: 0.1m, averageCheck: -0.05m).Money);
    }

    [Fact]
    public void Factors_of_a_period_multiply_to_its_revenue()
    {
        Assert.Equal(Before, MoneyFactors.Of(200, 30, 42, 1_260_000));
        Assert.Equal((0m, 0m), (MoneyFactors.Of(0, 0, 0, 0).Money, MoneyFactors.Of(50, 0, 0, 0).Money));
    }

    private static readonly Gen<MoneyFactors> Periods =
        from leads in Gen.Choose(0, 500)
        from clients in Gen.Choose(0, 100)
        from sales in Gen.Choose(0, 300)
        from revenue in Gen.Choose(-1000, 10_000_000)
        select MoneyFactors.Of(leads, clients, sales, revenue);

    [Fact]
    public void Shares_add_up_to_the_change_by_both_methods()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll((from a in Periods from b in Periods from m in Gen.Elements(ShareMethod.Chain, ShareMethod.LogMean) select (a, b, m)).ToArbitrary(), c =>
        {
            var shares = Decomposition.Of(c.a, c.b, c.m);
            var rounded = shares.Rounded();
            return Math.Abs(shares.Leads + shares.Conversion + shares.AverageCheck + shares.SalesPerClient - shares.Change) < 1e-15m * (1 + Math.Abs(c.a.Money) + Math.Abs(c.b.Money))
                && rounded.Leads + rounded.Conversion + rounded.AverageCheck + rounded.SalesPerClient == decimal.Round(shares.Change, 2, MidpointRounding.AwayFromZero);
        }));
    }

    [Fact]
    public void The_way_back_undoes_log_mean_shares() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        (from a in Periods from b in Periods select (a, b)).ToArbitrary(), c =>
        {
            var (there, back) = (Decomposition.Of(c.a, c.b, ShareMethod.LogMean), Decomposition.Of(c.b, c.a, ShareMethod.LogMean));
            return there.Method != ShareMethod.LogMean || Math.Abs(there.Leads + back.Leads) < 1e-9m * (1 + Math.Abs(c.a.Money) + Math.Abs(c.b.Money));
        }));
}
