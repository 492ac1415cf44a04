namespace LeadIngest.Core.Metrics;

/// <summary>A client's purchases up to the day of analysis.</summary>
/// <param name="Client">Its id.</param>
/// <param name="RecencyDays">Days since the last purchase; 0 on its day.</param>
/// <param name="Frequency">Number of purchases, 1 at least.</param>
/// <param name="Money">The sum of all purchases, or their average: the page says which. In whole currency units, not kopecks: quintiles add 1 to limits.</param>
public readonly record struct RfmClient<TClient>(TClient Client, int RecencyDays, int Frequency, decimal Money);

/// <summary>A client with its scores, 1 to 5, 5 the best: a low recency scores high.</summary>
public readonly record struct RfmScore<TClient>(TClient Client, int R, int F, int M)
{
    /// <summary>100R + 10F + M: 111 to 555.</summary>
    public int Score => (100 * R) + (10 * F) + M;
}

/// <summary>How values become scores. Methods give other scores for the same clients, so the page names the one it used.</summary>
public enum RfmMethod
{
    /// <summary>
    /// As the R package <c>rfm</c>: limits are type-7 quantiles at 20, 40, 60 and 80 % plus 1, bins closed at the lower edge. Ties make bins uneven; they are
    /// not forced to 20 %.
    /// </summary>
    Quintiles,

    /// <summary>As pandas' <c>qcut</c> on ranks: fifths by place, equal values told apart by the order in which clients are given.</summary>
    Ranks,

    /// <summary>Given limits: for small bases and for months that shall be compared.</summary>
    Fixed,
}

/// <summary>Four ascending limits: a value on a limit or above it is in the next bin. For days since the last purchase the bins are scored the other way.</summary>
public sealed record RfmLimits
{
    /// <exception cref="ArgumentException">Not four, or not ascending.</exception>
    public RfmLimits(params IReadOnlyList<decimal> values)
    {
        if (values.Count != 4 || values.Zip(values.Skip(1)).Any(p => p.First > p.Second)) throw new ArgumentException("Four ascending limits.", nameof(values));
        Values = values;
    }

    public IReadOnlyList<decimal> Values { get; }

    internal int Bin(decimal value) => 1 + Values.Count(limit => value >= limit);
}

/// <summary>Limits of the three axes.</summary>
/// <param name="RecencyDays">Days: 30, 90, 180, 365 unless set.</param>
/// <param name="Frequency">Purchases: 2, 3, 5, 10.</param>
/// <param name="Money">Currency units; they depend on the business and have no default.</param>
public sealed record RfmThresholds(RfmLimits RecencyDays, RfmLimits Frequency, RfmLimits Money)
{
    public static RfmLimits DefaultRecencyDays { get; } = new(30, 90, 180, 365);
    public static RfmLimits DefaultFrequency { get; } = new(2, 3, 5, 10);
}

/// <summary>Scores, and how they came about.</summary>
/// <param name="Method">The one used.</param>
/// <param name="Limits">Of all axes; null by ranks.</param>
/// <param name="Scores">In the order of clients.</param>
public sealed record RfmTable<TClient>(RfmMethod Method, RfmThresholds? Limits, IReadOnlyList<RfmScore<TClient>> Scores);

/// <summary>Recency, frequency, money: who buys now, often and much.</summary>
public static class Rfm
{
    /// <summary>With fewer distinct values on an axis there are no fifths to speak of.</summary>
    public const int FewValues = 5;

