namespace LeadIngest.Api.Demo.History;

/// <summary>What the visits cost.</summary>
internal static class Costs
{
    /// <summary>Every cabinet's campaigns by day, as many roubles as their visits were clicks. Today's is not known yet.</summary>
    public static List<PlannedSpend> Of(IReadOnlyList<PlannedVisit> visits, Dice dice, DateOnly today) =>
    [
        .. visits.Where(v => v.Way.Cabinet is not null && v.Page.Contains('?', StringComparison.Ordinal)).GroupBy(v => (Day: WorkingTime.Day(v.At), v.Way.Name)).Where(g => g.Key.Day < today)
            .OrderBy(g => g.Key.Day).ThenBy(g => g.Key.Name, StringComparer.Ordinal).Select(g =>
            {
                var way = g.First().Way;
                var clicks = g.Count() + dice.Between(0, 2);
                return new PlannedSpend(way.Cabinet!, g.Key.Day, way.Name, way.CampaignId, Math.Round((decimal)(clicks * way.Click * (0.8 + (0.4 * dice.Next()))), 2), clicks, clicks * dice.Between(12, 60));
            }),
    ];

    /// <summary>A banner on the road by the quarter, and a blogger whenever one wrote.</summary>
    public static List<PlannedAmount> Amounts(DateOnly first, DateOnly today)
    {
        var amounts = new List<PlannedAmount>();
        for (var from = first; from < today; from = from.AddMonths(3))
        {
            var to = from.AddMonths(3).AddDays(-1) < today ? from.AddMonths(3).AddDays(-1) : today;
            amounts.Add(new($"Баннер на дороге с {from:dd.MM.yyyy}", from, to, 150m * (to.DayNumber - from.DayNumber + 1), "Наружная реклама", "banner", "Баннер на дороге"));
        }
        for (var month = new DateOnly(first.Year, first.Month, 1); month < today; month = month.AddMonths(1))
            if (month >= first && month.AddDays(13) < today && Story.Ways.Single(w => w.Name == Story.BloggerCampaign).Months.Contains(month.Month))
                amounts.Add(new($"Пост блогера, {month:MM.yyyy}", month, month.AddDays(13), 24_000m, "telegram", "post", Story.BloggerCampaign));
        return amounts;
    }
}
