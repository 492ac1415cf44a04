using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Team.Calls;

/// <summary>Calls of a row.</summary>
/// <param name="Incoming">Answered, missed and those of which nobody knows how they ended; without dropped ones.</param>
/// <param name="Unknown">The provider did not say how they ended.</param>
/// <param name="Dropped">Missed before <c>shorterThan</c> seconds had passed: hung up in the voice menu. They are in no other figure.</param>
/// <param name="AnswerRate">Answered / answered and missed.</param>
/// <param name="MissedRate">Missed / answered and missed.</param>
/// <param name="OffHours">Incoming outside the project's working hours / incoming.</param>
/// <param name="OffHoursMissed">Missed outside working hours / missed.</param>
/// <param name="FirstCallers">Incoming that are the first of their number.</param>
/// <param name="RepeatCallers">Incoming of numbers that had called before. Hidden numbers are neither.</param>
/// <param name="MedianWaitSeconds">Until the answer; null when no provider tells.</param>
/// <param name="SlowWaitSeconds">Nine of ten waited no longer.</param>
/// <param name="MedianTalkSeconds">Of answered calls of both directions.</param>
/// <param name="Durations">Answered calls of both directions by length: under 30 s, 1 min, 3 min, 10 min, longer.</param>
/// <param name="OutgoingAnswered">Of those the client took.</param>
/// <param name="Missed">What became of missed contacts: redials within 30 minutes of each other are one.</param>
/// <param name="Previous">The same of the days compared with; null: no comparison.</param>
internal sealed record CallFigures(long Incoming, long Answered, long MissedCalls, long Unknown, long Dropped, Share AnswerRate, Share MissedRate, Share OffHours, Share OffHoursMissed, long FirstCallers,
    long RepeatCallers, long? MedianWaitSeconds, long? SlowWaitSeconds, long? MedianTalkSeconds, IReadOnlyList<long> Durations, long Outgoing, long OutgoingAnswered, MissedAnswer Missed, CallFigures? Previous);

/// <summary>Missed contacts of a row.</summary>
/// <param name="Contacts">All. Each is closed, lost or waiting, or was closed too late and counts as lost.</param>
/// <param name="Within15Minutes">Spoken to within 15 minutes / contacts.</param>
/// <param name="SameDay">On the same day, by the project's time zone / contacts.</param>
/// <param name="Lost">Not within 24 working hours / contacts.</param>
/// <param name="Waiting">Nobody has called back, and there is time left.</param>
/// <param name="ByUs">We called / all that were spoken to: the others called again themselves.</param>
/// <param name="MedianCallbackSeconds">From the first miss, by the calendar; null when nobody was spoken to.</param>
internal sealed record MissedAnswer(long Contacts, Share Within15Minutes, Share SameDay, Share Lost, long Waiting, Share ByUs, long? MedianCallbackSeconds);

/// <summary>Adds up the calls of a row.</summary>
internal sealed class CallTally
{
    private static readonly int[] Lengths = [30, 60, 180, 600];

    private readonly List<long> _waits = [], _talks = [];
    private readonly long[] _durations = new long[Lengths.Length + 1];
    private readonly List<MissedContact> _missed = [];
    private long _answered, _missedCalls, _unknown, _dropped, _first, _repeat, _off, _offMissed, _outgoing, _taken;

    public long Incoming => _answered + _missedCalls + _unknown;

    public void Add(Heard call, bool dropped, bool isOffHours)
    {
        if (dropped)
        {
            _dropped++;
            return;
        }
        if (call.IsAnswered && call.TalkSeconds is { } talk)
        {
            _talks.Add(talk);
            var length = Array.FindIndex(Lengths, l => talk < l);
            _durations[length < 0 ? Lengths.Length : length]++;
        }
        if (!call.IsIncoming)
        {
            _outgoing++;
            if (call.IsAnswered) _taken++;
            return;
        }
        if (call.IsAnswered)
        {
            _answered++;
            if (call.WaitSeconds is { } wait) _waits.Add(wait);
        }
        else if (call.IsMissed) _missedCalls++;
        else _unknown++;
        if (call.ClientPhone is not null)
        {
            if (call.IsFirst) _first++;
            else _repeat++;
        }
        if (!isOffHours) return;
        _off++;
        if (call.IsMissed) _offMissed++;
    }

    public void Add(MissedContact contact) => _missed.Add(contact);

    public CallFigures Figures(TimeZoneInfo zone, CallFigures? previous)
    {
        var missed = MissedCalls.Figures(_missed, _answered, _missedCalls, zone);
        _waits.Sort();
        _talks.Sort();
        return new(Incoming, _answered, _missedCalls, _unknown, _dropped, Share.Of(missed.AnswerRate), Share.Of(missed.MissedRate), Share.Of(_off, Incoming), Share.Of(_offMissed, _missedCalls), _first, _repeat,
            At(_waits, 0.5m), At(_waits, 0.9m), At(_talks, 0.5m), _durations, _outgoing, _taken,
            new(missed.Contacts, Share.Of(missed.Within15Minutes), Share.Of(missed.SameDay), Share.Of(missed.Lost), missed.Waiting, Share.Of(missed.ByUs), Seconds.Of(missed.MedianCallback)), previous);
    }

    private static long? At(List<long> sorted, decimal part) => sorted.Count == 0 ? null : (long)Math.Round(Quantiles.Of(sorted, part));
}
