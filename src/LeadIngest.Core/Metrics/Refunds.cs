namespace LeadIngest.Core.Metrics;

/// <summary>On which day a refund lowers revenue. Spend is never moved, and both views have the same total over all time.</summary>
public enum RefundView
{
    /// <summary>On the deal's day, with the deal's source and cohort: what the advertising of that day was really worth.</summary>
    Deal,

    /// <summary>On the day of the refund: what came in and went out.</summary>
    Cash,
}

/// <summary>A paid deal and what was paid back of it.</summary>
/// <param name="Day">When it was paid.</param>
/// <param name="Amount">Minor units, above 0.</param>
/// <param name="Refunds">Days and amounts above 0, on or after <paramref name="Day"/>, in all at most <paramref name="Amount"/>.</param>
public sealed record SoldDeal(DateOnly Day, long Amount, IReadOnlyList<(DateOnly Day, long Amount)> Refunds)
{
    public long Refunded => Refunds.Sum(r => r.Amount);
}

/// <summary>What a day gets of a deal. Rows of a report add them up.</summary>
/// <param name="Day">The day.</param>
/// <param name="Revenue">Minor units; negative for a refund.</param>
/// <param name="Deals">1, 0, or −1 on the day when a refund becomes full.</param>
public readonly record struct RevenueEntry(DateOnly Day, long Revenue, int Deals);

/// <summary>A partial refund lowers revenue and leaves the deal; a full one takes the deal out of the count too.</summary>
public static class Refunds
{
    /// <returns>In the order of days; their sum is the same in both views: what remains of the amount, and 1 deal or 0.</returns>
    /// <exception cref="ArgumentException">More was paid back than paid, or before it, or an amount is not above 0.</exception>
    public static IReadOnlyList<RevenueEntry> Of(SoldDeal deal, RefundView view)
    {
        if (deal.Amount <= 0 || deal.Refunded > deal.Amount || deal.Refunds.Any(r => r.Amount <= 0 || r.Day < deal.Day))
            throw new ArgumentException("Refunds are above 0, not before the deal and in all not above its amount.", nameof(deal));
        var left = deal.Amount;
        var entries = new List<RevenueEntry> { new(deal.Day, deal.Amount, 1) };
        foreach (var (day, amount) in deal.Refunds.OrderBy(r => r.Day))
        {
            left -= amount;
            entries.Add(new(day, -amount, left == 0 ? -1 : 0));
        }
        return view == RefundView.Cash ? entries : [new(deal.Day, left, left == 0 ? 0 : 1)];
    }
}
