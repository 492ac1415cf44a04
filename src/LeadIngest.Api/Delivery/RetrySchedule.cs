namespace LeadIngest.Api.Delivery;

/// <summary>When a delivery is tried again: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, then every 4 h until 72 h have passed; ± 20 %.</summary>
internal static class RetrySchedule
{
    /// <summary>The longest that a CRM's own <c>Retry-After</c> is obeyed; beyond it the answer is taken for a mistake.</summary>
    public static readonly TimeSpan MaxTold = TimeSpan.FromHours(6);

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(72);
    private static readonly TimeSpan Later = TimeSpan.FromHours(4);

    private static readonly TimeSpan[] First =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2),
    ];

    /// <param name="attempts">Attempts spent so far, at least 1.</param>
    /// <returns>The pause before the next one without jitter; null when the schedule's 72 hours are over.</returns>
    public static TimeSpan? After(int attempts)
    {
        if (attempts <= First.Length) return First[Math.Max(attempts, 1) - 1];
        var before = First.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause) + Later * (attempts - First.Length - 1);
        return before + Later > GiveUpAfter ? null : Later;
    }

    /// <summary>The pause that the CRM asked for, never shorter and up to 20 % longer, so that those who were told the same do not come back together.</summary>
    /// <returns>The jittered pause, at most 6 h; null or nonsense (negative) counts as the first step of the schedule.</returns>
    public static TimeSpan Told(TimeSpan? told) => told is { } pause && pause >= TimeSpan.Zero
        ? Min(pause, MaxTold) * (1 + 0.2 * Random.Shared.NextDouble())
        : Jitter(First[0]);

    public static TimeSpan Jitter(TimeSpan pause) => pause * (0.8 + 0.4 * Random.Shared.NextDouble());

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
