using LeadIngest.Api.Delivery;

namespace LeadIngest.Api.Rebuilds;

/// <summary>Wakes this process's worker when a rebuild was asked for here. Other nodes find it by polling.</summary>
internal sealed class RebuildSignal
{
    private readonly DeliverySignal _signal = new();

    public void Wake() => _signal.Wake();

    /// <inheritdoc cref="DeliverySignal.Next"/>
    public Task Next => _signal.Next;
}
