using LeadIngest.Core.Times;

namespace LeadIngest.Core.Metrics;

/// <summary>How long a lead waited for a person.</summary>
/// <param name="Calendar">By the clock on the wall.</param>
/// <param name="Working">By working hours; equal to <paramref name="Calendar"/> where people always work.</param>
/// <param name="IsAnswered">False: nobody has answered yet, the times are the lead's age and grow.</param>
public readonly record struct Response(TimeSpan Calendar, TimeSpan Working, bool IsAnswered);

/// <summary>Leads answered within a time.</summary>
/// <param name="Minutes">The time.</param>
/// <param name="Share">
/// Answered in time / all whose time is up: answered ones, and those that have waited longer than it without an answer. A lead that came a moment ago is
/// not late.
/// </param>
public readonly record struct WithinMinutes(int Minutes, Ratio Share);

/// <summary>The answers to leads by one clock.</summary>
/// <param name="Answered">Leads that a person answered.</param>
/// <param name="NoResponse">Leads that nobody answered yet.</param>
/// <param name="Median">Of the answered; null without any.</param>
/// <param name="Mean">Of the answered; one forgotten lead spoils it, so never show it alone.</param>
/// <param name="LongestWaiting">Age of the oldest unanswered lead; null without any.</param>
/// <param name="Within">Shares within 5, 15 and 60 minutes.</param>
public sealed record ResponseFigures(long Answered, long NoResponse, TimeSpan? Median, TimeSpan? Mean, TimeSpan? LongestWaiting, IReadOnlyList<WithinMinutes> Within);

/// <summary>
/// Lead response time: from the lead's arrival to the first outgoing contact attempt (call, message) or change of status by a person. Answers of machines
/// do not count; the caller leaves them out.
/// </summary>
public static class ResponseTime
{
    public static IReadOnlyList<int> Marks { get; } = [5, 15, 60];

    /// <param name="arrived">The lead.</param>
    /// <param name="contacted">The first contact of a person; before the lead (they were talking already) it gives 0. Null: none yet.</param>
    /// <param name="now">For the age of what is unanswered.</param>
    /// <param name="hours">Null: people always work. A lead outside the hours starts at the next opening.</param>
    /// <param name="zone">The project's.</param>
    public static Response Of(DateTimeOffset arrived, DateTimeOffset? contacted, DateTimeOffset now, WorkingTime? hours, TimeZoneInfo zone)
    {
        var until = contacted ?? now;
        if (until <= arrived) return new(TimeSpan.Zero, TimeSpan.Zero, contacted is not null);
        return new(until - arrived, hours?.Between(arrived, until, zone) ?? until - arrived, contacted is not null);
    }

    /// <param name="responses">Of the leads of a row.</param>
    /// <param name="byWorkingTime">Which of the two clocks.</param>
    public static ResponseFigures Figures(IEnumerable<Response> responses, bool byWorkingTime)
    {
        var times = responses.Select(r => (Time: byWorkingTime ? r.Working : r.Calendar, r.IsAnswered)).ToArray();
        TimeSpan[] answered = [.. times.Where(t => t.IsAnswered).Select(t => t.Time)], waiting = [.. times.Where(t => !t.IsAnswered).Select(t => t.Time)];
        return new(answered.Length, waiting.Length,
            Quantiles.Median(answered.Select(t => (decimal)t.Ticks)) is { } median ? TimeSpan.FromTicks((long)median) : null,
            answered.Length == 0 ? null : TimeSpan.FromTicks((long)answered.Average(t => (decimal)t.Ticks)),
            waiting.Length == 0 ? null : waiting.Max(),
            [.. Marks.Select(minutes => Within(minutes, TimeSpan.FromMinutes(minutes)))]);

        WithinMinutes Within(int minutes, TimeSpan limit) =>
            new(minutes, new(answered.Count(t => t <= limit), answered.Length + waiting.Count(t => t > limit)));
    }
}
