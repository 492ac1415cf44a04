using LeadIngest.Core.Numbers;

namespace LeadIngest.Core.Tests.Numbers;

public class HoldAtTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(3));
    private static readonly Guid First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    // Held 12:00–12:05 by the first, 12:10–12:15 by the second.
    private static readonly NumberHold[] Holds = [new(Second, Noon.AddMinutes(10), Noon.AddMinutes(15)), new(First, Noon, Noon.AddMinutes(5))];

    private static (Guid? Who, TimeSpan? Rested) At(double seconds, TimeSpan? lookBack = null)
    {
        var at = Noon.AddSeconds(seconds);
        var found = HoldAt.Find([.. Holds.Where(h => h.From <= at + HoldAt.Tolerance)], at, lookBack ?? HalfAnHour);
        return (found?.Hold.Id, found?.RestedFor);
    }

    [Theory]
    [InlineData(-6, 0)]
    [InlineData(-5, 1)]
    [InlineData(0, 1)]
    [InlineData(300, 1)]
    [InlineData(305, 1)]
    [InlineData(595, 2)]
    [InlineData(600, 2)]
    [InlineData(905, 2)]
    public void The_holder_is_found_within_five_seconds_of_the_borders(double seconds, int who) =>
        Assert.Equal((who switch { 1 => First, 2 => Second, _ => (Guid?)null }, null), At(seconds));

    [Fact]
    public void A_late_call_is_the_last_holders_as_long_as_nobody_else_has_held_the_number()
    {
        Assert.Equal((First, TimeSpan.FromSeconds(6)), At(306));
        Assert.Equal((First, TimeSpan.FromSeconds(294)), At(594));
        Assert.Equal((Second, TimeSpan.FromMinutes(30)), At(900 + 1800));
    }

    [Fact]
    public void After_the_look_back_nobody_is_named()
    {
        Assert.Equal((null, null), At(900 + 1801));
        Assert.Equal((null, null), At(306, TimeSpan.Zero));
        Assert.Null(HoldAt.Find([], Noon, HalfAnHour));
    }

    [Fact]
    public void Between_two_close_holds_the_nearer_border_decides()
    {
        NumberHold[] close = [new(Second, Noon.AddSeconds(8), Noon.AddMinutes(1)), new(First, Noon.AddMinutes(-1), Noon)];
        Assert.Equal(First, HoldAt.Find(close, Noon.AddSeconds(3), HalfAnHour)!.Value.Hold.Id);
        Assert.Equal(Second, HoldAt.Find(close, Noon.AddSeconds(5), HalfAnHour)!.Value.Hold.Id);
    }
}
