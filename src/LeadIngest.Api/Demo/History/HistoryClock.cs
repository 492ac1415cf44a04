namespace LeadIngest.Api.Demo.History;

/// <summary>Stands at a moment of the past until it is moved; timers run as ever.</summary>
internal sealed class HistoryClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Set(DateTimeOffset at) => _now = at.ToUniversalTime();
}
