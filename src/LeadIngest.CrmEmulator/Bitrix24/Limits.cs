namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>The leaky bucket of a portal, one per source address: each request adds one, Y drain every second, above X is refused.</summary>
internal sealed class Bucket(Bitrix24Options options)
{
    private readonly Dictionary<string, (double Level, DateTimeOffset At)> _levels = new(StringComparer.Ordinal);

    private double Drain => options.Plan == "enterprise" ? 5 : 2;

    private double Threshold => options.Plan == "enterprise" ? 250 : 50;

    public bool TryTake(string client, DateTimeOffset now)
    {
        var (level, at) = _levels.GetValueOrDefault(client, (0, now));
        level = Math.Max(0, level - (now - at).TotalSeconds * Drain);
        var isFree = level + 1 <= Threshold;
        _levels[client] = (isFree ? level + 1 : level, now);
        return isFree;
    }

    public void Reset() => _levels.Clear();
}

/// <summary>Seconds that each method has run in the last ten minutes, in ten one-minute buckets.</summary>
internal sealed class OperatingTime(Bitrix24Options options)
{
    private const int Buckets = 10;
    private readonly Dictionary<string, Queue<(long Minute, double Seconds)>> _used = new(StringComparer.Ordinal);

    public bool IsBlocked(string method, DateTimeOffset now) => options.OperatingLimit > 0 && Used(method, now).Sum(b => b.Seconds) >= options.OperatingLimit;

    public (double Operating, long ResetAt) Charge(string method, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        var used = Used(method, now);
        if (options.OperatingSecondsPerCall > 0)
            used.Enqueue((minute, options.OperatingSecondsPerCall));
        var oldest = used.TryPeek(out var first) ? first.Minute : minute;
        return (used.Sum(b => b.Seconds), (oldest + Buckets) * 60);
    }

    public void Reset() => _used.Clear();

    private Queue<(long Minute, double Seconds)> Used(string method, DateTimeOffset now)
    {
        if (!_used.TryGetValue(method, out var used))
            _used[method] = used = new Queue<(long, double)>();
        var minute = now.ToUnixTimeSeconds() / 60;
        while (used.TryPeek(out var first) && first.Minute + Buckets <= minute)
            used.Dequeue();
        return used;
    }
}
