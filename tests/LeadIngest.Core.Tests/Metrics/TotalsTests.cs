using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class TotalsTests
{
    private static readonly Totals Example = new() { Spend = 100_000, Revenue = 300_000, CostOfGoods = 180_000, Leads = 200, LeadsPaid = 30, Deals = 42, NewClients = 25, QualifiedLeads = 80, OtherCosts = 20_000 };

    [Fact]
    public void The_worked_example_of_payback()
    {
        Assert.Equal(3, Example.Roas.Value);
        Assert.Equal(33.3m, decimal.Round(Example.Drr.Value!.Value * 100, 1));
        Assert.Equal(3, Example.Romi(RomiKind.Payback).Value);
        Assert.Equal(2, Example.Romi(RomiKind.Net).Value);
        Assert.Equal(0.2m, Example.RomiMargin.Value);
    }

    [Fact]
    public void The_other_ratios_as_defined()
    {
        Assert.Equal(500, Example.Cpl.Value);
        Assert.Equal(1250, Example.Cpql.Value);
        Assert.Equal(decimal.Round(100_000m / 42, 6), decimal.Round(Example.Cpo.Value!.Value, 6));
        Assert.Equal(4000, Example.Cac.Value);
        Assert.Equal(4800, Example.FullCac.Value);
        Assert.Equal(0.15m, Example.CohortConversion.Value);
        Assert.Equal(0.21m, Example.PeriodConversion.Value);
        Assert.Equal(decimal.Round(300_000m / 42, 6), decimal.Round(Example.AverageCheck.Value!.Value, 6));
        Assert.Equal(0, Example.Roi.Value);
        Assert.Equal(1.5m, (Example with { Deals = 300 }).PeriodConversion.Value);
    }

    [Fact]
    public void The_printing_house_loses_at_first_and_earns_by_repeats_in_both_conventions()
    {
        var first = new Totals { Spend = 50_000, Revenue = 40_000 };
        var year = first + new Totals { Spend = 0, Revenue = 500_000 };
        Assert.Equal((0.8m, -0.2m), (first.Romi(RomiKind.Payback).Value, first.Romi(RomiKind.Net).Value));
        Assert.Equal((10.8m, 9.8m), (year.Romi(RomiKind.Payback).Value, year.Romi(RomiKind.Net).Value));
    }

    [Fact]
    public void Known_spend_of_zero_and_unknown_spend_are_two_things()
    {
        Assert.Equal((0m, NoValue.None), ((Example with { Spend = 0 }).Cpl.Value, (Example with { Spend = 0 }).Cpl.Why));
        Assert.Equal((null, NoValue.Unknown), ((Example with { Spend = null }).Cpl.Value, (Example with { Spend = null }).Cpl.Why));
        Assert.Equal((null, NoValue.ZeroBase), ((Example with { Spend = 0 }).Romi(RomiKind.Net).Value, (Example with { Spend = 0 }).Roas.Why));
        Assert.Equal(NoValue.Unknown, (Example with { CostOfGoods = null }).RomiMargin.Why);
    }

    [Fact]
    public void Nothing_to_divide_by_is_no_value_with_both_parts_kept_and_spend_for_nothing_is_flagged()
    {
        var none = new Totals { Spend = 700 };
        Assert.All([none.Cpl, none.Cpql, none.Cpo, none.Cac, none.Drr], r => Assert.Equal((null, 700, 0, true), (r.Value, r.Part, r.Whole, r.IsForNothing)));
        Assert.All([none.CohortConversion, none.PeriodConversion, none.AverageCheck], r => Assert.Equal((null, NoValue.ZeroBase, false), (r.Value, r.Why, r.IsForNothing)));
    }

    [Fact]
    public void Revenue_below_zero_has_no_share_of_costs_but_a_return()
    {
        var refunded = Example with { Revenue = -50_000 };
        Assert.Equal((null, NoValue.NegativeBase, 100_000, -50_000), (refunded.Drr.Value, refunded.Drr.Why, refunded.Drr.Part, refunded.Drr.Whole));
        Assert.Equal((-0.5m, -1.5m), (refunded.Roas.Value, refunded.Romi(RomiKind.Net).Value));
    }

    [Fact]
    public void Sums_are_of_parts_and_never_of_ratios()
    {
        var sum = new Totals { Spend = 100, Leads = 1 } + new Totals { Spend = 100, Leads = 9 };
        Assert.Equal(20, sum.Cpl.Value);
        Assert.False(sum.SpendIsPartial);
        var partial = sum + new Totals { Leads = 10 };
        Assert.Equal((10m, true), (partial.Cpl.Value, partial.SpendIsPartial));
        Assert.Equal((null, false), ((new Totals() + new Totals()).Spend, (new Totals() + new Totals()).SpendIsPartial));
        Assert.Null((Example + new Totals()).CostOfGoods);
        Assert.Equal(new Totals(), Totals.Sum([]));
    }

    [Fact]
    public void A_total_is_the_same_however_rows_are_grouped()
    {
        var rows = from spend in Gen.OneOf(Gen.Constant((decimal?)null), Gen.Choose(-10, 1000).Select(n => (decimal?)n / 100))
                   from leads in Gen.Choose(0, 50)
                   from revenue in Gen.Choose(-500, 5000)
                   from goods in Gen.OneOf(Gen.Constant((decimal?)null), Gen.Constant((decimal?)3))
                   select new Totals { Spend = spend, Leads = leads, Revenue = revenue / 100m, CostOfGoods = goods, Deals = leads / 3, NewClients = leads / 4 };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(rows.NonEmptyListOf().ToArbitrary(), list =>
            Totals.Sum(list) == Totals.Sum(Enumerable.Reverse(list)) && Totals.Sum(list) == Totals.Sum(list.Chunk(3).Select(Totals.Sum)) && Totals.Sum(list).Revenue == list.Sum(r => r.Revenue)));
    }

    [Fact]
    public void Lifetime_value_and_payback()
    {
        Assert.Equal(5000, LifetimeValue.Historical(50_000, 10).Value);
        Assert.Equal(NoValue.ZeroBase, LifetimeValue.Historical(0, 0).Why);
        Assert.Equal(30_000m * 2 * 3 * 0.4m, LifetimeValue.Simple(30_000, 2, 3, 0.4m));
        Assert.Null(LifetimeValue.Simple(null, 2, 3, 0.4m));
        Assert.Equal(3, LifetimeValue.ToCac(12_000, 4000).Value);
        Assert.Equal(2, LifetimeValue.PaybackMonth(4000, [1500, 1500, 1000, 800]));
        Assert.Equal(0, LifetimeValue.PaybackMonth(1500, [1500]));
        Assert.Null(LifetimeValue.PaybackMonth(4000, [1500, 1500]));
        Assert.Null(LifetimeValue.PaybackMonth(null, [1500, 1500]));
    }

    [Fact]
    public void Three_of_twenty_may_be_five_percent_or_thirty_six()
    {
        var (low, high) = Wilson.Interval(3, 20)!.Value;
        Assert.Equal((5.2m, 36.0m), (decimal.Round(low * 100, 1), decimal.Round(high * 100, 1)));
        Assert.Null(Wilson.Interval(0, 0));
        Assert.Equal(0, Wilson.Interval(0, 5)!.Value.Low);
        Assert.Equal(1, Wilson.Interval(5, 5)!.Value.High);
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(6, 5));
    }
}
