using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Attribution;

public sealed class DealSharesTests
{
    private static readonly DateTimeOffset Made = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AttributionSettings Settings = new();
    private static readonly Dictionary<AttributionModel, SourceWeights<TouchSource>> Nothing = [];

    private static readonly TouchSource Yandex = new(Channel.PaidSearch, "Яндекс.Директ", "cpc", "Поиск"), Vk = new(Channel.PaidSocial, "VK Реклама", "cpc"),
        Google = new(Channel.OrganicSearch, "Google", "organic"), Direct = new(Channel.Direct, "Прямой заход");

    private static readonly Gen<(int, TouchSource)> Touches =
        from hours in Gen.Choose(0, 2000)
        from source in Gen.Elements(Yandex, Yandex with { Keyword = "цена" }, Yandex with { Keyword = "купить", Content = "1" }, Vk, Google, Direct)
        select (hours, source);

    private static readonly Arbitrary<Case> Cases =
        (from touches in Touches.NonEmptyListOf()
         from whole in Gen.OneOf(Gen.Choose(-1000, 1000).Select(n => (long)n), Gen.Choose(int.MinValue, int.MaxValue).Select(n => n * 1000L))
         from weights in Gen.Choose(0, 100).ArrayOf(4)
         from isLearnt in Gen.Elements(true, false)
         from leaveOut in Gen.Elements(true, false)
         select new Case(Path([.. touches]), whole, Settings with { LeaveOutDirect = leaveOut }, isLearnt ? Learnt((Yandex, weights[0]), (Vk, weights[1]), (Google, weights[2]), (Direct, weights[3])) : Nothing)).ToArbitrary();

    [Fact]
    public void Each_models_parts_add_up_to_the_whole_below_zero_too() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Cases, c =>
        c.Shares(c.Whole) is var shares && shares.Count == 9 && shares.All(parts => parts.Count == c.Path.Steps.Count && parts.Sum() == c.Whole)));

    [Fact]
    public void A_refund_cancels_its_sale_part_by_part() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Cases, c =>
        c.Shares(c.Whole).Zip(c.Shares(-c.Whole)).All(p => p.First.Zip(p.Second).All(q => q.First == -q.Second))));

    // The example of the folder's README. Places in rows of the database hang on this order.
    [Fact]
    public void Models_stand_in_their_order_with_what_each_gives()
    {
        Assert.Equal(["First", "Last", "LastNonDirect", "LastPaid", "Linear", "PositionBased", "TimeDecay", "Markov", "Shapley"], DealShares.Models.Select(m => m.ToString()));

        var shares = DealShares.Of(Path((30 * 24, Yandex), (14 * 24, Vk), (7 * 24, Google), (0, Direct)), 10_000_000, Settings, Nothing);

        Assert.Equal(
        [
            "10000000 0 0 0", "0 0 0 10000000", "0 0 10000000 0", "0 10000000 0 0", "2500000 2500000 2500000 2500000", "4000000 1000000 1000000 4000000", "284638 1387909 2775818 5551635",
            "2500000 2500000 2500000 2500000", "2500000 2500000 2500000 2500000",
        ], shares.Select(parts => string.Join(' ', parts)));
    }

    [Fact]
    public void A_single_touch_gets_everything_under_every_model()
    {
        foreach (var source in (TouchSource[])[Yandex, Google, Direct])
            foreach (var whole in (long[])[1, -1, 12_345_67, 0])
                Assert.All(DealShares.Of(Path((5, source)), whole, Settings, Learnt((Vk, 1))), parts => Assert.Equal([whole], parts));
    }

    [Fact]
    public void Markov_shares_alike_among_sources_until_it_has_learnt_and_by_weight_then()
    {
        var path = Path((9, Yandex), (8, Vk), (7, Vk));

        Assert.Equal([500, 250, 250], DealShares.Of(path, 1000, Settings, Nothing)[(int)AttributionModel.Markov]);
        var learnt = DealShares.Of(path, 1000, Settings, Learnt((Yandex, 3), (Vk, 1)));
        Assert.Equal([750, 125, 125], learnt[(int)AttributionModel.Markov]);
        Assert.Equal([500, 250, 250], learnt[(int)AttributionModel.Shapley]);
    }

    [Fact]
    public void What_was_learnt_of_a_campaign_holds_for_all_its_keywords_as_for_one_source()
    {
        var path = Path((9, Yandex with { Keyword = "цена" }), (8, Yandex with { Keyword = "купить", Content = "1" }), (7, Vk));

        Assert.Equal([300, 300, 400], DealShares.Of(path, 1000, Settings, Learnt((Yandex, 3), (Vk, 2)))[(int)AttributionModel.Markov]);
        Assert.Equal([250, 250, 500], DealShares.Of(path, 1000, Settings, Nothing)[(int)AttributionModel.Shapley]);
    }

    [Fact]
    public void The_model_that_pages_show_changes_nothing() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Cases, c =>
        DealShares.Models.All(model => c.Shares(c.Whole).Zip(DealShares.Of(c.Path, c.Whole, c.Settings with { Model = model }, c.Weights)).All(p => p.First.SequenceEqual(p.Second)))));

    private static DealPath Path(params (int HoursBefore, TouchSource Source)[] touches) =>
        DealPath.Of(touches.Select(t => new DealTouch(TouchKind.Lead, Guid.CreateVersion7(), Made.AddHours(-t.HoursBefore), t.Source)), Made, null, Settings);

    private static Dictionary<AttributionModel, SourceWeights<TouchSource>> Learnt(params (TouchSource Source, double Weight)[] weights) =>
        new() { [AttributionModel.Markov] = new(weights.ToDictionary(w => w.Source, w => w.Weight)) };

    private sealed record Case(DealPath Path, long Whole, AttributionSettings Settings, Dictionary<AttributionModel, SourceWeights<TouchSource>> Weights)
    {
        public IReadOnlyList<IReadOnlyList<long>> Shares(long whole) => DealShares.Of(Path, whole, Settings, Weights);
    }
}
