using System.Collections.Concurrent;

namespace LeadIngest.Api.Features.Operations;

/// <summary>Where the loops of this process report that they still turn. A loop that falls silent makes the node not ready.</summary>
internal interface IHeartbeat
{
    /// <summary>Called by a loop on every turn, at least every <see cref="Heartbeats.MaxAge"/>. The first call makes the loop known.</summary>
    void Beat(string name);

    /// <summary>The loop ended as it should.</summary>
    void Stop(string name);
}

/// <inheritdoc cref="IHeartbeat"/>
internal sealed class Heartbeats(TimeProvider clock) : IHeartbeat
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _last = new();

    public void Beat(string name) => _last[name] = clock.GetTimestamp();

    public void Stop(string name) => _last.TryRemove(name, out _);

    /// <summary>How long ago each loop was heard of.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Ages() => _last.ToDictionary(l => l.Key, l => clock.GetElapsedTime(l.Value));
}
