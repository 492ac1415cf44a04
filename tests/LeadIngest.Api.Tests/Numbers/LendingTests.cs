using System.Collections.Concurrent;
using System.Net.Http.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Numbers;

public sealed class LendingTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    [Fact]
    public async Task A_visit_gets_a_number_and_keeps_it_while_it_lives()
    {
        var project = await api.OpenPoolAsync(3);
        var first = await api.StartAsync(project);
        Assert.Equal(Beacons.PoolNumber(1), first.Number);
        for (var beat = 0; beat < 5; beat++)
        {
            api.Clock.Move(TimeSpan.FromSeconds(120));
            Assert.Equal(first.Number, (await api.StartAsync(project, first.VisitorId, first.VisitId, "beat")).Number);
            Assert.NotEqual(first.Number, (await api.StartAsync(project)).Number);
        }
        Assert.Equal(1, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId and visit_id = @VisitId", new { project.ProjectId, first.VisitId }));
    }

    [Fact]
    public async Task The_longest_free_number_is_lent_first()
    {
        var project = await api.OpenPoolAsync(3);
        var given = new List<string?>();
        for (var i = 0; i < 7; i++)
        {
            given.Add((await api.StartAsync(project)).Number);
            api.Clock.Move(TimeSpan.FromSeconds(181));
        }
        Assert.Equal([1, 2, 3, 1, 2, 3, 1], given.Select(n => int.Parse(n!.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_number_rests_before_a_stranger_gets_it_but_its_visitor_has_it_back_at_once()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 100);
        var first = await api.StartAsync(project);
        api.Clock.Move(TimeSpan.FromSeconds(61));
        Assert.Null((await api.StartAsync(project)).Number);

        var back = await api.StartAsync(project, first.VisitorId); // the next day, a new visit of the same browser
        Assert.Equal(first.Number, back.Number);
        Assert.Equal(2, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId", new { project.ProjectId }));

        api.Clock.Move(TimeSpan.FromSeconds(161));
        Assert.Equal(first.Number, (await api.StartAsync(project)).Number);
        Assert.Null((await api.StartAsync(project, first.VisitorId)).Number); // lent to somebody else since
    }

    [Fact]
    public async Task A_sign_of_life_of_an_older_tab_takes_the_number_from_no_newer_visit()
    {
        var project = await api.OpenPoolAsync(2);
        var visitor = Guid.CreateVersion7();
        var (older, newer) = (await api.StartAsync(project, visitor), await api.StartAsync(project, visitor));
        var beat = await api.StartAsync(project, visitor, older.VisitId, "beat");

        Assert.Equal((older.Number, older.Number), (newer.Number, beat.Number));
        Assert.Equal(newer.VisitId, await api.ScalarAsync<Guid>("select held_by from tracking_numbers where project_id = @ProjectId and held_by is not null", new { project.ProjectId }));
    }

    [Fact]
    public async Task An_empty_pool_shows_the_overflow_number_and_is_counted()
    {
        var project = await api.OpenPoolAsync(2, overflow: true);
        var shown = new List<string?>();
        for (var i = 0; i < 5; i++) shown.Add((await api.StartAsync(project)).Number);
        Assert.Equal([Beacons.PoolNumber(1), Beacons.PoolNumber(2), "+74959999999", "+74959999999", "+74959999999"], shown);

        var usage = (await api.ReadAsync(project, $"/v1/numbers/usage?siteId={project.SiteId}&to={Uri.EscapeDataString(api.Clock.GetUtcNow().AddMinutes(1).ToString("O"))}&by=hour")).GetProperty("total");
        Assert.Equal((5, 2, 3, 3, 2), (usage.GetProperty("asked").GetInt32(), usage.GetProperty("given").GetInt32(), usage.GetProperty("exhausted").GetInt32(),
            usage.GetProperty("overflowed").GetInt32(), usage.GetProperty("peakHeld").GetInt32()));
        Assert.Equal((0.4, 0.6), (usage.GetProperty("coverage").GetDouble(), usage.GetProperty("exhaustedShare").GetDouble()));
    }

    [Fact]
    public async Task An_overflow_number_that_is_the_sites_own_and_an_empty_pool_leave_the_page_as_it_is()
    {
        var project = await api.OpenPoolAsync(0);
        Assert.Empty((await api.StartAsync(project)).Numbers);
        await api.ExecuteAsync("""
            insert into tracking_numbers (project_id, id, site_id, number, kind, free_at) values (@ProjectId, gen_random_uuid(), @SiteId, @Number, 'overflow', now())
            """, new { project.ProjectId, project.SiteId, Number = Beacons.SiteNumber });
        Assert.Empty((await api.StartAsync(project)).Numbers);
    }

    [Fact]
    public async Task A_visit_that_found_none_gets_one_as_soon_as_one_is_free_and_is_counted_once()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 0);
        await api.StartAsync(project);
        var second = await api.StartAsync(project);
        Assert.Null(second.Number);
        Assert.Null((await api.StartAsync(project, second.VisitorId, second.VisitId, "beat")).Number);
        api.Clock.Move(TimeSpan.FromSeconds(61));
        Assert.Equal(Beacons.PoolNumber(1), (await api.StartAsync(project, second.VisitorId, second.VisitId, "beat")).Number);
        Assert.Equal(2, await api.CountAsync("select sum(asked)::bigint from number_usage where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_number_that_is_taken_out_and_added_again_is_not_lent_while_its_visit_may_still_show_it()
    {
        var project = await api.OpenPoolAsync(1, hold: 60, rest: 30);
        var first = await api.StartAsync(project);
        await api.ExecuteAsync("update tracking_numbers set is_active = false where project_id = @ProjectId", new { project.ProjectId });
        await (await api.PostAsync(project, "/v1/numbers", new { number = first.Number })).JsonAsync();
        Assert.Null((await api.StartAsync(project)).Number);
        api.Clock.Move(TimeSpan.FromSeconds(91));
        Assert.Equal(first.Number, (await api.StartAsync(project)).Number);
    }

    [Fact]
    public async Task Each_region_has_its_own_pool()
    {
        var project = await api.OpenPoolAsync(1);
        await api.ExecuteAsync("""
            update sites set replace_numbers = '[{"number":"+74951234567","region":""},{"number":"+78121234567","region":"Петербург"},{"number":"+78127654321","region":"Петербург"}]'
            where project_id = @ProjectId;
            insert into tracking_numbers (project_id, id, site_id, number, kind, region, free_at)
            values (@ProjectId, gen_random_uuid(), @SiteId, '+78120000001', 'dynamic', 'Петербург', now() - interval '1 day')
            """, new { project.ProjectId, project.SiteId });
        var answer = await api.StartAsync(project);
        Assert.Equal(("+74950000001", "+78120000001", "+78120000001"), (answer.Numbers["+74951234567"], answer.Numbers["+78121234567"], answer.Numbers["+78127654321"]));
    }

    [Fact]
    public async Task A_page_that_shows_no_number_takes_none()
    {
        var project = await api.OpenPoolAsync(1);
        Assert.Empty((await api.AnsweredAsync(project, new { @event = "start", wantsNumbers = false })).Numbers);
        Assert.Equal(0, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId", new { project.ProjectId }));
    }

    /// <summary>Two hundred visitors, twenty numbers, two nodes, three rounds whose holds end in between: at no moment may two live visits share a number.</summary>
    [Fact]
    public async Task Two_hundred_visitors_at_two_nodes_never_share_one_of_twenty_numbers()
    {
        var project = await api.OpenPoolAsync(20, hold: 60, rest: 0);
        await using var other = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false"], api.Db,
            builder => builder.Services.AddSingleton<TimeProvider>(api.Clock));
        await other.StartAsync();
        try
        {
            using var second = new HttpClient { BaseAddress = new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            for (var round = 0; round < 3; round++)
            {
                var shown = new ConcurrentBag<Answered>();
                await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
                {
                    var (visitor, visit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
                    // Each visit speaks several times and to both nodes.
                    var (near, far) = i % 2 == 0 ? (api.Client, second) : (second, api.Client);
                    foreach (var (client, happened) in new[] { (near, "start"), (far, "page"), (near, "beat") })
                    {
                        var answer = await client.SendAsync(project.Visits(), JsonContent.Create(new { @event = happened, visitorId = visitor, visitId = visit, wantsNumbers = true }));
                        shown.Add(Answered.Of(await answer.JsonAsync()));
                    }
                }));
                var byNumber = shown.Where(a => a.Number is not null).GroupBy(a => a.Number).ToList();
                Assert.Equal(20, byNumber.Count);
                Assert.All(byNumber, number => Assert.Single(number.Select(a => a.VisitId).Distinct()));
                // And a visit that got one never saw another.
                Assert.All(shown.Where(a => a.Number is not null).GroupBy(a => a.VisitId), visit => Assert.Single(visit.Select(a => a.Number).Distinct()));
                api.Clock.Move(TimeSpan.FromSeconds(61));
            }
        }
        finally
        {
            await other.StopAsync();
            await other.Services.GetRequiredService<Database>().DisposeAsync();
        }
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from number_holds a join number_holds b using (project_id, number_id) join tracking_numbers t on t.project_id = a.project_id and t.id = a.number_id
            where a.project_id = @ProjectId and a.id < b.id and a.visitor_id <> b.visitor_id
              and a.from_at < coalesce(b.until_at, t.held_until) and b.from_at < coalesce(a.until_at, t.held_until)
            """, new { project.ProjectId }));
    }

    [Fact]
    public async Task Twenty_pages_of_one_visitor_at_once_show_one_number()
    {
        var project = await api.OpenPoolAsync(20);
        var visitor = Guid.CreateVersion7();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.StartAsync(project, visitor)));
        Assert.Single(answers.Select(a => a.Number).Distinct());
    }
}
