using LeadIngest.Core.Times;

namespace LeadIngest.Core.Metrics;

/// <summary>What one cohort did in one period.</summary>
/// <param name="Cohort">First day of the period of the cohort's first lead or first payment.</param>
/// <param name="Column">How many periods later; 0 is the cohort's own.</param>
/// <param name="Active">Clients of the cohort with at least one payment in it.</param>
/// <param name="Revenue">Of the cohort in it, net of refunds; any one unit.</param>
/// <param name="Purchases">Payments in it.</param>
public readonly record struct CohortCell(DateOnly Cohort, int Column, long Active, decimal Revenue, long Purchases = 0);

/// <summary>One column of one cohort.</summary>
/// <param name="Retention">Share of the cohort's clients with at least one payment in it.</param>
/// <param name="CumulativeRevenue">Revenue of all columns up to it, per client of the cohort.</param>
/// <param name="Revenue">Revenue of it alone, per client of the cohort.</param>
/// <param name="Purchases">Payments in it, per client of the cohort.</param>
public readonly record struct CohortColumn(Ratio Retention, Ratio CumulativeRevenue, Ratio Revenue, Ratio Purchases);

/// <summary>One row of the table.</summary>
/// <param name="Cohort">First day of its period.</param>
/// <param name="Clients">Size.</param>
/// <param name="Columns">From 0 to the last finished period: what has not finished is not there, which is not the same as 0.</param>
public sealed record CohortRow(DateOnly Cohort, long Clients, IReadOnlyList<CohortColumn> Columns);

/// <summary>Cohorts of clients, the triangle of what they did since.</summary>
/// <param name="Rows">By cohort, the oldest first.</param>
/// <param name="Totals">
/// By column, over the cohorts that have reached it: sums of parts over sums of sizes, so that a great cohort counts for more than a small one. Cumulative
/// revenue of neighbouring columns is of different cohorts and may fall.
/// </param>
public sealed record CohortTable(IReadOnlyList<CohortRow> Rows, IReadOnlyList<CohortColumn> Totals)
{
    /// <param name="sizes">Clients by cohort (the first day of its period).</param>
    /// <param name="cells">What was counted; cells that are not there are 0. Cells of one place are added. Those of unfinished periods are left out.</param>
    /// <param name="unit">Of rows and columns.</param>
    /// <param name="lastFinished">First day of the last period that is over.</param>
    /// <exception cref="ArgumentException">A cell before its cohort, or of a cohort without a size: the counting was wrong.</exception>
    public static CohortTable Of(IReadOnlyDictionary<DateOnly, long> sizes, IEnumerable<CohortCell> cells, PeriodUnit unit, DateOnly lastFinished)
    {
        var known = new Dictionary<(DateOnly, int), (long Active, decimal Revenue, long Purchases)>();
        foreach (var cell in cells)
        {
            if (cell.Column < 0 || !sizes.ContainsKey(cell.Cohort)) throw new ArgumentException($"Column {cell.Column} of cohort {cell.Cohort:yyyy-MM-dd} cannot be.", nameof(cells));
            var before = known.GetValueOrDefault((cell.Cohort, cell.Column));
            known[(cell.Cohort, cell.Column)] = (before.Active + cell.Active, before.Revenue + cell.Revenue, before.Purchases + cell.Purchases);
        }

        var rows = new List<CohortRow>();
        var sums = new List<(long Clients, long Active, decimal Cumulative, decimal Revenue, long Purchases)>();
        foreach (var (cohort, clients) in sizes.OrderBy(s => s.Key))
        {
            var columns = new List<CohortColumn>();
            var revenue = 0m;
            for (var column = 0; column <= Periods.Between(cohort, lastFinished, unit); column++)
            {
                var (active, received, purchases) = known.GetValueOrDefault((cohort, column));
                revenue += received;
                columns.Add(new(new(active, clients), new(revenue, clients), new(received, clients), new(purchases, clients)));
                if (sums.Count == column) sums.Add(default);
                var sum = sums[column];
                sums[column] = (sum.Clients + clients, sum.Active + active, sum.Cumulative + revenue, sum.Revenue + received, sum.Purchases + purchases);
            }
            rows.Add(new(cohort, clients, columns));
        }
        return new(rows, [.. sums.Select(s => new CohortColumn(new(s.Active, s.Clients), new(s.Cumulative, s.Clients), new(s.Revenue, s.Clients), new(s.Purchases, s.Clients)))]);
    }
}

/// <summary>A payment, or a refund as a negative one.</summary>
public readonly record struct ClientPayment<TClient>(TClient Client, DateOnly Day, decimal Amount);

/// <summary>Counts cohorts from single payments: the same that reports count in SQL.</summary>
public static class Cohorts
{
    /// <summary>Cohorts by the first payment. A refund makes nobody active and starts no cohort; without any payment before it, it is left out.</summary>
    public static (IReadOnlyDictionary<DateOnly, long> Sizes, IReadOnlyList<CohortCell> Cells) ByFirstPayment<TClient>(IEnumerable<ClientPayment<TClient>> payments, PeriodUnit unit)
        where TClient : notnull
    {
        var sizes = new Dictionary<DateOnly, long>();
        var cells = new Dictionary<(DateOnly Cohort, int Column), (long Active, decimal Revenue, long Purchases)>();
        foreach (var client in payments.GroupBy(p => p.Client))
        {
            if (!client.Any(p => p.Amount > 0)) continue;
            var firstDay = client.Where(p => p.Amount > 0).Min(p => p.Day);
            var cohort = Periods.Of(firstDay, unit);
            sizes[cohort] = sizes.GetValueOrDefault(cohort) + 1;
            foreach (var column in client.Where(p => p.Day >= firstDay).GroupBy(p => Periods.Between(cohort, p.Day, unit)))
            {
                var (active, revenue, purchases) = cells.GetValueOrDefault((cohort, column.Key));
                var bought = column.Count(p => p.Amount > 0);
                cells[(cohort, column.Key)] = (active + (bought > 0 ? 1 : 0), revenue + column.Sum(p => p.Amount), purchases + bought);
            }
        }
        return (sizes, [.. cells.Select(c => new CohortCell(c.Key.Cohort, c.Key.Column, c.Value.Active, c.Value.Revenue, c.Value.Purchases)).OrderBy(c => c.Cohort).ThenBy(c => c.Column)]);
    }
}
