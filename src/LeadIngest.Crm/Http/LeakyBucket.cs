namespace LeadIngest.Crm.Http;

/// <summary>
/// Counts requests the way the CRMs do: each adds one, <paramref name="drain"/> leave every second, and above
/// <paramref name="threshold"/> a request has to wait. With threshold 1 it is an even pace. Safe for concurrent callers, first come first served.
/// </summary>
/// <param name="clock">Monotonic time.</param>
/// <param name="drain">Requests a second, above 0.</param>
/// <param name="threshold">Requests that may go out in one burst, at least 1.</param>
internal sealed class LeakyBucket(double drain, double threshold, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _level;
    private long _seenAt = clock.GetTimestamp();
    private readonly int[] _bySecond = new int[60];
    private long _second = clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>How much of the limit is used now.</summary>
    public RateUse Use
    {
        get
        {
            lock (_gate)
            {
                Drain();
                Turn();
                return new RateUse(_level, drain, threshold, _bySecond[(_second - 1) % _bySecond.Length] + _bySecond[_second % _bySecond.Length], _bySecond.Sum());
            }
        }
    }

    /// <summary>Takes over what another process has used of the limit.</summary>
    /// <param name="level">As it was; <see cref="double.PositiveInfinity"/>: all of it.</param>
    /// <param name="age">How long ago.</param>
    public void Continue(double level, TimeSpan age)
    {
        lock (_gate)
        {
            Drain();
            _level = Math.Max(_level, Math.Min(level, threshold) - (drain * age.TotalSeconds));
        }
    }

    /// <summary>Takes a place in the queue if its turn comes within <paramref name="longest"/>; <paramref name="wait"/> tells how long until the turn, on refusal too.</summary>
    /// <param name="longest">The longest wait that is of use.</param>
    /// <param name="wait">Until the turn.</param>
    /// <param name="isBackground">Leaves half of the burst to those who are in a hurry.</param>
    public bool TryTake(TimeSpan longest, out TimeSpan wait, bool isBackground = false)
    {
        var room = isBackground ? Math.Max(1, threshold / 2) : threshold;
        lock (_gate)
        {
            Drain();
            wait = TimeSpan.FromSeconds(Math.Max(0, (_level + 1 - room) / drain));
            if (wait > TimeSpan.Zero && wait > longest)
            {
                return false;
            }

            _level++;
            Turn();
            _bySecond[_second % _bySecond.Length]++;
            return true;
        }
    }

    /// <summary>The CRM asked for a pause: the next request waits that long, and those behind it come at an even pace, not in a burst.</summary>
    public void Hold(TimeSpan pause)
    {
        lock (_gate)
        {
            Drain();
            _level = Math.Max(_level, threshold - 1 + (drain * pause.TotalSeconds));
        }
    }

    /// <summary>
    /// A request that had its turn goes out later than that, on a machine that is busy: those that come after it keep their distance to it, or a CRM that counts
    /// by the second would see them too close together.
    /// </summary>
    public void Late(TimeSpan by)
    {
        if (by < Tolerance)
        {
            return;
        }

        lock (_gate)
        {
            Drain();
            // No more than two places: where requests are allowed by the thousand one that is late must not hold them all up.
            _level += Math.Min(drain * by.TotalSeconds, 2);
        }
    }

    /// <summary>Timers are never quite on time; so much the limits' margins cover.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);

    private void Turn()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        // A clock that was set back counts on in the second it had reached.
        for (var left = Math.Min(now - _second, _bySecond.Length); left > 0; left--)
        {
            _bySecond[(now - left + 1) % _bySecond.Length] = 0;
        }

        _second = Math.Max(now, _second);
    }

    private void Drain()
    {
        var now = clock.GetTimestamp();
        _level = Math.Max(0, _level - (drain * clock.GetElapsedTime(_seenAt, now).TotalSeconds));
        _seenAt = now;
    }
}
