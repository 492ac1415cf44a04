using System.Collections.Concurrent;

namespace LeadIngest.Resilience.Load;

/// <summary>Counts what senders met.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<int, int> _answers = new();
    private readonly ConcurrentQueue<string> _unexpected = new();
    private int _sent, _resent, _repeated, _cut, _notConnected, _timedOut, _withoutRetryAfter;
    private long _slowestTicks, _slowestRefusalTicks;

    public int LeadsSent => _sent;

    /// <summary>Attempts after the first.</summary>
    public int Resends => _resent;

    /// <summary>Leads sent once more although they were acknowledged.</summary>
    public int Repeats => _repeated;

    /// <summary>Attempts that were on their way when the connection broke: whether they arrived is unknown.</summary>
    public int Cut => _cut;

    /// <summary>Attempts that found nobody listening.</summary>
    public int NotConnected => _notConnected;

    /// <summary>Attempts that were given up waiting.</summary>
    public int TimedOut => _timedOut;

    public int Count(int status) => _answers.GetValueOrDefault(status);

    public int ServerErrors => _answers.Where(a => a.Key >= 500 && a.Key != 503).Sum(a => a.Value);

    /// <summary>Answers 503 or 429 that do not say when to come again.</summary>
    public int WithoutRetryAfter => _withoutRetryAfter;

    public TimeSpan Slowest => TimeSpan.FromTicks(_slowestTicks);

    public TimeSpan SlowestRefusal => TimeSpan.FromTicks(_slowestRefusalTicks);

    /// <summary>Answers that a lead of ours should never get.</summary>
    public IReadOnlyCollection<string> Surprises => _unexpected;

    public void Sent() => Interlocked.Increment(ref _sent);

    public void Resent() => Interlocked.Increment(ref _resent);

    public void Repeated() => Interlocked.Increment(ref _repeated);

    public void Answered(int status, TimeSpan took, bool retryAfter)
    {
        _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
        Longest(ref _slowestTicks, took);
        if (status is not (503 or 429)) return;
        Longest(ref _slowestRefusalTicks, took);
        if (!retryAfter) Interlocked.Increment(ref _withoutRetryAfter);
    }

    public void Broken() => Interlocked.Increment(ref _cut);

    public void Unreachable() => Interlocked.Increment(ref _notConnected);

    public void GaveUp(TimeSpan took)
    {
        Interlocked.Increment(ref _timedOut);
        Longest(ref _slowestTicks, took);
    }

    public void Unexpected(string what) => _unexpected.Enqueue(what);

    /// <summary>Forgets how long answers took so far.</summary>
    public void ForgetTimes() => (_slowestTicks, _slowestRefusalTicks) = (0, 0);

    private static void Longest(ref long longest, TimeSpan took)
    {
        var seen = Volatile.Read(ref longest);
        while (took.Ticks > seen)
        {
            var before = Interlocked.CompareExchange(ref longest, took.Ticks, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
