using System.Net;
using System.Text;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Visits;

public sealed class AcceptVisitTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private const string Landing = "https://okna-plus.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9E%D0%BA%D0%BD%D0%B0";

    [Fact]
    public async Task A_start_stores_the_visit_with_its_passport()
    {
        var project = await api.OpenAsync();
        var (visitor, visit) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var answer = await api.AnsweredAsync(project, new
        {
            @event = "start",
            visitorId = visitor,
            visitId = visit,
            page = Landing,
            referrer = "https://yandex.ru/",
            startedAt = api.Clock.GetUtcNow().AddSeconds(-2),
            seconds = 3,
            pages = new object[][] { ["/", 1_790_000_000], ["/okna", 1_790_000_010] },
            pageViews = 2,
            clientIds = new { ym = "170", ga = "1.2" },
            consent = "full",
        }, ("User-Agent", "Mozilla/5.0"));

        Assert.Equal((visitor, visit, 0, 150), (answer.VisitorId, answer.VisitId, answer.Numbers.Count, answer.HoldSeconds));
        var row = await api.VisitRowAsync(project, visit);
        Assert.Equal(("paid_search", "Яндекс.Директ", "cpc", "Окна"), (row.Text("channel"), row.Text("source"), row.Text("medium"), row.Text("campaign")));
        Assert.Equal(Landing, row.GetProperty("passport").Text("landingPage"));
        Assert.Equal(("170", "1.2"), (row.GetProperty("client_ids").Text("ym"), row.GetProperty("client_ids").Text("ga")));
        Assert.Equal("[[\"/\",1790000000],[\"/okna\",1790000010]]", row.GetProperty("pages").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal((2, 3, "Mozilla/5.0", false), (row.GetProperty("page_views").GetInt32(), row.GetProperty("seconds").GetInt32(), row.Text("user_agent"), row.GetProperty("is_bot").GetBoolean()));
        Assert.Equal("127.0.0.1", row.Text("ip"));
        Assert.True(row.GetProperty("started_at").GetDateTimeOffset() < row.GetProperty("last_seen_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task An_empty_object_opens_a_visit_and_its_ids_are_made_here()
    {
        var project = await api.OpenAsync();
        var (first, second) = (await api.AnsweredAsync(project, new { }), await api.AnsweredAsync(project, new { visitId = "nonsense", visitorId = Guid.Empty, seconds = "x", pages = 3, clientIds = "y" }));

        Assert.Equal(4, new HashSet<Guid> { first.VisitId, first.VisitorId, second.VisitId, second.VisitorId }.Count);
        Assert.Equal(7, first.VisitId.Version);
        Assert.Equal("unknown", (await api.VisitRowAsync(project, second.VisitId)).Text("channel"));
    }

    [Fact]
    public async Task A_browser_that_keeps_nothing_stays_one_visitor_by_its_visit()
    {
        var project = await api.OpenAsync();
        var visit = Guid.CreateVersion7();
        var (first, second) = (await api.AnsweredAsync(project, new { visitId = visit }), await api.AnsweredAsync(project, new { @event = "leave", visitId = visit }));
        Assert.Equal((first.VisitorId, first.VisitId), (second.VisitorId, second.VisitId));
    }

    [Fact]
    public async Task A_lost_start_is_made_good_by_the_landing_that_a_later_message_remembers()
    {
        var project = await api.OpenAsync();
        var answer = await api.AnsweredAsync(project, new { @event = "beat", page = "https://okna-plus.ru/contacts", landingPage = Landing, landingReferrer = "https://ya.ru/", seconds = 40 });
        Assert.Equal("Яндекс.Директ", (await api.VisitRowAsync(project, answer.VisitId)).Text("source"));
    }

    [Fact]
    public async Task A_message_that_knows_no_landing_invents_no_source_and_the_start_still_writes_it()
    {
        var project = await api.OpenAsync();
        var (visitor, visit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.AnsweredAsync(project, new { @event = "beat", visitorId = visitor, visitId = visit, page = "https://okna-plus.ru/contacts" });
        Assert.Equal("unknown", (await api.VisitRowAsync(project, visit)).Text("channel"));

        await api.AnsweredAsync(project, new { @event = "start", visitorId = visitor, visitId = visit, page = Landing });
        await api.AnsweredAsync(project, new { @event = "start", visitorId = visitor, visitId = visit, page = "https://okna-plus.ru/?utm_source=vk&utm_medium=cpc" });

        Assert.Equal("Яндекс.Директ", (await api.VisitRowAsync(project, visit)).Text("source"));
    }

    [Fact]
    public async Task Messages_in_any_order_and_twice_end_as_the_same_visit()
    {
        var project = await api.OpenAsync();
        var now = api.Clock.GetUtcNow();
        var start = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset).AddSeconds(-90);
        var ends = new HashSet<string>();
        for (var turn = 0; turn < 6; turn++)
        {
            var (visitor, visit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            object[] messages =
            [
                new { @event = "start", visitorId = visitor, visitId = visit, page = Landing, startedAt = start, pageViews = 1, pages = new object[][] { ["/", 1] }, clientIds = new { ym = "1" } },
                new { @event = "page", visitorId = visitor, visitId = visit, landingPage = Landing, startedAt = start, seconds = 20, pageViews = 2, pages = new object[][] { ["/", 1], ["/a", 2] } },
                new { @event = "beat", visitorId = visitor, visitId = visit, landingPage = Landing, seconds = 50, pageViews = 2, clientIds = new { ga = "2" } },
                new { @event = "leave", visitorId = visitor, visitId = visit, landingPage = Landing, seconds = 61, pageViews = 3, pages = new object[][] { ["/", 1], ["/a", 2], ["/b", 3] } },
            ];
            var order = new Random(turn);
            var sent = messages.Concat(messages).ToArray();
            order.Shuffle(sent);
            // Some one after the other, some together in one batch.
            foreach (var group in sent.Chunk(1 + (turn % 4))) await Task.WhenAll(group.Select(m => api.AnsweredAsync(project, m)));
            var row = await api.VisitRowAsync(project, visit);
            ends.Add(string.Join(' ', new[] { "started_at", "seconds", "page_views", "pages", "client_ids", "source", "campaign" }.Select(c => row.GetProperty(c).GetRawText())));
        }
        Assert.Single(ends);
        Assert.Contains(" 61 3 ", ends.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visit_of_another_visitor_or_site_is_left_alone_and_the_sender_gets_one_of_his_own()
    {
        var (project, neighbour) = (await api.OpenPoolAsync(2), await api.OpenAsync());
        var mine = await api.StartAsync(project);
        var before = await api.VisitRowAsync(project, mine.VisitId);
        var otherSite = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into sites (project_id, id, site_key, name) values (@ProjectId, @otherSite, @Key, 'other')", new { project.ProjectId, otherSite, Key = $"site_{otherSite:N}" });

        var thief = await api.AnsweredAsync(project, new { @event = "start", visitorId = Guid.CreateVersion7(), visitId = mine.VisitId, seconds = 999, wantsNumbers = true });
        var elsewhere = await api.AnsweredAsync(project with { SiteKey = $"site_{otherSite:N}" }, new { visitorId = mine.VisitorId, visitId = mine.VisitId, seconds = 999 });
        var otherProject = await api.AnsweredAsync(neighbour, new { visitorId = mine.VisitorId, visitId = mine.VisitId });

        Assert.NotEqual(mine.VisitId, thief.VisitId);
        Assert.NotEqual(mine.Number, thief.Number);
        Assert.NotEqual(mine.VisitId, elsewhere.VisitId);
        Assert.Equal(mine.VisitId, otherProject.VisitId); // another project knows nothing of it
        Assert.Equal(before.GetRawText(), (await api.VisitRowAsync(project, mine.VisitId)).GetRawText());
        Assert.Equal(999, (await api.VisitRowAsync(project, thief.VisitId)).GetProperty("seconds").GetInt32());
    }

    [Fact]
    public async Task A_robot_is_kept_as_one_and_is_given_no_number()
    {
        var project = await api.OpenPoolAsync(3, overflow: true);
        var answer = await api.AnsweredAsync(project, new { @event = "start", wantsNumbers = true, page = Landing }, ("User-Agent", "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)"));
        Assert.Empty(answer.Numbers);
        Assert.True((await api.VisitRowAsync(project, answer.VisitId)).GetProperty("is_bot").GetBoolean());
        Assert.Equal(0, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task With_essential_consent_neither_address_nor_analytics_ids_are_kept()
    {
        var project = await api.OpenAsync();
        var answer = await api.AnsweredAsync(project, new { consent = "essential", clientIds = new { ym = "170" } });
        var row = await api.VisitRowAsync(project, answer.VisitId);
        Assert.Equal((null, "{}"), (row.Text("ip"), row.GetProperty("client_ids").GetRawText()));
    }

    [Fact]
    public async Task A_start_in_the_future_or_long_ago_is_the_browsers_clock()
    {
        var project = await api.OpenAsync();
        foreach (var days in (int[])[3, -3])
        {
            var answer = await api.AnsweredAsync(project, new { startedAt = api.Clock.GetUtcNow().AddDays(days) });
            Assert.True((api.Clock.GetUtcNow() - (await api.VisitRowAsync(project, answer.VisitId)).GetProperty("started_at").GetDateTimeOffset()).Duration() < TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Text_plain_is_taken_as_sendBeacon_sends_it_and_the_origin_may_read_the_answer()
    {
        var project = await api.OpenAsync(origins: ["https://okna-plus.ru"]);
        var answer = await api.Client.SendAsync(project.Visits(), Posts.Content("""{"event":"leave"}""", "text/plain;charset=UTF-8"), ("Origin", "https://okna-plus.ru"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["https://okna-plus.ru"], answer.Headers.GetValues("Access-Control-Allow-Origin"));

        using var preflight = new HttpRequestMessage(HttpMethod.Options, project.Visits()) { Headers = { { "Origin", "https://okna-plus.ru" }, { "Access-Control-Request-Method", "POST" } } };
        Assert.Equal(HttpStatusCode.NoContent, (await api.Client.SendAsync(preflight)).StatusCode);
    }

    [Fact]
    public async Task What_is_no_beacon_is_refused_with_its_reason()
    {
        var project = await api.OpenAsync(origins: ["https://okna-plus.ru"]);
        await (await api.BeaconAsync(project with { SiteKey = "site_unknown" }, new { })).ProblemAsync(404);
        await (await api.BeaconAsync(project, new { }, ("Origin", "https://evil.example"))).ProblemAsync(403);
        await (await api.Client.SendAsync(project.Visits(), Posts.Content("a=b", "application/x-www-form-urlencoded"))).ProblemAsync(415);
        await (await api.Client.SendAsync(project.Visits(), Posts.Content("{\"page\":\"" + new string('x', 17_000) + "\"}"))).ProblemAsync(413);
        foreach (var body in (string[])["", "[]", "{\"event\":", "null", "{} {}", new string('[', 100)])
            Assert.True((await (await api.Client.SendAsync(project.Visits(), Posts.Content(body))).ProblemAsync(400)).GetProperty("errors").TryGetProperty("body", out _), body);
        Assert.Equal(0, await api.CountAsync("select count(*) from visits where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Theory]
    [InlineData("""{"page":"\u0000","referrer":"\ud800","clientIds":{"ym":"\u0000\ud800"},"pages":[["\udfff",1],["/\u0000a",1e300],["/b",-1],["/c",2]]}""")]
    [InlineData("""{"visitId":5,"visitorId":{},"event":[],"seconds":1e400,"pageViews":-7,"wantsNumbers":"yes","consent":0,"startedAt":"yesterday"}""")]
    [InlineData("""{"page":"https://okna-plus.ru/?utm_source=%00%ff&utm_term=\u0000x","event":"start","seconds":99999999999}""")]
    public async Task Strange_values_are_passed_over_and_never_stop_a_beacon(string body)
    {
        var project = await api.OpenAsync();
        var answer = await api.Client.SendAsync(project.Visits(), Posts.Content(Encoding.UTF8.GetBytes(body), "application/json"));
        var row = await api.VisitRowAsync(project, Answered.Of(await answer.JsonAsync()).VisitId);
        Assert.InRange(row.GetProperty("seconds").GetInt32(), 0, 7 * 86_400);
    }

    [Fact]
    public async Task Beacons_have_wider_limits_than_leads_and_take_nothing_from_them()
    {
        var project = await api.OpenAsync(perMinute: 2);
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await api.BeaconAsync(project, new { })).StatusCode);
        var refusal = await api.BeaconAsync(project, new { });
        await refusal.ProblemAsync(429);
        Assert.True(refusal.Headers.RetryAfter is not null);
        await api.AcceptedAsync(project, new { phone = "+7 916 123-45-67" });
    }

    [Fact]
    public async Task Visits_and_hours_go_after_their_time_and_live_numbers_stay_held()
    {
        var project = await api.OpenPoolAsync(1);
        var old = await api.StartAsync(project);
        await api.ExecuteAsync("""
            update visits set started_at = started_at - interval '401 days' where project_id = @ProjectId;
            update number_usage set hour = hour - interval '401 days' where project_id = @ProjectId;
            update number_holds set from_at = from_at - interval '401 days' where project_id = @ProjectId;
            insert into number_holds (project_id, id, number_id, visit_id, visitor_id, from_at, until_at)
            select project_id, gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(), now() - interval '91 days', now() - interval '90 days 23 hours' from tracking_numbers where project_id = @ProjectId
            """, new { project.ProjectId });
        var young = await api.StartAsync(project, old.VisitorId);

        await api.App.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<VisitExpiry>().Single().RunAsync(CancellationToken.None);

        Assert.Equal([young.VisitId], await api.ScalarAsync<Guid[]>("select array_agg(id) from visits where project_id = @ProjectId", new { project.ProjectId }) ?? []);
        Assert.Equal([young.VisitId], await api.ScalarAsync<Guid[]>("select array_agg(visit_id) from number_holds where project_id = @ProjectId and until_at is null", new { project.ProjectId }) ?? []);
        Assert.Equal(0, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId and from_at between now() - interval '95 days' and now() - interval '90 days'", new { project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("select count(*) from number_usage where project_id = @ProjectId and hour < now() - interval '400 days'", new { project.ProjectId }));
    }
}
