using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Deals;

namespace LeadIngest.Core.Tests.Deals;

public sealed class DealMoneyTests
{
    private static readonly DateTimeOffset Made = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_deal_that_was_never_won_has_brought_nothing()
    {
        Assert.Empty(DealMoney.Of([], [], false, 0, Made));
        Assert.Empty(Of("open 500", "0 open", "3 lost", "5 open", "1 =300", "4 =500"));
    }

    [Fact]
    public void A_won_deal_comes_in_when_it_is_won_with_what_it_cost_then() =>
        Assert.Equal(["3 700 won"], Of("won 700", "0 open", "3 won", "0 =500", "2 =700"));

    [Fact]
    public void A_refund_goes_out_when_the_deal_is_lost() =>
        Assert.Equal(["3 500 won", "9 0"], Of("lost 500", "0 open", "3 won", "9 lost"));

    [Fact]
    public void A_won_deal_that_is_priced_anew_changes_on_that_day_down_to_nothing_and_up() =>
        Assert.Equal(["3 500 won", "5 200 won", "6 0 won", "8 900 won"], Of("won 900", "3 won", "0 =500", "5 =200", "6 =0", "8 =900"));

    [Fact]
    public void A_price_that_changes_while_the_deal_is_not_won_counts_when_it_is_won_again() =>
        Assert.Equal(["3 500 won", "4 0", "7 800 won"], Of("won 800", "3 won", "4 open", "7 won", "0 =500", "5 =800"));

    [Fact]
    public void A_deal_that_is_lost_and_won_again_comes_in_goes_out_and_comes_in() =>
        Assert.Equal(["3 500 won", "4 0", "7 500 won"], Of("won 500", "0 open", "3 won", "4 lost", "7 won"));

    [Fact]
    public void Won_stages_one_after_another_are_one_winning() =>
        Assert.Equal(["3 500 won"], Of("won 500", "0 open", "3 won", "4 won", "9 won"));

    [Fact]
    public void What_happens_in_one_moment_is_one_change_or_none()
    {
        Assert.Equal(["3 700 won"], Of("won 700", "3 won", "0 =500", "3 =700"));
        Assert.Equal(["3 500 won"], Of("won 500", "3 won", "5 lost", "5 won"));
        Assert.Empty(Of("lost 500", "0 open", "3 won", "3 lost"));
    }

    // Nobody looked when it was re-priced or closed: the card has the last word, and not before the course has ended.
    [Theory]
    [InlineData("won 800", 6, "3 500 won,6 800 won")]
    [InlineData("won 800", 2, "3 800 won")]
    [InlineData("open 500", 6, "3 500 won,6 0")]
    [InlineData("lost 500", 2, "")]
    public void What_the_course_does_not_tell_is_put_down_to_when_the_card_came_to_stand_so(string card, int settled, string expected) =>
        Assert.Equal(expected, string.Join(',', Of(card, settled, "0 open", "3 won", "0 =500")));

    [Fact]
    public void A_deal_without_a_course_comes_in_when_its_card_says() =>
        Assert.Equal(["4 500 won"], Of("won 500", 4));

    [Fact]
    public void Changes_add_up_to_what_the_deal_is_worth_now_whatever_its_course()
    {
        var steps =
            from n in Gen.Choose(0, 12)
            from day in Gen.Choose(0, 20).ArrayOf(n)
            from won in Gen.Elements(true, false).ArrayOf(n)
            from amount in Gen.Choose(-3, 5).ArrayOf(n)
            select day.Order().Zip(won, amount).ToArray();
        var deals =
            from stages in steps
            from amounts in steps
            from won in Gen.Elements(true, false)
            from amount in Gen.Choose(-3, 5)
            from settled in Gen.Choose(0, 25)
            select (stages, amounts, won, amount, settled);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(deals.ToArbitrary(), d =>
        {
            var worths = DealMoney.Of([.. d.stages.Select(s => (Made.AddDays(s.First), s.Second))], [.. d.amounts.Select(s => (Made.AddDays(s.First), (decimal)s.Third))], d.won, d.amount, Made.AddDays(d.settled));
            var (money, wins, was) = (0m, 0, (Amount: 0m, IsWon: false));
            foreach (var worth in worths)
            {
                money += worth.Amount - was.Amount;
                wins += (worth.IsWon ? 1 : 0) - (was.IsWon ? 1 : 0);
                was = (worth.Amount, worth.IsWon);
            }
            return money == (d.won ? d.amount : 0) && wins == (d.won ? 1 : 0)
                && worths.All(w => w.IsWon || w.Amount == 0)
                && worths.Zip(worths.Skip(1)).All(p => p.First.At < p.Second.At && (p.First.Amount, p.First.IsWon) != (p.Second.Amount, p.Second.IsWon))
                && (worths.Count == 0 || (worths[0].Amount, worths[0].IsWon) != (0, false));
        }));
    }

    private static string[] Of(string card, params string[] course) => Of(card, 0, course);

    /// <param name="card">Its state and its amount now.</param>
    /// <param name="settled">The day on which it came to stand so.</param>
    /// <param name="course">A day and a stage's state (<c>3 won</c>), or a day and an amount (<c>3 =500</c>).</param>
    /// <returns>A day, what it was worth from then on, and whether it was won.</returns>
    private static string[] Of(string card, int settled, params string[] course)
    {
        var (now, steps) = (card.Split(' '), course.Select(c => c.Split(' ')).Select(c => (At: Made.AddDays(int.Parse(c[0], null)), What: c[1])).ToList());
        var worths = DealMoney.Of([.. steps.Where(s => s.What[0] != '=').Select(s => (s.At, s.What == "won"))], [.. steps.Where(s => s.What[0] == '=').Select(s => (s.At, decimal.Parse(s.What[1..], null)))],
            now[0] == "won", decimal.Parse(now[1], null), Made.AddDays(settled));
        return [.. worths.Select(w => $"{(w.At - Made).TotalDays:0} {w.Amount:0}{(w.IsWon ? " won" : "")}")];
    }
}
