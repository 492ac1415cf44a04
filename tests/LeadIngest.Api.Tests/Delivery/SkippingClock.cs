namespace LeadIngest.Api.Tests.Delivery;

/// <summary>The system's clock, whose monotonic time can be moved on: a process that was frozen for a while.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private long _skipped;

    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _skipped);
}
