namespace LeadIngest.Core.Metrics;

public enum StageKind { Open, Won, Lost }

/// <summary>A stage of a pipeline.</summary>
/// <param name="Id">The CRM's.</param>
/// <param name="Kind">What it means. A pipeline may have several of a kind.</param>
public readonly record struct FunnelStage(string Id, StageKind Kind);

/// <summary>A deal's arrival in a stage, the one in which it was made included.</summary>
/// <param name="At">When.</param>
/// <param name="StageId">The CRM's id of the stage.</param>
/// <param name="LostReason">Where the stage is a lost one: the reason given there. Null or blank: none.</param>
public readonly record struct StageEntry(DateTimeOffset At, string StageId, string? LostReason = null);

/// <summary>
/// One open stage, and winning as the last of them, for the deals of a cohort. Winning is reached by deals that are won now: one that was won and taken
/// back has only come as far as before it.
/// </summary>
/// <param name="StageId">The CRM's id; null for winning.</param>
/// <param name="Entered">Deals that stood in it at any time.</param>
/// <param name="Reached">Deals that stood in it or in a later one: those that jumped over it came as far.</param>
/// <param name="JumpedOver">Deals that came further without ever standing in it.</param>
/// <param name="StandingNow">Deals in it at the moment of the report.</param>
/// <param name="LostHere">Deals that are lost now and stood in it just before their last loss.</param>
/// <param name="FromPrevious">Reached / reached of the stage before; of the first stage, / all deals.</param>
/// <param name="FromStart">Reached / all deals of the cohort.</param>
/// <param name="MedianStay">Median of the whole time each deal that has left the stage spent in it, all its stays together; null when none has left.</param>
/// <param name="SlowStay">Of the same times the one that 90 % of the deals do not exceed.</param>
public sealed record FunnelStep(string? StageId, long Entered, long Reached, long JumpedOver, long StandingNow, long LostHere, Ratio FromPrevious, Ratio FromStart, TimeSpan? MedianStay, TimeSpan? SlowStay);

/// <summary>The last loss of a deal.</summary>
/// <param name="At">When it came to a lost stage.</param>
/// <param name="Reason">The latest one given since; null: not given.</param>
/// <param name="StageId">The stage before; null when the deal was lost at once.</param>
public readonly record struct DealLoss(DateTimeOffset At, string? Reason, string? StageId);

/// <summary>Deals lost for one reason.</summary>
/// <param name="Reason">Null: not given, a bucket that is shown.</param>
/// <param name="StageId">The stage before the last loss; null when the deal was lost at once.</param>
/// <param name="Deals">How many.</param>
public readonly record struct LostDeals(string? Reason, string? StageId, long Deals);

/// <summary>The funnel of one cohort of deals in one pipeline.</summary>
/// <param name="Deals">All of the cohort.</param>
/// <param name="Steps">The pipeline's open stages in order, then winning.</param>
/// <param name="Lost">One deal once, at its last loss; reopened deals are not in it. Most first.</param>
/// <param name="Reopened">Deals that left a lost stage at least once, whatever became of them.</param>
/// <param name="ElsewhereNow">Deals that stand in a stage which the pipeline does not have: it was deleted, or the deal moved to another pipeline.</param>
public sealed record FunnelReport(long Deals, IReadOnlyList<FunnelStep> Steps, IReadOnlyList<LostDeals> Lost, long Reopened, long ElsewhereNow);

/// <summary>
/// Stage conversion by cohort: the deals are those made in a period, looked at with all that happened to them up to the moment of the report, so that no
/// conversion exceeds 100 %. Pure.
/// </summary>
public static class Funnel
{
    /// <param name="stages">Of the pipeline, in its order.</param>
    /// <param name="deals">The entries of each deal, in any order; entries of one moment keep theirs. Deals without entries count as deals only.</param>
    /// <param name="now">Entries after it are not looked at.</param>
    public static FunnelReport Of(IReadOnlyList<FunnelStage> stages, IEnumerable<IEnumerable<StageEntry>> deals, DateTimeOffset now)
    {
        var count = new FunnelCount(stages);
        foreach (var deal in deals) count.Add([.. deal.Where(e => e.At <= now).OrderBy(e => e.At)]);
        return count.Report();
    }

    /// <summary>The loss of one deal, to be counted by source, manager or month.</summary>
    /// <param name="stages">Of the pipeline.</param>
    /// <param name="deal">Its entries, in any order.</param>
    /// <param name="now">Entries after it are not looked at.</param>
    /// <returns>Null for a deal that is not lost, a reopened one included. A deal moved from one lost stage to another was lost once, when it came to the first.</returns>
    public static DealLoss? LossOf(IReadOnlyList<FunnelStage> stages, IEnumerable<StageEntry> deal, DateTimeOffset now)
    {
        var lost = stages.Where(s => s.Kind == StageKind.Lost).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        return Loss([.. deal.Where(e => e.At <= now).OrderBy(e => e.At)], e => lost.Contains(e.StageId));
    }

    internal static DealLoss? Loss(ReadOnlySpan<StageEntry> entries, Func<StageEntry, bool> isLost)
    {
        var first = entries.Length;
        while (first > 0 && isLost(entries[first - 1])) first--;
        if (first == entries.Length) return null;
        string? reason = null;
        for (var at = entries.Length - 1; at >= first && string.IsNullOrEmpty(reason); at--) reason = entries[at].LostReason?.Trim();
        return new(entries[first].At, string.IsNullOrEmpty(reason) ? null : reason, first > 0 ? entries[first - 1].StageId : null);
    }
}
