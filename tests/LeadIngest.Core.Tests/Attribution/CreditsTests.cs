using LeadIngest.Core.Attribution;

namespace LeadIngest.Core.Tests.Attribution;

public sealed class CreditsTests
{
    private static readonly DateTimeOffset Won = new(2026, 11, 20, 15, 0, 0, TimeSpan.FromHours(3));

    /// <summary>100 000 roubles: Yandex.Direct 30 days before, VK 14, Google organic 7, direct on the day.</summary>
    private static readonly TouchPath<string> Path = TouchPath.Of(
    [
        new(Won.AddDays(-30), "ya", IsPaid: true),
        new(Won.AddDays(-14), "vk", IsPaid: true),
        new(Won.AddDays(-7), "google"),
        new Touch<string>(Won, "direct", IsDirect: true),
    ], Won, AttributionSettings.DefaultDealWindow);

    private const long Amount = 100_000_00;

    private static long[] Split(AttributionModel model, bool leaveOutDirect = false, TouchPath<string>? path = null, SourceWeights<string>? weights = null) =>
        [.. Credits.Of(path ?? Path, Amount, new() { Model = model, LeaveOutDirect = leaveOutDirect }, weights).Touches.Select(t => t.Amount)];

    private static TouchPath<string> Of(params string[] sources) =>
        TouchPath.Of(sources.Select((s, i) => new Touch<string>(Won.AddHours(i - sources.Length), s, s == "direct")), Won, AttributionSettings.DefaultDealWindow);

    [Fact]
    public void Each_rule_shares_the_worked_example_as_defined()
    {
        Assert.Equal([Amount, 0, 0, 0], Split(AttributionModel.First));
        Assert.Equal([0, 0, 0, Amount], Split(AttributionModel.Last));
        Assert.Equal([0, 0, Amount, 0], Split(AttributionModel.LastNonDirect));
        Assert.Equal([0, Amount, 0, 0], Split(AttributionModel.LastPaid));
        Assert.Equal([25_000_00, 25_000_00, 25_000_00, 25_000_00], Split(AttributionModel.Linear));
        Assert.Equal([40_000_00, 10_000_00, 10_000_00, 40_000_00], Split(AttributionModel.PositionBased));
    }

    [Fact]
    public void Time_decay_shares_the_worked_example_to_the_kopeck()
    {
        // Rounded each alone they are 2 846.38 + 13 879.09 + 27 758.18 + 55 516.36 = 100 000.01: the smallest remainder that was rounded up gives the kopeck back.
        Assert.Equal([2_846_38, 13_879_09, 27_758_18, 55_516_35], Split(AttributionModel.TimeDecay));
        Assert.Equal([0.028464m, 0.138791m, 0.277582m, 0.555164m],
            Credits.Of(Path, Amount, new() { Model = AttributionModel.TimeDecay }).Touches.Select(t => decimal.Round(t.Share, 6)));
    }

    [Fact]
    public void Time_decay_without_direct_shares_the_worked_example_to_the_kopeck()
    {
        // 6 398.70 + 31 200.43 + 62 400.86 = 99 999.99 when rounded each alone: the greatest remainder gets the kopeck.
        var parts = Split(AttributionModel.TimeDecay, leaveOutDirect: true);
        Assert.Equal(0, parts[3]);
        Assert.Equal([6_398_71, 31_200_43, 62_400_86], parts[..3]);
    }

    [Fact]
    public void Position_based_has_its_own_answers_for_one_two_and_three_touches()
    {
        Assert.Equal([Amount], Split(AttributionModel.PositionBased, path: Of("a")));
        Assert.Equal([50_000_00, 50_000_00], Split(AttributionModel.PositionBased, path: Of("a", "b")));
        Assert.Equal([40_000_00, 20_000_00, 40_000_00], Split(AttributionModel.PositionBased, path: Of("a", "b", "c")));
    }

    [Fact]
    public void Linear_counts_touches_and_not_sources() =>
        Assert.Equal([("a", 75_000_00L), ("b", 25_000_00L)], Credits.Of(Of("a", "b", "a", "a"), Amount, new() { Model = AttributionModel.Linear }).BySource().Select(s => (s.Source, s.Amount)));

    [Fact]
    public void An_only_direct_path_is_direct_under_every_rule()
    {
        Assert.Equal([0, Amount], Split(AttributionModel.LastNonDirect, path: Of("direct", "direct")));
        Assert.Equal([0, Amount], Split(AttributionModel.LastPaid, path: Of("direct", "direct")));
        Assert.Equal([50_000_00, 50_000_00], Split(AttributionModel.Linear, leaveOutDirect: true, path: Of("direct", "direct")));
    }

    [Fact]
    public void Without_touches_the_whole_amount_is_a_row_of_its_own()
    {
        foreach (var model in Enum.GetValues<AttributionModel>())
        {
            var credits = Credits.Of(Of(), Amount, new() { Model = model }, SourceWeights<string>.Alike);
            Assert.Equal((Amount, Amount, 0), (credits.WithoutTouches, credits.Amount, credits.Touches.Count));
        }
    }

