namespace LeadIngest.Api.Delivery;

/// <summary>For how long an account has been waiting for its CRM, be it with leads or with pages that are read. One call at a time.</summary>
internal sealed class CallWatch(TimeProvider clock)
{
    private long _calledAt;

    /// <summary>Of the call that is running now; zero when none is.</summary>
    public TimeSpan CallingFor => Volatile.Read(ref _calledAt) is var at && at == 0 ? TimeSpan.Zero : clock.GetElapsedTime(at);

    public async Task<T> OverAsync<T>(Func<Task<T>> call)
    {
        Volatile.Write(ref _calledAt, clock.GetTimestamp());
        try
        {
            return await call();
        }
        finally
        {
            Volatile.Write(ref _calledAt, 0);
        }
    }
}
