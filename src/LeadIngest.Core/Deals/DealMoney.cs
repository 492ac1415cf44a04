namespace LeadIngest.Core.Deals;

/// <summary>What a deal has brought from a moment on.</summary>
/// <param name="At">From when on.</param>
/// <param name="Amount">Its amount while it is won, else 0; in the deal's currency.</param>
/// <param name="IsWon">Whether it is won.</param>
public readonly record struct Worth(DateTimeOffset At, decimal Amount, bool IsWon);

/// <summary>
/// The cash view of a deal: it comes in on the day it is won, changes on the day it is re-priced, goes out on the day it is lost or reopened. Pure. The last worth is what the deal
/// is worth now, so that all changes together are the deal view's one entry.
/// </summary>
public static class DealMoney
{
    /// <param name="stages">When it came to which stage, and whether that is a won one; oldest first.</param>
    /// <param name="amounts">From when on it had which amount; oldest first. Before the first of them it had that one too.</param>
    /// <param name="isWon">As the deal stands now.</param>
    /// <param name="amount">As the deal stands now.</param>
    /// <param name="settledAt">When it came to stand so, for what the courses do not tell.</param>
    /// <returns>One a moment at which anything changed, oldest first; empty: it was never worth anything and never won.</returns>
    public static IReadOnlyList<Worth> Of(IReadOnlyList<(DateTimeOffset At, bool IsWon)> stages, IReadOnlyList<(DateTimeOffset At, decimal Amount)> amounts, bool isWon, decimal amount, DateTimeOffset settledAt)
    {
        var moments = new List<Worth>();
        var (won, price) = (false, amounts.Count > 0 ? amounts[0].Amount : amount);
        var steps = stages.Select(s => (s.At, Order: 1, Won: (bool?)s.IsWon, Amount: (decimal?)null))
            .Concat(amounts.Select(a => (a.At, Order: 0, Won: (bool?)null, Amount: (decimal?)a.Amount))).OrderBy(s => s.At).ThenBy(s => s.Order);
        foreach (var step in steps)
        {
            (won, price) = (step.Won ?? won, step.Amount ?? price);
            Add(step.At);
        }
        // What the course ends with is not what the card shows: it changed when nobody looked, at the latest when it came to stand so.
        (won, price) = (isWon, amount);
        Add(moments.Count > 0 && moments[^1].At > settledAt ? moments[^1].At : settledAt);
        return moments;

        void Add(DateTimeOffset at)
        {
            var next = new Worth(at, won ? price : 0, won);
            var before = moments.Count > 0 ? (moments[^1].Amount, moments[^1].IsWon) : (0, false);
            if (before == (next.Amount, next.IsWon)) return;
            if (moments.Count > 0 && moments[^1].At == at) moments.RemoveAt(moments.Count - 1);
            var last = moments.Count > 0 ? (moments[^1].Amount, moments[^1].IsWon) : (0, false);
            if (last != (next.Amount, next.IsWon)) moments.Add(next);
        }
    }
}
