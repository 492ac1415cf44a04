namespace LeadIngest.Core.Deals;

/// <summary>Where a step of a deal's course is known from.</summary>
public enum StepOrigin
{
    /// <summary>The CRM's own history tells of it.</summary>
    History,

    /// <summary>Seen when the card was read: the moment is the card's, and between two looks more may have happened.</summary>
    Seen,

    /// <summary>Neither told nor seen, but what is known before and after does not fit without it. Its moment is that of the step after it.</summary>
    Inferred,
}

/// <summary>A step of a deal's course: a move between stages, or a change of its amount.</summary>
/// <param name="At">When.</param>
/// <param name="From">Null: this is how the deal began, or how far back is known.</param>
/// <param name="To">What it became.</param>
/// <param name="By">The CRM's user; null: not known, or a program.</param>
/// <param name="Origin">Where it is known from.</param>
/// <param name="Order">Of a step of the CRM's history: its key there, which sorts steps of one moment byte by byte.</param>
public sealed record Step<T>(DateTimeOffset At, T? From, T To, string? By, StepOrigin Origin, string? Order = null) where T : class
{
    /// <summary>The CRM's history calls this the beginning of the deal.</summary>
    public bool IsCreation { get; init; }

    /// <summary>The CRM's history itself says where the step came from. Of one that does not, <see cref="From"/> is what the course makes of it.</summary>
    public bool IsTold { get; init; }
}

/// <summary>
/// The whole course of a deal without a gap, made of what the CRM's history tells and what was seen of the card: each step begins where the one before ended,
/// and the last ends where the card stands. Pure; the same knowledge gives the same course in whatever order it came.
/// </summary>
public static class Course
{
    /// <summary>Between the history's clock and the card's.</summary>
    private static readonly TimeSpan SameMove = TimeSpan.FromSeconds(2);

    /// <param name="createdAt">When the deal was made.</param>
    /// <param name="beganAt">From when on the card stood as it was first seen, if nothing else is known.</param>
    /// <param name="known">Steps of the history, and the course as it was known before. In any order; a step of the history may come twice.</param>
    /// <param name="card">What the card shows: when it came to be so (at the latest), and by whom. Its <see cref="Step{T}.From"/> does not matter.</param>
    public static IReadOnlyList<Step<T>> Of<T>(DateTimeOffset createdAt, DateTimeOffset beganAt, IEnumerable<Step<T>> known, Step<T> card) where T : class
    {
        var all = known.ToList();
        var seen = all.Where(s => s.Origin == StepOrigin.Seen).OrderBy(s => s.At).ToList();
        var history = all.Where(s => s.Origin == StepOrigin.History && s.Order is not null).GroupBy(s => s.Order, StringComparer.Ordinal)
            .Select(g => g.FirstOrDefault(s => s.By is not null) ?? g.First()).OrderBy(s => s.At).ThenBy(s => s.Order, StringComparer.Ordinal)
            .Select(s => s.By is not null ? s : s with { By = seen.Append(card).FirstOrDefault(o => IsSame(o, s))?.By }).ToList();
        var course = new List<Step<T>>();
        if (history.Count == 0) course.Add(seen.Find(s => s.From is null) ?? new(beganAt, null, card.To, null, StepOrigin.Seen));
        foreach (var step in history)
        {
            if (course.Count == 0)
            {
                if (step.IsCreation)
                {
                    course.Add(step with { At = createdAt, From = null });
                    continue;
                }
                if (Beginning(createdAt, step, seen) is not { } beginning)
                {
                    course.Add(step with { From = null });
                    continue;
                }
                course.Add(beginning);
            }
            // A history that does not say where a step came from may have forgotten some before it: those that were seen stand.
            if (!step.IsTold)
                foreach (var forgotten in seen.Where(s => s.From is not null && s.At > course[^1].At && s.At < step.At && !history.Exists(h => IsSame(s, h))).ToList())
                    Add(course, forgotten);
            if (step is { IsTold: true, From: { } from } && !Equals(from, course[^1].To)) course.Add(new(step.At, course[^1].To, from, null, StepOrigin.Inferred));
            Add(course, step);
        }
        // The card tells no earlier than the history what happened: only what came after that one's last word is news.
        foreach (var step in seen.Where(s => s.From is not null).Append(card))
            if (history.Count == 0 ? step.At >= course[^1].At : step.At > history[^1].At) Add(course, step with { Origin = StepOrigin.Seen, Order = null });
        return course;
    }

    private static void Add<T>(List<Step<T>> course, Step<T> step) where T : class
    {
        if (!Equals(step.To, course[^1].To)) course.Add(step with { From = course[^1].To });
    }

    private static bool IsSame<T>(Step<T> seen, Step<T> told) where T : class => Equals(seen.To, told.To) && (seen.At - told.At).Duration() <= SameMove;

    /// <summary>How the deal stood before the history's first step: as that says, else as it was seen before it.</summary>
    private static Step<T>? Beginning<T>(DateTimeOffset createdAt, Step<T> first, List<Step<T>> seen) where T : class => first is { IsTold: true, From: { } from }
        ? new(createdAt, null, from, null, StepOrigin.History)
        : seen.Find(s => s.From is null && s.At < first.At && !Equals(s.To, first.To));
}