    [Fact]
    public void Learnt_weights_share_a_deal_among_distinct_sources_and_then_their_touches()
    {
        var weights = new SourceWeights<string>(new Dictionary<string, double> { ["a"] = 0.2, ["b"] = 0.4, ["c"] = 0.4 });
        Assert.Equal([16_666_67, 66_666_67, 16_666_66], Split(AttributionModel.Markov, path: Of("a", "b", "a"), weights: weights));
        Assert.Equal([Amount, 0], Split(AttributionModel.Markov, path: Of("a", "unseen"), weights: weights));
        Assert.Equal([50_000_00, 50_000_00], Split(AttributionModel.Shapley, path: Of("unseen", "new"), weights: weights));
        Assert.Throws<ArgumentNullException>(() => Split(AttributionModel.Markov));
    }

    [Fact]
    public void The_window_counts_back_to_the_second_and_both_ends_are_in()
    {
        TouchPath<int> In(TimeSpan before, TimeSpan window) => TouchPath.Of([new Touch<int>(Won - before, 1)], Won, window);
        var day30 = AttributionSettings.DefaultLeadWindow;
        Assert.Single(In(day30, day30).Touches);
        Assert.Empty(In(day30 + TimeSpan.FromSeconds(1), day30).Touches);
        Assert.Single(In(TimeSpan.Zero, day30).Touches);
        Assert.Single(In(TimeSpan.FromMilliseconds(-400), day30).Touches);
        Assert.Empty(In(TimeSpan.FromSeconds(-1), day30).Touches);
        Assert.Equal((90, 30), (AttributionSettings.DefaultDealWindow.Days, new AttributionSettings().LeadWindow.Days));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttributionSettings { DealWindow = TimeSpan.Zero });
    }

    [Fact]
    public void A_touch_after_the_lead_belongs_to_the_deal_only()
    {
        Touch<string>[] touches = [new(Won.AddDays(-5), "ya"), new(Won.AddDays(-1), "vk")];
        var lead = TouchPath.Of(touches, Won.AddDays(-3), AttributionSettings.DefaultLeadWindow);
        var deal = TouchPath.Of(touches, Won, AttributionSettings.DefaultDealWindow);
        Assert.Equal(["ya"], lead.Touches.Select(t => t.Source));
        Assert.Equal(["ya", "vk"], deal.Touches.Select(t => t.Source));
    }

    [Fact]
    public void Touches_of_one_moment_keep_the_order_of_arrival() =>
        Assert.Equal(["b", "c", "a"], TouchPath.Of([new(Won, "c"), new(Won.AddDays(-1), "b"), new Touch<string>(Won.ToOffset(TimeSpan.Zero), "a")], Won, TimeSpan.FromDays(2)).Touches.Select(t => t.Source));

    [Fact]
    public void A_repeat_deal_belongs_to_its_own_path_when_that_holds_a_source()
    {
        var credits = DealCredit.Of(Path, Amount, isRepeat: true, new Touch<string>(Won.AddDays(-200), "avito"), CreditView.DealPath, new() { Model = AttributionModel.LastNonDirect });
        Assert.Equal([new SourceCredit<string>("google", 1, Amount)], credits.Sources);
        Assert.Equal((0, 0, "avito"), (credits.Repeat, credits.WithoutTouches, credits.ClientFirst!.Value.Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("direct direct")]
    public void A_repeat_deal_with_an_empty_or_direct_path_is_a_repeat_with_the_first_source_beside_it(string sources)
    {
        var first = new Touch<string>(Won.AddDays(-200), "avito");
        var credits = DealCredit.Of(Of(sources.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Amount, isRepeat: true, first, CreditView.DealPath, new());
        Assert.Equal((0, Amount, 0L, first), (credits.Sources.Count, credits.Repeat, credits.WithoutTouches, credits.ClientFirst));
    }

    [Fact]
    public void By_the_clients_first_source_a_deal_goes_there_whatever_led_to_it()
    {
        var first = new Touch<string>(Won.AddDays(-200), "avito");
        Assert.Equal([new SourceCredit<string>("avito", 1, -Amount)], DealCredit.Of(Path, -Amount, true, first, CreditView.ClientFirst, new()).Sources);
        Assert.Equal(Amount, DealCredit.Of(Path, Amount, true, null, CreditView.ClientFirst, new()).WithoutTouches);
    }

    [Fact]
    public void The_first_deal_of_a_client_with_a_direct_path_is_direct_and_with_none_without_touches()
    {
        Assert.Equal("direct", DealCredit.Of(Of("direct"), Amount, false, null, CreditView.DealPath, new()).Sources.Single().Source);
        Assert.Equal(Amount, DealCredit.Of(Of(), Amount, false, null, CreditView.DealPath, new()).WithoutTouches);
    }
}
