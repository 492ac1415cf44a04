using LeadIngest.Api.Delivery;

namespace LeadIngest.Api.Calls;

/// <summary>Wakes this process's folder without a round trip. Other nodes hear <c>NOTIFY calls</c>; polling is the fallback of both.</summary>
internal sealed class CallSignal
{
    /// <summary>The NOTIFY channel.</summary>
    public const string Channel = "calls";

    private readonly DeliverySignal _signal = new();

    public void Wake() => _signal.Wake();

    /// <inheritdoc cref="DeliverySignal.Next"/>
    public Task Next => _signal.Next;
}
