namespace LeadIngest.Core.Attribution;

/// <summary>
/// The path of one deal: which of its client's visits, calls and leads are touches that led to it. The conversion is the deal's creation in the CRM.
/// Pure; the same for every order of what is given.
/// </summary>
public sealed record DealPath
{
    private DealPath(IReadOnlyList<DealTouch> steps, TouchPath<TouchSource> path, DealTouch? first) => (Steps, Path, First) = (steps, path, first);

    /// <summary>Oldest first. Each is the touch at the same place of <see cref="Path"/>.</summary>
    public IReadOnlyList<DealTouch> Steps { get; }

    /// <summary>The same touches as models read them.</summary>
    public TouchPath<TouchSource> Path { get; }

    /// <summary>The client's first touch of all that had been made by then, outside the window too; null: none is known.</summary>
    public DealTouch? First { get; }

    /// <param name="touches">All of the client's, in any order; of merged clients, the whole family's.</param>
    /// <param name="convertedAt">When the deal was created in the CRM, by its clock; where that is unknown, when it was first seen.</param>
    /// <param name="ownLead">
    /// Our lead that became the deal. It counts whatever the clocks say: the CRM's may go wrong by seconds, and a delivery may have waited for days.
    /// </param>
    /// <param name="settings">The window.</param>
    /// <remarks>
    /// What came from one arrival is one touch: a lead stands for its visit and for its call, a call without a lead for its visit. Only touches that
    /// count by their time stand for others: a visit before the deal remains one when its lead came after it.
    /// </remarks>
    public static DealPath Of(IEnumerable<DealTouch> touches, DateTimeOffset convertedAt, Guid? ownLead, AttributionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(touches);
        ArgumentNullException.ThrowIfNull(settings);
        DealTouch[] before = [.. touches.Where(t => IsOwn(t) || TouchPath.IsBefore(t.At, convertedAt))];
        var covered = Covered(before);
        DealTouch[] all = [.. before.Where(t => t.Kind == TouchKind.Lead || !covered.Contains(t.Id)).OrderBy(t => t.At.UtcTicks).ThenBy(t => t.Kind).ThenBy(t => t.Id)];
        DealTouch[] steps = [.. all.Where(t => IsOwn(t) || TouchPath.IsInside(t.At, convertedAt, settings.DealWindow))];
        return new(steps, new([.. steps.Select(AsTouch)], convertedAt), all.FirstOrDefault());

        bool IsOwn(DealTouch touch) => touch.Kind == TouchKind.Lead && touch.Id == ownLead;
    }

    /// <summary>For <see cref="DealCredit.Of"/>, which asks for the client's first touch in this form.</summary>
    public static Touch<TouchSource> AsTouch(DealTouch touch) => new(touch.At, touch.Source, touch.Source.IsDirect, touch.Source.IsPaid);

    /// <summary>Visits and calls that a lead or a call stands for.</summary>
    private static HashSet<Guid> Covered(DealTouch[] touches)
    {
        var covered = new HashSet<Guid>();
        foreach (var touch in touches)
        {
            if (touch is { Kind: not TouchKind.Visit, Visit: { } visit }) covered.Add(visit);
            if (touch is { Kind: TouchKind.Lead, Call: { } call }) covered.Add(call);
        }
        return covered;
    }
}
