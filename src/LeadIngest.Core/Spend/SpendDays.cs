using LeadIngest.Core.Money;

namespace LeadIngest.Core.Spend;

/// <summary>The spend of one day at one level.</summary>
/// <param name="Day">By the cabinet's clock.</param>
/// <param name="Level">What it is for.</param>
/// <param name="Amount">In the currency of the level.</param>
/// <param name="Clicks">0 when not told.</param>
/// <param name="Impressions">0 when not told.</param>
/// <param name="Lines">The rows of the table that it was made of.</param>
public sealed record SpendDay(DateOnly Day, SpendLevel Level, decimal Amount, long Clicks, long Impressions, IReadOnlyList<SpendLine> Lines);

/// <summary>Turns the rows of a table into days: a row over several days is spread evenly, rows of one day and level are added up.</summary>
public static class SpendDays
{
    /// <summary>Amounts are spread in kopecks; one that is finer, in millionths.</summary>
    private const decimal Fine = 1_000_000;

    public static IReadOnlyList<SpendDay> Of(IEnumerable<SpendLine> lines)
    {
        var days = new Dictionary<(DateOnly, SpendLevel), Sum>();
        foreach (var line in lines)
        {
            var count = line.To.DayNumber - line.From.DayNumber + 1;
            var unit = line.Amount == decimal.Round(line.Amount, 2) ? 100m : Fine;
            var amounts = ExactSplit.Evenly((long)(line.Amount * unit), count);
            var (clicks, shows) = (ExactSplit.Evenly(line.Clicks, count), ExactSplit.Evenly(line.Impressions, count));
            for (var i = 0; i < count; i++)
            {
                var key = (line.From.AddDays(i), line.Level);
                if (!days.TryGetValue(key, out var sum)) days[key] = sum = new();
                sum.Amount += amounts[i] / unit;
                sum.Clicks += clicks[i];
                sum.Impressions += shows[i];
                sum.Lines.Add(line);
            }
        }
        return [.. days.Select(d => new SpendDay(d.Key.Item1, d.Key.Item2, d.Value.Amount, d.Value.Clicks, d.Value.Impressions, d.Value.Lines)).OrderBy(d => d.Day)];
    }

    private sealed class Sum
    {
        public decimal Amount { get; set; }
        public long Clicks { get; set; }
        public long Impressions { get; set; }
        public List<SpendLine> Lines { get; } = [];
    }
}
