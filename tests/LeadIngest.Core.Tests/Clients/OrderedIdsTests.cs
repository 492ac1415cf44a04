using FsCheck;
using FsCheck.Fluent;

namespace LeadIngest.Core.Tests.Clients;

public class OrderedIdsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 30, 0, TimeSpan.FromHours(3));

    [Fact]
    public void Ids_grow_strictly_whatever_the_clock_does() =>
        // Steps of the clock in milliseconds: it stands still, runs and is set back.
        Prop.ForAll(Gen.Choose(-5000, 50).ArrayOf().ToArbitrary(), steps =>
        {
            var clock = new SetClock(Start);
            var ids = new OrderedIds(clock);
            var last = ids.Next();
            foreach (var step in steps)
            {
                clock.Now += TimeSpan.FromMilliseconds(step);
                var next = ids.Next();
                if (Compare(next, last) <= 0) return false;
                last = next;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ten_thousand_ids_of_one_millisecond_grow_and_differ()
    {
        var ids = new OrderedIds(new SetClock(Start));
        var made = Enumerable.Range(0, 10_000).Select(_ => ids.Next()).ToList();
        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.All(made.Zip(made.Skip(1)), pair => Assert.True(Compare(pair.First, pair.Second) < 0));
    }

    [Fact]
    public void An_id_is_a_UUID_of_version_7_that_tells_its_millisecond()
    {
        var id = new OrderedIds(new SetClock(Start)).Next();
        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), Milliseconds(id));
    }

    [Fact]
    public void The_floor_of_a_moment_parts_what_came_before_from_what_came_since()
    {
        var clock = new SetClock(Start.AddMilliseconds(-1));
        var ids = new OrderedIds(clock);
        var before = ids.Next();
        clock.Now = Start;
        var since = ids.Next();
        Assert.True(Compare(before, OrderedIds.Floor(Start)) < 0);
        Assert.True(Compare(OrderedIds.Floor(Start), since) < 0);
        Assert.Equal(Guid.Empty, OrderedIds.Floor(DateTimeOffset.MinValue));
    }

    // As PostgreSQL compares uuid: byte by byte.
    private static int Compare(Guid a, Guid b) => a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true));

    private static long Milliseconds(Guid id) => id.ToByteArray(bigEndian: true).Take(6).Aggregate(0L, (ms, b) => (ms << 8) | b);

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
