using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Attribution;

namespace LeadIngest.Core.Tests.Attribution;

/// <summary>What holds for any path, amount and model.</summary>
public sealed class CreditProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly DateTimeOffset Won = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Touch<int>> Touches =
        from hours in Gen.Choose(-3000, 30)
        from source in Gen.Choose(0, 4)
        from paid in Gen.Elements(true, false)
        select new Touch<int>(Won.AddHours(hours), source, source == 0, paid);

    private static readonly Gen<SourceWeights<int>> Weights = Gen.Choose(0, 100).ArrayOf(4).Select(w => new SourceWeights<int>(w.Index().ToDictionary(p => p.Index, p => p.Item / 7.0)));

    private static readonly Arbitrary<Case> Cases =
        (from touches in Touches.ListOf()
         from amount in Gen.OneOf(Gen.Choose(-1000, 1000).Select(n => (long)n), Gen.Choose(int.MinValue, int.MaxValue).Select(n => n * 1000L))
         from model in Gen.Elements(Enum.GetValues<AttributionModel>())
         from leaveOut in Gen.Elements(true, false)
         from weights in Weights
         from repeat in Gen.Elements(true, false)
         from view in Gen.Elements(Enum.GetValues<CreditView>())
         from known in Gen.Elements(true, false)
         select new Case([.. touches], amount, new AttributionSettings { Model = model, LeaveOutDirect = leaveOut }, weights, repeat, view,
             known && touches.Count > 0 ? touches.MinBy(t => t.At) : null)).ToArbitrary();

    [Fact]
    public void Credits_add_up_to_exactly_the_amount() => Check.One(Many, Prop.ForAll(Cases, c =>
    {
        var credits = Credits.Of(c.Path, c.Amount, c.Settings, c.Weights);
        return credits.Amount == c.Amount && credits.BySource().Sum(s => s.Amount) + credits.WithoutTouches == c.Amount
            && (credits.Touches.Count == 0) == (credits.Touches.Sum(t => t.Share) == 0) && (credits.Touches.Count == 0 || credits.Touches.Sum(t => t.Share) == 1);
    }));

    [Fact]
    public void Credits_of_a_deal_add_up_in_both_views_repeats_and_refunds_included() => Check.One(Many, Prop.ForAll(Cases, c =>
        DealCredit.Of(c.Path, c.Amount, c.IsRepeat, c.First, c.View, c.Settings, c.Weights).Amount == c.Amount));

    [Fact]
    public void A_refund_cancels_the_sale_touch_by_touch() => Check.One(Many, Prop.ForAll(Cases, c =>
        Credits.Of(c.Path, c.Amount, c.Settings, c.Weights).Touches.Zip(Credits.Of(c.Path, -c.Amount, c.Settings, c.Weights).Touches).All(p => p.First.Amount == -p.Second.Amount)));

    [Fact]
    public void No_credit_has_the_other_sign_and_no_direct_touch_gets_any_when_left_out() => Check.One(Many, Prop.ForAll(Cases, c =>
        Credits.Of(c.Path, c.Amount, c.Settings, c.Weights).Touches.All(t => t.Share is >= 0 and <= 1 && Math.Sign(t.Amount) * Math.Sign(c.Amount) >= 0
            && !(t.Touch.IsDirect && t.Amount != 0 && c.Settings.LeaveOutDirect && !c.Path.IsEmptyOrDirect))));

    [Fact]
    public void The_order_in_which_touches_are_given_does_not_matter() => Check.One(Many, Prop.ForAll(Cases, c =>
    {
        var unlike = c.Touches.DistinctBy(t => t.At).ToArray();
        var (straight, back) = (TouchPath.Of(unlike, Won, c.Settings.DealWindow), TouchPath.Of(unlike.Reverse(), Won, c.Settings.DealWindow));
        return straight.Touches.SequenceEqual(back.Touches);
    }));

    [Fact]
    public void A_touch_is_in_the_path_exactly_when_no_more_than_the_window_passed() => Check.One(Many, Prop.ForAll(
        (from seconds in Gen.Choose(-100, 100) from window in Gen.Choose(1, 100) select (seconds, window)).ToArbitrary(),
        c => TouchPath.Of([new Touch<int>(Won.AddSeconds(-c.seconds), 1)], Won, TimeSpan.FromSeconds(c.window)).Touches.Count == (c.seconds >= 0 && c.seconds <= c.window ? 1 : 0)));

    private sealed record Case(Touch<int>[] Touches, long Amount, AttributionSettings Settings, SourceWeights<int> Weights, bool IsRepeat, CreditView View, Touch<int>? First)
    {
        public TouchPath<int> Path => TouchPath.Of(Touches, Won, Settings.DealWindow);
    }
}
