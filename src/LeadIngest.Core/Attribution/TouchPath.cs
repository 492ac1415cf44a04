namespace LeadIngest.Core.Attribution;

/// <summary>One step of a client's path: a visit, a lead or a call with a source.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Source">What credits are counted by: the id of a source, a campaign, a keyword.</param>
/// <param name="IsDirect">Direct, internal or a saved page: it tells of no advertising.</param>
/// <param name="IsPaid">A click on an advertisement. Read by <see cref="AttributionModel.LastPaid"/> only.</param>
public readonly record struct Touch<TSource>(DateTimeOffset At, TSource Source, bool IsDirect = false, bool IsPaid = false) where TSource : notnull;

/// <summary>The touches of one client before one conversion (a lead or a paid deal), oldest first.</summary>
public sealed class TouchPath<TSource> where TSource : notnull
{
    internal TouchPath(IReadOnlyList<Touch<TSource>> touches, DateTimeOffset convertedAt) => (Touches, ConvertedAt) = (touches, convertedAt);

    /// <summary>Oldest first; may be empty.</summary>
    public IReadOnlyList<Touch<TSource>> Touches { get; }

    public DateTimeOffset ConvertedAt { get; }

    /// <summary>True without touches, and when every touch is direct: nothing but the client's memory led here.</summary>
    public bool IsEmptyOrDirect => Touches.All(t => t.IsDirect);
}

/// <summary>Makes paths.</summary>
public static class TouchPath
{
    /// <param name="touches">All of the client's, in any order of time. Touches of one moment keep the order given here: give them by arrival, then by id.</param>
    /// <param name="convertedAt">When the lead came or the deal was made. Touches after it belong to later conversions.</param>
    /// <param name="window">
    /// How far back touches count. Whole seconds are compared and both ends count: a touch exactly one window old is in, and one in the second of the
    /// conversion is in too, for the clocks of a page and a form differ by parts of a second.
    /// </param>
    public static TouchPath<TSource> Of<TSource>(IEnumerable<Touch<TSource>> touches, DateTimeOffset convertedAt, TimeSpan window) where TSource : notnull =>
        new([.. touches.Where(t => IsInside(t.At, convertedAt, window)).OrderBy(t => t.At.UtcTicks)], convertedAt);

    /// <summary>Not after the conversion; in its own second counts.</summary>
    internal static bool IsBefore(DateTimeOffset at, DateTimeOffset convertedAt) => Second(at) <= Second(convertedAt);

    /// <summary>In the window before the conversion, both ends included.</summary>
    internal static bool IsInside(DateTimeOffset at, DateTimeOffset convertedAt, TimeSpan window) =>
        IsBefore(at, convertedAt) && Second(convertedAt) - (long)window.TotalSeconds <= Second(at);

    private static long Second(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;
}
