using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class CohortTests
{
    private static readonly DateOnly January = new(2026, 1, 1), February = new(2026, 2, 1), March = new(2026, 3, 1);

    [Fact]
    public void Retention_and_cumulative_revenue_leave_unfinished_columns_out()
    {
        var table = CohortTable.Of(new Dictionary<DateOnly, long> { [January] = 10, [February] = 20, [March] = 5 },
            [new(January, 0, 10, 1000), new(January, 1, 4, 300), new(February, 0, 20, 4000), new(March, 0, 5, 50), new(February, 1, 6, 600)], PeriodUnit.Month, February);
        Assert.Equal([2, 1, 0], table.Rows.Select(r => r.Columns.Count));
        Assert.Equal([1m, 0.4m], table.Rows[0].Columns.Select(c => c.Retention.Value!.Value));
        Assert.Equal([100m, 130m], table.Rows[0].Columns.Select(c => c.CumulativeRevenue.Value!.Value));
    }

    [Fact]
    public void Totals_are_weighted_over_the_cohorts_that_have_got_so_far()
    {
        var table = CohortTable.Of(new Dictionary<DateOnly, long> { [January] = 10, [February] = 30 },
            [new(January, 0, 10, 1000), new(January, 1, 5, 500), new(January, 2, 1, 100), new(February, 0, 30, 6000), new(February, 1, 3, 300)], PeriodUnit.Month, March);
        Assert.Equal([1m, 8 / 40m, 1 / 10m], table.Totals.Select(c => c.Retention.Value!.Value));
        Assert.Equal([7000 / 40m, 7800 / 40m, 1600 / 10m], table.Totals.Select(c => c.CumulativeRevenue.Value!.Value));
    }

    [Fact]
    public void A_column_without_payments_is_zero_when_finished_and_an_empty_cohort_has_no_value()
    {
        var table = CohortTable.Of(new Dictionary<DateOnly, long> { [January] = 2, [February] = 0 }, [new(January, 0, 2, 10)], PeriodUnit.Month, February);
        Assert.Equal(0, table.Rows[0].Columns[1].Retention.Value);
        Assert.Equal(NoValue.ZeroBase, table.Rows[1].Columns[0].Retention.Why);
        Assert.Throws<ArgumentException>(() => CohortTable.Of(new Dictionary<DateOnly, long> { [January] = 2 }, [new(January, -1, 2, 10)], PeriodUnit.Month, February));
        Assert.Throws<ArgumentException>(() => CohortTable.Of(new Dictionary<DateOnly, long> { [January] = 2 }, [new(March, 0, 2, 10)], PeriodUnit.Month, February));
    }

    [Fact]
    public void Counted_from_payments_nothing_is_lost_and_column_zero_is_everybody()
    {
        var payments = (from client in Gen.Choose(1, 12)
                        from day in Gen.Choose(0, 400)
                        from amount in Gen.Choose(-300, 1000)
                        select new ClientPayment<int>(client, January.AddDays(day), amount)).NonEmptyListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll((from p in payments from u in Gen.Elements(Enum.GetValues<PeriodUnit>()) select (p, u)).ToArbitrary(), c =>
        {
            var (sizes, cells) = Cohorts.ByFirstPayment(c.p, c.u);
            var table = CohortTable.Of(sizes, cells, c.u, new(2027, 12, 31));
            var buyers = c.p.Where(p => p.Amount > 0).GroupBy(p => p.Client).ToDictionary(g => g.Key, g => g.Min(p => p.Day));
            var money = c.p.Where(p => buyers.TryGetValue(p.Client, out var first) && p.Day >= first).Sum(p => p.Amount);
            return sizes.Values.Sum() == buyers.Count && cells.Sum(x => x.Revenue) == money
                && table.Rows.All(r => r.Columns[0].Retention.Value == 1 && r.Columns.All(x => x.Retention.Value is >= 0 and <= 1))
                && table.Rows.Sum(r => r.Columns[^1].CumulativeRevenue.Part) == money
                && (table.Totals.Count == 0 || table.Totals[0].Retention.Whole == buyers.Count);
        }));
    }
}
