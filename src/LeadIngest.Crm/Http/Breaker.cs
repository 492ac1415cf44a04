using LeadIngest.Crm.Failures;
using Polly;

namespace LeadIngest.Crm.Http;

/// <summary>
/// Holds calls back while the CRM is ill. Opens on 5 failures in a row or on at least three quarters of at least 20 calls in 60 s; pauses
/// <paramref name="firstPause"/>, doubling up to 15 minutes, then lets one probe through. While half of the calls still succeed leads get
/// through, and every failure is looked up before anything is repeated: pausing would only make them late. Polly's own breaker knows the ratio but neither
/// "in a row", which is what a small account meets, nor answers that say nothing about health.
/// </summary>
internal sealed class Breaker(TimeSpan firstPause, TimeProvider clock) : ResilienceStrategy<CallEnd>
{
    private const int InARow = 5;
    private const int FewestCalls = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, bool Ill)> _calls = new();
    private int _row;
    private readonly TimeSpan _firstPause = firstPause;
    private TimeSpan _pause = firstPause;
    private long _openedAt;
    private bool _open;
    private bool _probing;

    /// <summary>True from the opening until a probe has succeeded.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _open;
            }
        }
    }

    protected override async ValueTask<Outcome<CallEnd>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<CallEnd>>> callback, ResilienceContext context, TState state)
    {
        if (Held(out var isProbe) is { } wait)
        {
            return Outcome.FromResult<CallEnd>(TransportFailures.BreakerOpen.End("The CRM has been failing; calls to it are held back for a while.", wait));
        }

        var vitals = Vitals.Silent;
        try
        {
            var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            vitals = outcome.Result?.Vitals ?? Vitals.Silent;
            return outcome;
        }
        finally
        {
            Record(vitals, isProbe);
        }
    }

    private TimeSpan? Held(out bool isProbe)
    {
        lock (_gate)
        {
            isProbe = false;
            if (!_open)
            {
                return null;
            }

            var left = _pause - clock.GetElapsedTime(_openedAt);
            if (left <= TimeSpan.Zero && !_probing)
            {
                isProbe = _probing = true;
                return null;
            }

            return left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
        }
    }

    private void Record(Vitals vitals, bool isProbe)
    {
        lock (_gate)
        {
            if (isProbe)
            {
                _probing = false;
                if (vitals == Vitals.Well)
                {
                    (_open, _row, _pause) = (false, 0, _firstPause);
                    _calls.Clear();
                }
                else if (vitals == Vitals.Ill)
                {
                    _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, Math.Max(_firstPause.Ticks, LongestPause.Ticks)));
                    _openedAt = clock.GetTimestamp();
                }

                return;
            }

            if (_open || vitals == Vitals.Silent)
            {
                return;
            }

            var now = clock.GetTimestamp();
            _row = vitals == Vitals.Ill ? _row + 1 : 0;
            _calls.Enqueue((now, vitals == Vitals.Ill));
            while (_calls.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) > Window)
            {
                _calls.Dequeue();
            }

            if (_row >= InARow || (_calls.Count >= FewestCalls && _calls.Count(c => c.Ill) * 4 >= _calls.Count * 3))
            {
                (_open, _openedAt) = (true, now);
            }
        }
    }
}
