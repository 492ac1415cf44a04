using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class RefundsTests
{
    private static readonly DateOnly Sold = new(2026, 9, 10);

    [Fact]
    public void A_refund_lowers_the_day_of_the_deal_or_its_own_day()
    {
        var deal = new SoldDeal(Sold, 10_000_00, [(Sold.AddDays(40), 4_000_00)]);
        Assert.Equal([new RevenueEntry(Sold, 6_000_00, 1)], Refunds.Of(deal, RefundView.Deal));
        Assert.Equal([new(Sold, 10_000_00, 1), new RevenueEntry(Sold.AddDays(40), -4_000_00, 0)], Refunds.Of(deal, RefundView.Cash));
    }

    [Fact]
    public void A_full_refund_takes_the_deal_out_of_the_count()
    {
        var deal = new SoldDeal(Sold, 100, [(Sold.AddDays(2), 60), (Sold.AddDays(1), 40)]);
        Assert.Equal([new RevenueEntry(Sold, 0, 0)], Refunds.Of(deal, RefundView.Deal));
        Assert.Equal([new(Sold, 100, 1), new(Sold.AddDays(1), -40, 0), new RevenueEntry(Sold.AddDays(2), -60, -1)], Refunds.Of(deal, RefundView.Cash));
    }

    [Fact]
    public void Impossible_refunds_are_refused() => Assert.All(
        new SoldDeal[] { new(Sold, 100, [(Sold, 101)]), new(Sold, 100, [(Sold.AddDays(-1), 1)]), new(Sold, 100, [(Sold, 0)]), new(Sold, 0, []) },
        deal => Assert.Throws<ArgumentException>(() => Refunds.Of(deal, RefundView.Cash)));

    [Fact]
    public void Both_views_have_the_same_totals_over_all_time()
    {
        var deals = from amount in Gen.Choose(1, 1000)
                    from parts in Gen.Choose(1, 300).ListOf()
                    from day in Gen.Choose(0, 90)
                    select new SoldDeal(Sold.AddDays(day), amount, [.. Fitting(parts, amount).Select((p, i) => (Sold.AddDays(day + (i * 7)), (long)p))]);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(deals.ListOf().ToArbitrary(), list =>
        {
            var (deal, cash) = (list.SelectMany(d => Refunds.Of(d, RefundView.Deal)).ToArray(), list.SelectMany(d => Refunds.Of(d, RefundView.Cash)).ToArray());
            return deal.Sum(e => e.Revenue) == cash.Sum(e => e.Revenue) && deal.Sum(e => e.Deals) == cash.Sum(e => e.Deals)
                && deal.Sum(e => e.Revenue) == list.Sum(d => d.Amount - d.Refunded) && deal.Sum(e => e.Deals) == list.Count(d => d.Refunded < d.Amount);
        }));

        static IEnumerable<int> Fitting(IEnumerable<int> parts, int amount)
        {
            foreach (var part in parts)
            {
                if (amount == 0) yield break;
                yield return Math.Min(part, amount);
                amount -= Math.Min(part, amount);
            }
        }
    }
}
