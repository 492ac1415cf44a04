using LeadIngest.Api.Numbers;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Numbers;

public sealed class NumberBookTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private Task<DialledNumberMatch> DialAsync(TestProject project, string? number, DateTimeOffset at) =>
        api.App.Services.GetRequiredService<NumberBook>().FindAsync(project.ProjectId, number!, at, CancellationToken.None);

    private DateTimeOffset Now => api.Clock.GetUtcNow();

    private Task<int> CountedAsync(TestProject project, string column) =>
        api.ScalarAsync<int>($"select coalesce(sum({column}), 0)::int from number_usage where project_id = @ProjectId", new { project.ProjectId });

    [Fact]
    public async Task A_call_during_the_hold_is_the_holders()
    {
        var project = await api.OpenPoolAsync(2);
        var visit = await api.StartAsync(project);
        var found = await DialAsync(project, visit.Number, Now.AddSeconds(20));

        Assert.Equal((LineMatch.Holder, visit.VisitId, project.SiteId), (found.Match, found.VisitId, found.SiteId));
        Assert.Equal(("Яндекс.Директ", Origin.Utm), (found.Passport!.Source, found.Passport.Origin));
        Assert.NotNull(found.NumberId);
    }

    [Fact]
    public async Task A_call_after_the_hold_is_the_last_holders_for_the_look_back_and_then_nobodys()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, lookBack: 600);
        var (start, visit) = (Now, await api.StartAsync(project));

        var late = await DialAsync(project, visit.Number, start.AddSeconds(60 + 300));
        Assert.Equal((LineMatch.Recent, visit.VisitId), (late.Match, late.VisitId));
        Assert.InRange(late.RestedFor!.Value.TotalSeconds, 298, 301);

        var tooLate = await DialAsync(project, visit.Number, start.AddSeconds(60 + 700));
        Assert.Equal((LineMatch.Site, (Guid?)null, project.SiteId), (tooLate.Match, tooLate.VisitId, tooLate.SiteId));
        Assert.Equal((2, 1, 1), (await CountedAsync(project, "calls"), await CountedAsync(project, "late_calls"), await CountedAsync(project, "unmatched_calls")));
    }

    [Fact]
    public async Task Calls_told_late_find_who_held_the_number_then()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 0);
        var began = Now;
        var first = await api.StartAsync(project);
        api.Clock.Move(TimeSpan.FromSeconds(90));
        var second = await api.StartAsync(project);
        Assert.Equal(first.Number, second.Number);
        api.Clock.Move(TimeSpan.FromHours(3));

        Assert.Equal((LineMatch.Holder, first.VisitId), Of(await DialAsync(project, first.Number, began.AddSeconds(30))));
        Assert.Equal((LineMatch.Recent, first.VisitId), Of(await DialAsync(project, first.Number, began.AddSeconds(80))));
        Assert.Equal((LineMatch.Holder, second.VisitId), Of(await DialAsync(project, first.Number, began.AddSeconds(120))));
        Assert.Equal((LineMatch.Site, null), Of(await DialAsync(project, first.Number, began.AddSeconds(-60))));

        static (LineMatch, Guid?) Of(DialledNumberMatch found) => (found.Match, found.VisitId);
    }

    [Fact]
    public async Task Calls_told_in_any_order_find_who_held_the_number_when_each_began()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 0);
        var began = Now;
        var visits = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            visits.Add((await api.StartAsync(project)).VisitId);
            api.Clock.Move(TimeSpan.FromSeconds(90));
        }
        api.Clock.Move(TimeSpan.FromHours(1));
        // The newest first, then the oldest, each an hour late; the second question about a call gets the same answer.
        foreach (var i in new[] { 4, 0, 2, 1, 3, 0, 4 })
        {
            var during = await DialAsync(project, Beacons.PoolNumber(1), began.AddSeconds((90 * i) + 30));
            Assert.Equal((i, LineMatch.Holder), (visits.IndexOf(during.VisitId!.Value), during.Match));
            var after = await DialAsync(project, Beacons.PoolNumber(1), began.AddSeconds((90 * i) + 75));
            Assert.Equal((i, LineMatch.Recent), (visits.IndexOf(after.VisitId!.Value), after.Match));
        }
        // A call of an hour ago keeps the number from nobody now.
        Assert.Equal(Beacons.PoolNumber(1), (await api.StartAsync(project)).Number);
    }

    [Fact]
    public async Task A_number_that_was_taken_out_and_added_again_still_knows_who_held_it_before()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 0);
        var before = Now;
        var first = await api.StartAsync(project);
        api.Clock.Move(TimeSpan.FromHours(1));
        await api.ExecuteAsync("update tracking_numbers set is_active = false where project_id = @ProjectId", new { project.ProjectId });
        await (await api.PostAsync(project, "/v1/numbers", new { number = first.Number })).JsonAsync();
        var second = await api.StartAsync(project);
        Assert.Equal(first.Number, second.Number);

        Assert.Equal(first.VisitId, (await DialAsync(project, first.Number, before.AddSeconds(30))).VisitId);
        Assert.Equal(second.VisitId, (await DialAsync(project, first.Number, Now.AddSeconds(10))).VisitId);
    }

    [Fact]
    public async Task A_number_that_was_called_is_lent_to_nobody_else_while_they_may_still_talk()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 0);
        var caller = await api.StartAsync(project);
        await DialAsync(project, caller.Number, Now);
        api.Clock.Move(TimeSpan.FromSeconds(590));
        Assert.Null((await api.StartAsync(project)).Number);
        Assert.Equal((LineMatch.Recent, caller.VisitId), await RedialAsync());
        Assert.Equal(caller.Number, (await api.StartAsync(project, caller.VisitorId)).Number);
        api.Clock.Move(TimeSpan.FromSeconds(700));
        Assert.Equal(caller.Number, (await api.StartAsync(project)).Number);

        async Task<(LineMatch, Guid?)> RedialAsync()
        {
            var found = await DialAsync(project, caller.Number, Now);
            return (found.Match, found.VisitId);
        }
    }

    [Fact]
    public async Task Every_event_of_one_call_counts_it_once()
    {
        var project = await api.OpenPoolAsync(1);
        var visit = await api.StartAsync(project);
        var at = Now.AddSeconds(5);
        for (var i = 0; i < 5; i++) await DialAsync(project, visit.Number, at.AddSeconds(i % 2));
        await DialAsync(project, visit.Number, at.AddSeconds(60));
        Assert.Equal(2, await CountedAsync(project, "calls"));
        Assert.Equal(0, await CountedAsync(project, "late_calls"));
    }

    [Fact]
    public async Task A_static_number_has_its_own_passport()
    {
        var project = await api.OpenAsync();
        await (await api.PostAsync(project, "/v1/numbers", new { number = "8 (495) 111-22-33", kind = "static", name = "Листовка", channel = "offline", source = "Листовки", campaign = "Метро" })).JsonAsync();
        var found = await DialAsync(project, "+74951112233", Now);
        Assert.Equal((LineMatch.Static, project.SiteId), (found.Match, found.SiteId));
        Assert.Equal((Channel.Offline, "Листовки", "Метро", Origin.Number, Confidence.Exact),
            (found.Passport!.Channel, found.Passport.Source, found.Passport.Campaign, found.Passport.Origin, found.Passport.Confidence));
        Assert.Equal(["static number +74951112233: Листовка"], found.Passport.Evidence);
    }

    [Fact]
    public async Task The_overflow_number_names_its_site_and_a_strange_number_nothing()
    {
        var (project, neighbour) = (await api.OpenPoolAsync(1, overflow: true), await api.OpenAsync());
        Assert.Equal(new(LineMatch.Site, await IdAsync("+74959999999"), project.SiteId), await DialAsync(project, "+74959999999", Now));
        Assert.Equal(new(LineMatch.Site, await IdAsync(Beacons.PoolNumber(1)), project.SiteId), await DialAsync(project, Beacons.PoolNumber(1), Now));
        Assert.Equal(DialledNumberMatch.Nothing, await DialAsync(project, "+79990000000", Now));
        Assert.Equal(DialledNumberMatch.Nothing, await DialAsync(neighbour, Beacons.PoolNumber(1), Now));

        async Task<Guid?> IdAsync(string number) => await api.ScalarAsync<Guid>("select id from tracking_numbers where project_id = @ProjectId and number = @number", new { project.ProjectId, number });
    }

    [Fact]
    public async Task A_visit_that_is_not_kept_any_more_is_still_named()
    {
        var project = await api.OpenPoolAsync(1);
        var visit = await api.StartAsync(project);
        await api.ExecuteAsync("delete from visits where project_id = @ProjectId", new { project.ProjectId });
        var found = await DialAsync(project, visit.Number, Now);
        Assert.Equal((LineMatch.Holder, visit.VisitId, (Passport?)null), (found.Match, found.VisitId, found.Passport));
    }

    [Fact]
    public async Task Calls_to_an_inactive_number_are_still_recognised()
    {
        var project = await api.OpenPoolAsync(1);
        var visit = await api.StartAsync(project);
        await api.ExecuteAsync("update tracking_numbers set is_active = false where project_id = @ProjectId", new { project.ProjectId });
        Assert.Equal(LineMatch.Holder, (await DialAsync(project, visit.Number, Now)).Match);
        Assert.Null((await api.StartAsync(project, visit.VisitorId, visit.VisitId, "beat")).Number);
    }
}
