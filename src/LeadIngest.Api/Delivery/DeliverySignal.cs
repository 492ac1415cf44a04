namespace LeadIngest.Api.Delivery;

/// <summary>Wakes this process's delivery loops without a round trip. Other nodes hear <c>NOTIFY deliveries</c>; polling is the fallback of both.</summary>
internal sealed class DeliverySignal
{
    /// <summary>The NOTIFY channel.</summary>
    public const string Channel = "deliveries";

    private TaskCompletionSource _wake = New();

    public void Wake() => Interlocked.Exchange(ref _wake, New()).TrySetResult();

    /// <summary>Ends with the next wake-up. Take it before looking into the queue and await it after: what was committed in between is not missed, by any of the waiters.</summary>
    public Task Next => Volatile.Read(ref _wake).Task;

    /// <summary>Waits for the next wake-up from now on, at most so long.</summary>
    public Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken ct) => Next.AtMostAsync(atMost, clock, ct);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal static class Waiting
{
    /// <summary>Waits for the wake-up, at most so long. Cancellation throws; running out of time does not.</summary>
    public static async Task AtMostAsync(this Task wake, TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = Task.Delay(time > TimeSpan.Zero ? time : TimeSpan.Zero, clock, done.Token);
        await Task.WhenAny(wake, pause);
        await done.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