    /// <param name="clients">All that bought; for ranks in a lasting order, by id.</param>
    /// <param name="method">What is wanted; when an axis has fewer than <see cref="FewValues"/> distinct values, all axes are scored by the thresholds.</param>
    /// <param name="thresholds">Used by <see cref="RfmMethod.Fixed"/> and in that case.</param>
    public static RfmTable<TClient> Score<TClient>(IReadOnlyList<RfmClient<TClient>> clients, RfmMethod method, RfmThresholds thresholds)
    {
        decimal[] days = [.. clients.Select(c => (decimal)c.RecencyDays)], times = [.. clients.Select(c => (decimal)c.Frequency)], money = [.. clients.Select(c => c.Money)];
        if (new[] { days, times, money }.Any(axis => axis.Distinct().Count() < FewValues)) method = RfmMethod.Fixed;
        var limits = method switch
        {
            RfmMethod.Quintiles => new RfmThresholds(Quintiles(days), Quintiles(times), Quintiles(money)),
            RfmMethod.Fixed => thresholds,
            _ => null,
        };
        var (r, f, m) = limits is null ? (Ranks(days), Ranks(times), Ranks(money))
            : (days.Select(limits.RecencyDays.Bin).ToArray(), times.Select(limits.Frequency.Bin).ToArray(), money.Select(limits.Money.Bin).ToArray());
        return new(method, limits, [.. clients.Select((c, i) => new RfmScore<TClient>(c.Client, 6 - r[i], f[i], m[i]))]);
    }

    /// <summary>Type-7 quantiles at 20, 40, 60 and 80 %, plus 1.</summary>
    public static RfmLimits Quintiles(IEnumerable<decimal> values)
    {
        decimal[] sorted = [.. values.Order()];
        return new(Quantiles.Of(sorted, 0.2m) + 1, Quantiles.Of(sorted, 0.4m) + 1, Quantiles.Of(sorted, 0.6m) + 1, Quantiles.Of(sorted, 0.8m) + 1);
    }

    /// <summary>Fifths of the ranks 1 … n: a rank is above a limit when rank > 1 + (n − 1)·j/5; bins are closed at the upper edge.</summary>
    private static int[] Ranks(decimal[] values)
    {
        var bins = new int[values.Length];
        foreach (var (place, i) in Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Index())
            bins[i] = 1 + Enumerable.Range(1, 4).Count(j => 5L * place > (values.Length - 1L) * j);
        return bins;
    }
}

/// <summary>A rectangle of scores with a name; both ends of each axis belong to it.</summary>
/// <param name="Key">In the API: <c>champions</c>.</param>
/// <param name="Russian">For people.</param>
/// <param name="English">For people.</param>
/// <param name="R">Lowest and highest score.</param>
/// <param name="F">Lowest and highest score.</param>
/// <param name="M">Lowest and highest score.</param>
public sealed record RfmSegment(string Key, string Russian, string English, (int From, int To) R, (int From, int To) F, (int From, int To) M)
{
    /// <summary>What no rectangle takes.</summary>
    public static RfmSegment Others { get; } = new("others", "Остальные", "Others", (1, 5), (1, 5), (1, 5));

    /// <summary>Looked at in this order. Ours: a project may have its own list.</summary>
    public static IReadOnlyList<RfmSegment> Defaults { get; } =
    [
        new("champions", "Чемпионы", "Champions", (4, 5), (4, 5), (4, 5)),
        new("cannot_lose", "Нельзя потерять", "Cannot lose them", (1, 2), (4, 5), (4, 5)),
        new("loyal", "Лояльные", "Loyal", (3, 5), (3, 5), (3, 5)),
        new("new", "Новички", "New", (4, 5), (1, 1), (1, 5)),
        new("potential", "Могут стать лояльными", "Potential loyalists", (4, 5), (2, 3), (1, 5)),
        new("need_attention", "Требуют внимания", "Need attention", (3, 3), (2, 5), (2, 5)),
        new("at_risk", "Под угрозой", "At risk", (1, 2), (3, 5), (2, 5)),
        new("about_to_sleep", "Засыпают", "About to sleep", (2, 3), (1, 2), (1, 5)),
        new("lost", "Потерянные", "Lost", (1, 1), (1, 2), (1, 5)),
    ];

    /// <returns>The first rectangle that holds the scores; <see cref="Others"/> when none does.</returns>
    public static RfmSegment Of<TClient>(RfmScore<TClient> score, IReadOnlyList<RfmSegment> segments) =>
        segments.FirstOrDefault(s => Within(score.R, s.R) && Within(score.F, s.F) && Within(score.M, s.M)) ?? Others;

    private static bool Within(int score, (int From, int To) range) => range.From <= score && score <= range.To;
}
