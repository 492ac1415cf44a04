namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>The leaky bucket of a portal, one per source address: each request adds one, Y drain every second, above X is refused.</summary>
internal sealed class Bucket(Portal portal)
{
    private readonly Dictionary<string, (double Level, DateTimeOffset At)> _levels = new(StringComparer.Ordinal);

    private double Drain => portal.Options.Plan == "enterprise" ? 5 : 2;

    private double Threshold => portal.Options.Plan == "enterprise" ? 250 : 50;

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

/// <summary>Seconds that each method has run for each credential in the last ten minutes, in ten one-minute buckets.</summary>
internal sealed class OperatingTime(Portal portal)
{
    private const int Buckets = 10;

    private readonly Dictionary<(string Key, string Method), List<(long Minute, double Seconds)>> _used = [];

    public bool IsBlocked(string key, string method, DateTimeOffset now) =>
        portal.Options is { OperatingLimit: > 0, IsBox: false } settings && Used(key, method, now).Sum(b => b.Seconds) >= settings.OperatingLimit;

    public (double Operating, long ResetAt) Charge(string key, string method, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        var used = Used(key, method, now);
        if (used.Count > 0 && used[^1].Minute == minute)
            used[^1] = (minute, used[^1].Seconds + portal.Options.OperatingSecondsPerCall);
        else if (portal.Options.OperatingSecondsPerCall > 0)
            used.Add((minute, portal.Options.OperatingSecondsPerCall));
        var oldest = used.Count > 0 ? used[0].Minute : minute;
        return (used.Sum(b => b.Seconds), (oldest + Buckets) * 60);
    }

    public void Reset() => _used.Clear();

    private List<(long Minute, double Seconds)> Used(string key, string method, DateTimeOffset now)
    {
        if (!_used.TryGetValue((key, method), out var used))
            _used[(key, method)] = used = [];
        var minute = now.ToUnixTimeSeconds() / 60;
        used.RemoveAll(b => b.Minute + Buckets <= minute);
        return used;
    }
}
