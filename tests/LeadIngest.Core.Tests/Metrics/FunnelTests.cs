using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class FunnelTests
{
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 9, 0, 0, TimeSpan.Zero), Now = Start.AddDays(60);

    private static readonly FunnelStage[] Pipeline =
        [new("new", StageKind.Open), new("talk", StageKind.Open), new("offer", StageKind.Open), new("won", StageKind.Won), new("lost", StageKind.Lost), new("lost2", StageKind.Lost)];

    /// <summary>One stage a day: <c>new talk lost:дорого</c>.</summary>
    private static StageEntry[] Deal(string text) => [.. text.Split(' ').Select((s, day) => s.Split(':') is [var stage, var reason] ? new StageEntry(Start.AddDays(day), stage, reason) : new(Start.AddDays(day), s))];

    private static FunnelReport Of(params string[] deals) => Funnel.Of(Pipeline, deals.Select(Deal), Now);

    [Fact]
    public void Stages_are_reached_by_all_who_came_so_far_and_jumps_are_counted()
    {
        var report = Of("new talk offer won", "new offer", "new talk lost:дорого", "new");
        Assert.Equal(["new 4 4 0", "talk 2 3 1", "offer 2 2 0", " 1 1 0"], report.Steps.Select(s => $"{s.StageId} {s.Entered} {s.Reached} {s.JumpedOver}"));
        Assert.Equal([1, 0.75m, 2 / 3m, 0.5m], report.Steps.Select(s => s.FromPrevious.Value!.Value));
        Assert.Equal([1, 0.75m, 0.5m, 0.25m], report.Steps.Select(s => s.FromStart.Value!.Value));
        Assert.Equal([1, 0, 1, 1], report.Steps.Select(s => s.StandingNow));
    }

    [Fact]
    public void A_deal_is_lost_once_at_its_last_loss_with_the_stage_before_it()
    {
        var report = Of("new lost:дубль talk offer lost:дорого", "new lost2:не_дозвонились lost:дорого", "lost:спам");
        Assert.Equal([new("дорого", "new", 1), new("дорого", "offer", 1), new LostDeals("спам", null, 1)], report.Lost);
        Assert.Equal([1, 0, 1, 0], report.Steps.Select(s => s.LostHere));
        Assert.Equal(1, report.Reopened);
    }

    [Fact]
    public void The_loss_of_one_deal_is_told_with_its_day()
    {
        Assert.Equal(new DealLoss(Start.AddDays(2), "дорого", "talk"), Funnel.LossOf(Pipeline, Deal("new talk lost2 lost:дорого"), Now));
        Assert.Equal(new DealLoss(Start, null, null), Funnel.LossOf(Pipeline, Deal("lost"), Now));
        Assert.Null(Funnel.LossOf(Pipeline, Deal("new lost:дорого talk"), Now));
        Assert.Null(Funnel.LossOf(Pipeline, Deal("new lost:дорого"), Start.AddHours(1)));
    }

    [Fact]
    public void A_reopened_deal_leaves_the_lost_ones()
    {
        var report = Of("new lost:дорого talk won", "new lost:дорого talk");
        Assert.Empty(report.Lost);
        Assert.Equal((2, 1), (report.Reopened, report.Steps[^1].Reached));
    }

    [Fact]
    public void A_loss_without_a_reason_stands_in_a_bucket_of_its_own()
    {
        var report = Of("new lost", "new lost:\t", "new lost:дорого lost");
        Assert.Equal([new(null, "new", 2), new LostDeals("дорого", "new", 1)], report.Lost);
    }

    [Fact]
    public void A_deal_that_was_won_and_taken_back_is_not_won()
    {
        var report = Of("new talk offer won lost:возврат");
        Assert.Equal((1, 0, 0, 1), (report.Steps[^1].Entered, report.Steps[^1].Reached, report.Steps[^1].StandingNow, report.Steps[^1].LostHere));
        Assert.Equal(1, report.Steps[2].Reached);
    }

    [Fact]
    public void Time_in_a_stage_adds_up_its_stays_and_leaves_out_deals_that_still_stand_there()
    {
        // new: 1 day, 1 + 1 days (came back), still there.
        var report = Of("new talk", "new talk new offer", "new");
        Assert.Equal(TimeSpan.FromDays(1.5), report.Steps[0].MedianStay);
        Assert.Equal(TimeSpan.FromDays(1), report.Steps[1].MedianStay);
        Assert.Null(report.Steps[2].MedianStay);
    }

    [Fact]
    public void Nine_deals_of_ten_leave_a_stage_within_its_slow_stay()
    {
        // 1, 2, … 11 days in "new": type 7 puts 90 % on the tenth.
        var report = Funnel.Of(Pipeline, Enumerable.Range(1, 11).Select(days => new StageEntry[] { new(Start, "new"), new(Start.AddDays(days), "talk") }), Now);
        Assert.Equal((TimeSpan.FromDays(6), TimeSpan.FromDays(10)), (report.Steps[0].MedianStay, report.Steps[0].SlowStay));
    }

    [Fact]
    public void Unknown_stages_and_what_comes_after_the_report_do_not_disturb_it()
    {
        var report = Funnel.Of(Pipeline, [Deal("new deleted"), [new(Start, "new"), new(Now.AddSeconds(1), "won")], []], Now);
        Assert.Equal((3, 1), (report.Deals, report.ElsewhereNow));
        Assert.Equal([2, 0, 0, 0], report.Steps.Select(s => s.Reached));
    }

    [Fact]
    public void Every_deal_stands_somewhere_and_no_conversion_exceeds_one()
    {
        var deal = Gen.Elements("new", "talk", "offer", "won", "lost:дорого", "lost2", "gone").NonEmptyListOf().Select(s => string.Join(' ', s));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(deal.ListOf().ToArbitrary(), deals =>
        {
            var report = Of([.. deals]);
            return report.Steps.Sum(s => s.StandingNow) + report.Lost.Sum(l => l.Deals) + report.ElsewhereNow == deals.Count
                && report.Steps.All(s => s.FromPrevious.Value is null or <= 1 && s.LostHere <= s.Entered && s.StandingNow <= s.Entered)
                && report.Steps.SkipLast(1).All(s => s.Entered + s.JumpedOver == s.Reached) && report.Steps.Sum(s => s.LostHere) <= report.Lost.Sum(l => l.Deals);
        }));
    }

    // Word by word after the folder's README, deal by deal and without haste.
    [Fact]
    public void A_funnel_counted_as_a_stream_is_the_one_that_its_definitions_give()
    {
        var deal = Gen.Elements("new", "talk", "offer", "won", "lost:дорого", "lost", "lost2:спам", "gone").ListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(deal.ListOf().ToArbitrary(), texts =>
        {
            var deals = texts.Select(d => d.Count == 0 ? [] : Deal(string.Join(' ', d))).ToList();
            var count = new FunnelCount(Pipeline);
            foreach (var entries in deals) count.Add(entries);
            var report = count.Report();

            string[] order = ["new", "talk", "offer", "won"];
            bool IsLostStage(string stage) => stage is "lost" or "lost2";
            bool IsLost(StageEntry[] d) => d.Length > 0 && IsLostStage(d[^1].StageId);
            var lost = deals.Where(IsLost).Select(d =>
            {
                var losing = d.Reverse().TakeWhile(e => IsLostStage(e.StageId)).ToList();
                return (Reason: losing.Select(e => e.LostReason).FirstOrDefault(r => r is not null), Stage: d.SkipLast(losing.Count).Select(e => e.StageId).LastOrDefault());
            }).ToList();
            for (var at = 0; at < order.Length; at++)
            {
                bool Stood(StageEntry[] d, int place) => d.Any(e => e.StageId == order[place]);
                bool StandsIn(StageEntry[] d) => d.Length > 0 && d[^1].StageId == order[at];
                bool Reached(StageEntry[] d, int place) => place == 3 ? d.Length > 0 && d[^1].StageId == "won" : Enumerable.Range(place, 4 - place).Any(later => Stood(d, later));
                var stays = at == 3 ? [] : deals.Where(d => Stood(d, at) && !StandsIn(d)).Select(d => d.Zip(d.Skip(1)).Where(p => p.First.StageId == order[at]).Sum(p => (p.Second.At - p.First.At).Ticks)).Order().ToList();
                var step = report.Steps[at];
                Assert.Equal(at == 3 ? null : order[at], step.StageId);
                Assert.Equal(deals.Count(d => Stood(d, at)), step.Entered);
                Assert.Equal(deals.Count(d => Reached(d, at)), step.Reached);
                Assert.Equal(deals.Count(d => !Stood(d, at) && Enumerable.Range(at + 1, 3 - at).Any(later => Stood(d, later))), step.JumpedOver);
                Assert.Equal(deals.Count(StandsIn), step.StandingNow);
                Assert.Equal(lost.Count(l => l.Stage == order[at]), step.LostHere);
                Assert.Equal(new Ratio(step.Reached, at == 0 ? deals.Count : deals.Count(d => Reached(d, at - 1))), step.FromPrevious);
                Assert.Equal(new Ratio(step.Reached, deals.Count), step.FromStart);
                Assert.Equal(stays.Count == 0 ? null : new TimeSpan((stays[(stays.Count - 1) / 2] + stays[stays.Count / 2]) / 2), step.MedianStay);
            }
            Assert.Equal(deals.Count, report.Deals);
            Assert.Equal(lost.GroupBy(l => l).ToDictionary(l => l.Key, l => l.LongCount()), report.Lost.ToDictionary(l => (Reason: l.Reason, Stage: l.StageId), l => l.Deals));
            Assert.Equal(deals.Count(d => d.Zip(d.Skip(1)).Any(p => IsLostStage(p.First.StageId) && !IsLostStage(p.Second.StageId))), report.Reopened);
            Assert.Equal(deals.Count(d => d.Length > 0 && d[^1].StageId == "gone"), report.ElsewhereNow);
        }));
    }
}
