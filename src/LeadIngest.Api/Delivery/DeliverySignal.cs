namespace LeadIngest.Api.Delivery;

/// <summary>Wakes this process's delivery worker without a round trip. Other nodes hear <c>NOTIFY deliveries</c>; polling is the fallback of both.</summary>
internal sealed class DeliverySignal
{
    /// <summary>The NOTIFY channel.</summary>
    public const string Channel = "deliveries";

    private volatile TaskCompletionSource _wake = New();

    public void Wake()
    {
        if (!_wake.Task.IsCompleted) _wake.TrySetResult();
    }

    /// <summary>Returns on the next wake-up, or after <paramref name="atMost"/>. A wake-up that came while nobody waited is not lost.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await _wake.Task.WaitAsync(atMost, clock, ct);
        }
        catch (TimeoutException)
        {
            return;
        }
        _wake = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
