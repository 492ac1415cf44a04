namespace LeadIngest.Api.Delivery;

/// <summary>For how long an account has been waiting for its CRM, be it with leads or with pages that are read.</summary>
internal sealed class CallWatch(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<long> _begun = [];

    /// <summary>Of the call that has been running longest; zero when none is.</summary>
    public TimeSpan CallingFor
    {
        get
        {
            lock (_gate) return _begun.Count == 0 ? TimeSpan.Zero : clock.GetElapsedTime(_begun[0]);
        }
    }

    public async Task<T> OverAsync<T>(Func<Task<T>> call)
    {
        var at = clock.GetTimestamp();
        lock (_gate) _begun.Add(at);
        try
        {
            return await call();
        }
        finally
        {
            lock (_gate) _begun.Remove(at);
        }
    }
}
