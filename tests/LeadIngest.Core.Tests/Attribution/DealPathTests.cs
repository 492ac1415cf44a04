using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Attribution;

public sealed class DealPathTests
{
    private static readonly DateTimeOffset Made = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TouchSource Yandex = new(Channel.PaidSearch, "Яндекс.Директ", "cpc", "Поиск");
    private static readonly TouchSource Vk = new(Channel.PaidSocial, "VK Реклама", "cpc");
    private static readonly TouchSource Direct = new(Channel.Direct, "Прямой заход");
    private static readonly AttributionSettings Settings = new();

    [Fact]
    public void A_lead_stands_for_its_visit_and_its_call()
    {
        var (visit, called, call) = (Visit(-5, Yandex), Visit(-3, Vk), Guid.CreateVersion7());
        var lead = Lead(-4.9, Yandex, visit: visit.Id);
        var byPhone = Lead(-2, Vk, call: call);

        var path = DealPath.Of([byPhone, new(TouchKind.Call, call, Made.AddDays(-2), Vk, called.Id), called, lead, visit], Made, null, Settings);

        Assert.Equal([lead, byPhone], path.Steps);
        Assert.Equal(path.Steps.Select(s => (s.At, s.Source)), path.Path.Touches.Select(t => (t.At, t.Source)));
    }

    [Fact]
    public void A_call_without_a_lead_stands_for_its_visit()
    {
        var visit = Visit(-1, Yandex);
        var call = new DealTouch(TouchKind.Call, Guid.CreateVersion7(), Made.AddHours(-23), Yandex, visit.Id);

        Assert.Equal([call], DealPath.Of([visit, call], Made, null, Settings).Steps);
    }

    [Fact]
    public void A_visit_before_the_deal_stays_when_its_lead_came_after_it()
    {
        var visit = Visit(-0.01, Yandex);

        Assert.Equal([visit], DealPath.Of([visit, Lead(1, Yandex, visit: visit.Id)], Made, null, Settings).Steps);
    }

    [Theory]
    [InlineData(3.0 / 86400)]
    [InlineData(-120)]
    public void The_deals_own_lead_counts_whatever_the_clocks_say(double days)
    {
        var own = Lead(days, Vk);

        Assert.Equal([own], DealPath.Of([own], Made, own.Id, Settings).Steps);
        Assert.Empty(DealPath.Of([own], Made, Guid.CreateVersion7(), Settings).Steps);
    }

    [Fact]
    public void The_window_cuts_the_path_and_not_the_clients_first_touch()
    {
        var (first, edge, late) = (Visit(-200, Vk), Visit(-90, Yandex), Visit(0.5, Vk));

        var path = DealPath.Of([late, edge, first], Made, null, Settings);

        Assert.Equal([edge], path.Steps);
        Assert.Equal(first, path.First);
        Assert.Null(DealPath.Of([late], Made, null, Settings).First);
    }

    [Fact]
    public void The_order_of_what_is_given_does_not_matter()
    {
        DealTouch[] touches = [Visit(-1, Yandex), Visit(-1, Vk), Lead(-1, Direct), Visit(-7, Vk), Lead(-3, Yandex)];
        var expected = DealPath.Of(touches, Made, null, Settings).Steps;

        for (var seed = 0; seed < 20; seed++)
        {
            var shuffled = touches.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(expected, DealPath.Of(shuffled, Made, null, Settings).Steps);
        }
    }

    [Fact]
    public void Credits_of_a_path_know_what_is_direct_and_what_is_paid()
    {
        var path = DealPath.Of([Visit(-9, Yandex), Visit(-5, new(Channel.Referral, "example.org")), Visit(-1, Direct), Visit(0, TouchSource.Unknown)], Made, null, Settings).Path;

        Assert.Equal([0, 100, 0, 0], Credits.Of(path, 100, Settings with { Model = AttributionModel.LastNonDirect }).Touches.Select(t => t.Amount));
        Assert.Equal([100, 0, 0, 0], Credits.Of(path, 100, Settings with { Model = AttributionModel.LastPaid }).Touches.Select(t => t.Amount));
    }

    [Theory]
    [InlineData(Channel.PaidSearch, null, true)]
    [InlineData(Channel.Other, "cpc", true)]
    [InlineData(Channel.Other, "CPM", true)]
    [InlineData(Channel.OrganicSocial, "post", false)]
    [InlineData(Channel.Direct, null, false)]
    public void Paid_is_what_the_channel_or_the_medium_says(Channel channel, string? medium, bool paid) =>
        Assert.Equal(paid, new TouchSource(channel, "x", medium).IsPaid);

    [Fact]
    public void Sources_are_ordered_by_every_column_and_equal_ones_are_one()
    {
        TouchSource[] sources = [new(Channel.PaidSearch, "a", "cpc", "c", "x", "k"), new(Channel.PaidSearch, "a", "cpc", "c", "x"), new(Channel.PaidSearch, "a"), TouchSource.Unknown];
        Assert.Equal(sources.Reverse(), sources.Order());
        Assert.Equal(0, sources[0].CompareTo(sources[0] with { }));
        Assert.True(sources[1] < sources[0] && sources[0] >= sources[1] && null! < sources[3]);
    }

    private static DealTouch Visit(double days, TouchSource source) => new(TouchKind.Visit, Guid.CreateVersion7(), Made.AddDays(days), source);

    private static DealTouch Lead(double days, TouchSource source, Guid? visit = null, Guid? call = null) =>
        new(TouchKind.Lead, Guid.CreateVersion7(), Made.AddDays(days), source, visit, call);
}
