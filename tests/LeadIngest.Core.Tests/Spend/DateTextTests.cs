using LeadIngest.Core.Spend;

namespace LeadIngest.Core.Tests.Spend;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("2026-08-01")]
    [InlineData("01.08.2026")]
    [InlineData("1.8.26")]
    [InlineData("20260801")]
    [InlineData("01.08.2026 00:00:00")]
    [InlineData("2026-08-01T00:00:00+03:00")]
    [InlineData("1 августа 2026 г.")]
    [InlineData("01 авг. 2026")]
    [InlineData("Aug 1, 2026")]
    [InlineData("Sat, Aug 1, 2026")]
    [InlineData("1-Aug-2026")]
    [InlineData("46235")]
    public void A_day_is_read_in_every_spelling(string text)
    {
        var read = DateText.Read(text);
        Assert.Equal((ReadingKind.Value, new DateOnly(2026, 8, 1), new DateOnly(2026, 8, 1)), (read.Kind, read.From, read.To));
    }

    [Theory]
    [InlineData("2026-08-01/2026-08-31")]
    [InlineData("01.08.2026 - 31.08.2026")]
    [InlineData("01.08.2026–31.08.2026")]
    [InlineData("August 1, 2026 - August 31, 2026")]
    [InlineData("август 2026")]
    [InlineData("2026-08")]
    [InlineData("08.2026")]
    public void A_month_and_a_range_are_their_days(string text)
    {
        var read = DateText.Read(text);
        Assert.Equal((ReadingKind.Value, new DateOnly(2026, 8, 1), new DateOnly(2026, 8, 31)), (read.Kind, read.From, read.To));
    }

    [Theory]
    [InlineData("31.02.2026", ReadingKind.Impossible)]
    [InlineData("2026-13-01", ReadingKind.Impossible)]
    [InlineData("2026-08-31/2026-08-01", ReadingKind.Impossible)]
    [InlineData("2020-01-01/2026-08-01", ReadingKind.Impossible)]
    [InlineData("01.08.1026", ReadingKind.Impossible)]
    [InlineData("05/06/2026", ReadingKind.Ambiguous)]
    [InlineData("—", ReadingKind.Empty)]
    [InlineData("вчера", ReadingKind.Unreadable)]
    [InlineData("123", ReadingKind.Unreadable)]
    public void A_day_that_is_none_is_named_for_what_it_is(string text, ReadingKind kind) => Assert.Equal(kind, DateText.Read(text).Kind);

    [Fact]
    public void Between_slashes_a_great_number_tells_the_order_and_the_known_order_decides()
    {
        Assert.Equal((new DateOnly(2026, 8, 31), DateOrder.MonthFirst), (DateText.Read("8/31/2026").From, DateText.Read("8/31/2026").Shows));
        Assert.Equal((new DateOnly(2026, 8, 31), DateOrder.DayFirst), (DateText.Read("31/8/2026").From, DateText.Read("31/8/2026").Shows));
        Assert.Equal(new DateOnly(2026, 6, 5), DateText.Read("05/06/2026", DateOrder.DayFirst).From);
        Assert.Equal(new DateOnly(2026, 5, 6), DateText.Read("05/06/2026", DateOrder.MonthFirst).From);
    }
}
