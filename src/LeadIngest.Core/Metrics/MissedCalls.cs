using LeadIngest.Core.Times;

namespace LeadIngest.Core.Metrics;

/// <summary>Who spoke to whom, or tried to.</summary>
public enum ContactKind
{
    /// <summary>The client called and nobody took it.</summary>
    MissedIncoming,

    /// <summary>The client called and a person answered.</summary>
    AnsweredIncoming,

    /// <summary>We called or wrote, and the client answered.</summary>
    SuccessfulOutgoing,
}

/// <summary>A contact with one phone number. Own numbers, spam, tests and calls that ended within the first seconds of a voice menu are left out by the caller.</summary>
public readonly record struct PhoneContact(DateTimeOffset At, ContactKind Kind);

/// <summary>Who ended the silence after a missed call.</summary>
public enum ClosedBy { Nobody, Us, Client }

/// <summary>What became of a missed contact.</summary>
public enum MissedState
{
    /// <summary>There was a conversation in time.</summary>
    Closed,

    /// <summary>None yet, and there is time left.</summary>
    Waiting,

    /// <summary>None within 24 working hours. A later one is told by <see cref="MissedContact.Callback"/>, and it stays lost.</summary>
    Lost,
}

/// <summary>A chain of unanswered calls from one number: one missed contact however often the client dialled.</summary>
/// <param name="FirstMiss">When it began: the times are counted from here.</param>
/// <param name="Calls">Unanswered calls in it.</param>
/// <param name="ClosedAt">The first conversation after it, whoever began it; null: none.</param>
/// <param name="By">Who began that conversation.</param>
/// <param name="State">What became of it.</param>
public sealed record MissedContact(DateTimeOffset FirstMiss, int Calls, DateTimeOffset? ClosedAt, ClosedBy By, MissedState State)
{
    /// <summary>Callback time, by the calendar; null while there is none.</summary>
    public TimeSpan? Callback => ClosedAt - FirstMiss;
}

/// <summary>Missed calls of a row. Rates are of incoming calls, callbacks of missed contacts.</summary>
/// <param name="AnswerRate">Answered / incoming calls.</param>
/// <param name="MissedRate">Not answered / incoming calls.</param>
/// <param name="Contacts">Missed contacts.</param>
/// <param name="Within15Minutes">Closed within 15 minutes / missed contacts.</param>
/// <param name="SameDay">Closed on the day of the miss, in the project's time zone / missed contacts.</param>
/// <param name="ByUs">Closed by us / closed.</param>
/// <param name="Lost">Lost / missed contacts.</param>
/// <param name="Waiting">Still open, with time left.</param>
/// <param name="MedianCallback">Of the closed ones, late ones too; null without any.</param>
public sealed record MissedFigures(Ratio AnswerRate, Ratio MissedRate, long Contacts, Ratio Within15Minutes, Ratio SameDay, Ratio ByUs, Ratio Lost, long Waiting, TimeSpan? MedianCallback);

/// <summary>Missed calls and how they were made good.</summary>
public static class MissedCalls
{
    /// <summary>Calls of one number belong together when each comes so soon after the one before, the end included.</summary>
    public static readonly TimeSpan DefaultRedial = TimeSpan.FromMinutes(30);

    /// <summary>Working time after which nobody waits for a callback any more.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromHours(24);

    /// <param name="contacts">All of one phone number, in any order. Of a hidden number each call is a client of its own: give it alone.</param>
    /// <param name="now">The moment of the report; later contacts are not looked at.</param>
    /// <param name="hours">Null: people always work.</param>
    /// <param name="zone">The project's.</param>
    /// <param name="redial">Null: <see cref="DefaultRedial"/>.</param>
    /// <returns>In the order of time. A conversation ends a chain; it closes all open ones before it.</returns>
    public static IReadOnlyList<MissedContact> Of(IEnumerable<PhoneContact> contacts, DateTimeOffset now, WorkingTime? hours, TimeZoneInfo zone, TimeSpan? redial = null)
    {
        var gap = redial ?? DefaultRedial;
        var done = new List<MissedContact>();
        var open = new List<(DateTimeOffset First, DateTimeOffset Last, int Calls)>();
        foreach (var contact in contacts.Where(c => c.At <= now).OrderBy(c => c.At))
        {
            if (contact.Kind != ContactKind.MissedIncoming)
            {
                Close(contact.At, contact.Kind == ContactKind.SuccessfulOutgoing ? ClosedBy.Us : ClosedBy.Client);
                continue;
            }
            if (open.Count > 0 && contact.At - open[^1].Last <= gap) open[^1] = (open[^1].First, contact.At, open[^1].Calls + 1);
            else open.Add((contact.At, contact.At, 1));
        }
        Close(null, ClosedBy.Nobody);
        return done;

        void Close(DateTimeOffset? at, ClosedBy by)
        {
            foreach (var (first, _, calls) in open)
            {
                var limit = hours?.After(first, LostAfter, zone) ?? first + LostAfter;
                done.Add(new(first, calls, at, by, (at ?? now) > limit ? MissedState.Lost : at is null ? MissedState.Waiting : MissedState.Closed));
            }
            open.Clear();
        }
    }

    /// <param name="missed">Missed contacts of a row.</param>
    /// <param name="answeredCalls">Incoming calls that a person answered.</param>
    /// <param name="missedCalls">Incoming calls that nobody answered: calls, not contacts.</param>
    /// <param name="zone">The project's.</param>
    public static MissedFigures Figures(IReadOnlyCollection<MissedContact> missed, long answeredCalls, long missedCalls, TimeZoneInfo zone)
    {
        MissedContact[] closed = [.. missed.Where(m => m.ClosedAt is not null)];
        return new(new(answeredCalls, answeredCalls + missedCalls), new(missedCalls, answeredCalls + missedCalls), missed.Count,
            new(closed.Count(m => m.Callback <= TimeSpan.FromMinutes(15)), missed.Count),
            new(closed.Count(m => Periods.Of(m.FirstMiss, PeriodUnit.Day, zone) == Periods.Of(m.ClosedAt!.Value, PeriodUnit.Day, zone)), missed.Count),
            new(closed.Count(m => m.By == ClosedBy.Us), closed.Length), new(missed.Count(m => m.State == MissedState.Lost), missed.Count),
            missed.Count(m => m.State == MissedState.Waiting),
            Quantiles.Median(closed.Select(m => (decimal)m.Callback!.Value.Ticks)) is { } ticks ? TimeSpan.FromTicks((long)ticks) : null);
    }
}
