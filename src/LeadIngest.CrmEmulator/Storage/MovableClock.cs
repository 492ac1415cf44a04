namespace LeadIngest.CrmEmulator.Storage;

/// <summary>A clock that the door <c>/_clock</c> moves ahead, so that tokens grow old without anybody waiting. Pauses stay real.</summary>
internal sealed class MovableClock(TimeProvider inner) : TimeProvider
{
    private long _ticksAhead;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ticksAhead));

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Ahead;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticksAhead, by.Ticks);
}
