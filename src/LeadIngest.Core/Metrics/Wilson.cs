namespace LeadIngest.Core.Metrics;

/// <summary>How sure a share is that was counted on few: 3 of 20 may be 5 % as well as 36 %.</summary>
public static class Wilson
{
    /// <summary>Under so many leads a page gives no verdict by colour.</summary>
    public const int FewLeads = 30;

    /// <summary>Of 95 %, two-sided.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>E. Wilson's score interval (1927), 95 %.</summary>
    /// <returns>0 to 1; null without trials.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 0 successes, or more than trials.</exception>
    public static (decimal Low, decimal High)? Interval(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, successes);
        if (trials == 0) return null;
        var (n, share) = ((double)trials, (double)successes / trials);
        var half = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        var middle = share + (Z * Z / (2 * n));
        var by = 1 + (Z * Z / n);
        // Ends that are exact must not be off by rounding: none of n begins at 0, all of n ends at 1.
        return (successes == 0 ? 0 : (decimal)Math.Max(0, (middle - half) / by), successes == trials ? 1 : (decimal)Math.Min(1, (middle + half) / by));
    }
}
