using System.Text.Json;
using LeadIngest.Api.Tests.Figures;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;

namespace LeadIngest.Api.Tests.Rebuilds;

/// <summary>Nobody delivers; rebuilds go in small batches, and a preview of more than 50 rows is a job.</summary>
public sealed class RebuildFixture : ApiFixture
{
    protected override string[] Args => ["--Delivery:Enabled=false", "--Rebuilds:Batch=7", "--Rebuilds:PollEvery=00:00:00.050", "--Rebuilds:Lease=00:00:02", "--Rebuilds:MostAtOnce=50"];
}

public class RebuildTests(RebuildFixture api) : IClassFixture<RebuildFixture>
{
    private static readonly object Blogger = new { source = "blogger", name = "Блогеры", channel = "organic_social" };

    [Fact]
    public async Task A_new_line_names_the_whole_history_and_the_figures_of_before_stay()
    {
        var project = await api.OpenAsync();
        var lead = await PostAsync(project, "blogger");
        var other = await PostAsync(project, "vk");
        await api.AnsweredAsync(project, new { @event = "start", visitorId = Guid.CreateVersion7(), visitId = Guid.CreateVersion7(), page = Page("blogger") });
        await api.DealAsync(project, await api.ConnectionAsync(project), 1, leadId: lead, state: "won", amount: 1000.50m);
        var untouched = await api.ScalarAsync<string>("select xmin::text from leads where id = @Id", new { Id = other });
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();

        var rebuild = await RunAsync(project, "dictionary");

        Assert.Equal(("done", 3, 3, 2, 0), (rebuild.Text("state"), rebuild.Whole("done"), rebuild.Whole("total"), rebuild.Whole("changed"), rebuild.Whole("kept")));
        var passport = (await api.ReadAsync(project, $"/v1/leads/{lead}")).GetProperty("passport");
        Assert.Equal(("organic_social", "Блогеры", "utm"), (passport.Text("channel"), passport.Text("source"), passport.Text("origin")));
        Assert.Equal("Блогеры", await api.ScalarAsync<string>("select source from visits where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal(untouched, await api.ScalarAsync<string>("select xmin::text from leads where id = @Id", new { Id = other }));

        var comparison = await api.ReadAsync(project, $"/v1/rebuilds/{rebuild.Text("id")}/comparison?changedOnly=true");
        Assert.True(comparison.GetProperty("isComplete").GetBoolean());
        Assert.Equal([("blogger", 1, 1, 1000.50m, 0, 0, 0m), ("Блогеры", 0, 0, 0m, 1, 1, 1000.50m)], comparison.GetProperty("items").EnumerateArray().Select(Side).Order());
        var total = comparison.GetProperty("total");
        Assert.Equal(total.GetProperty("before").GetRawText(), total.GetProperty("after").GetRawText());
        Assert.Equal((1, 2, 1, 1), (total.GetProperty("after").Whole("visits"), total.GetProperty("after").Whole("leads"), total.GetProperty("after").Whole("deals"), total.GetProperty("after").Whole("won")));
    }

    [Fact]
    public async Task A_lead_of_a_visit_from_before_the_rebuild_gets_the_new_name()
    {
        var project = await api.OpenAsync();
        var (visitor, visit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.AnsweredAsync(project, new { @event = "start", visitorId = visitor, visitId = visit, page = Page("blogger") });
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();
        await RunAsync(project, "dictionary");

        // As soon as the node has heard of it.
        string? source;
        do
        {
            var lead = await api.AcceptedAsync(project, new { phone = $"+7916{4000000 + Interlocked.Increment(ref _phones)}", visitorId = visitor, visitId = visit, page = "https://okna-plus.ru/kontakty" });
            source = (await api.ReadAsync(project, $"/v1/leads/{lead}")).GetProperty("passport").Text("source");
        }
        while (source != "Блогеры");
    }

    [Fact]
    public async Task Taking_a_line_back_gives_every_passport_back_as_it_was()
    {
        var project = await api.OpenAsync();
        var leads = new List<Guid>();
        foreach (var source in new[] { "blogger", "vk", "blogger", "google" }) leads.Add(await PostAsync(project, source));
        leads.Add(await api.AcceptedAsync(project, new { phone = "+79161230000", page = "https://okna-plus.ru/?from=blogger" }));
        leads.Add(await api.AcceptedAsync(project, new { phone = "+79161230001", fields = new { utm_source = "blogger", utm_medium = "obzor" } }));
        var visit = Guid.CreateVersion7();
        var visitor = Guid.CreateVersion7();
        await api.AnsweredAsync(project, new { @event = "start", visitorId = visitor, visitId = visit, page = Page("blogger") });
        leads.Add(await api.AcceptedAsync(project, new { phone = "+79161230002", visitorId = visitor, visitId = visit, page = "https://okna-plus.ru/kontakty" }));
        var before = await PassportsAsync(project);
        var line = (await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync()).Text("id");

        Assert.Equal(6, (await RunAsync(project, "dictionary")).Whole("changed"));
        foreach (var id in leads.Except([leads[1], leads[3]])) Assert.Equal("Блогеры", await api.ScalarAsync<string>("select source from leads where id = @Id", new { Id = id }));
        await api.SendAsync(project, HttpMethod.Delete, $"/v1/sources/{line}");
        Assert.Equal(6, (await RunAsync(project, "all")).Whole("changed"));

        Assert.Equal(before, await PassportsAsync(project));
        Assert.Equal(0, (await RunAsync(project, "dictionary")).Whole("changed"));
    }

    [Fact]
    public async Task What_a_static_number_or_a_call_tracker_found_stays_found()
    {
        var project = await api.OpenAsync();
        var (leaflet, tracked) = (await api.LeadAsync(project, kind: "call"), await api.LeadAsync(project, kind: "call"));
        await api.ExecuteAsync("""
            update leads set channel = 'offline', source = 'Листовка', medium = null, campaign = null, keyword = null,
                passport = '{"utm":{},"clickIds":{},"origin":"number","confidence":"exact","evidence":["static number +74950000001"],"warnings":[]}' where id = @Leaflet;
            update leads set source = 'blogger', channel = 'other', medium = 'obzor', campaign = null, keyword = null,
                passport = '{"utm":{"utm_source":"blogger","utm_medium":"obzor"},"clickIds":{},"origin":"calltracking","confidence":"guessed","evidence":["calltouch: utm_source=blogger","dictionary: no entry for blogger/obzor","calltouch is not sure of the source"],"warnings":[]}' where id = @Tracked
            """, new { Leaflet = leaflet, Tracked = tracked });
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();

        await RunAsync(project, "dictionary");

        var one = (await api.ReadAsync(project, $"/v1/leads/{leaflet}")).GetProperty("passport");
        Assert.Equal(("offline", "Листовка", "number"), (one.Text("channel"), one.Text("source"), one.Text("origin")));
        var two = (await api.ReadAsync(project, $"/v1/leads/{tracked}")).GetProperty("passport");
        Assert.Equal(("Блогеры", "calltracking", "guessed"), (two.Text("source"), two.Text("origin"), two.Text("confidence")));
        Assert.Equal(["calltouch: utm_source=blogger", "calltouch is not sure of the source", "the project's dictionary: blogger/obzor"], two.GetProperty("evidence").Strings());
    }

    [Fact]
    public async Task A_node_that_died_leaves_its_rebuild_to_another_which_goes_on_where_it_was()
    {
        var project = await api.OpenAsync();
        for (var n = 0; n < 20; n++) await api.LeadAsync(project);
        await api.ExecuteAsync("update leads set source = 'x' where project_id = @P", new { P = project.ProjectId });
        var seen = await api.ScalarAsync<Guid>("select id from leads where project_id = @P order by id offset 9 limit 1", new { P = project.ProjectId });
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into rebuilds (project_id, id, what, state, phase, cursor, done, total, lease, lease_until, attempts)
            values (@P, @Id, 'dictionary', 'running', 'leads', @Seen, 10, 20, @Id, clock_timestamp() - interval '1 second', 1)
            """, new { P = project.ProjectId, Id = id, Seen = seen });

        var rebuild = await DoneAsync(project, id);

        Assert.Equal(("done", 20, 10), (rebuild.Text("state"), rebuild.Whole("done"), rebuild.Whole("changed")));
        Assert.Equal(10, await api.CountAsync("select count(*) from leads where project_id = @P and source = 'x'", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task One_rebuild_at_a_time_and_one_that_waits_is_the_same_rebuild()
    {
        var project = await api.OpenAsync();
        // Somebody works on it and is alive.
        await api.ExecuteAsync("insert into rebuilds (project_id, id, what, state, lease, lease_until) values (@P, @Id, 'cost', 'running', @Id, clock_timestamp() + interval '1 hour')",
            new { P = project.ProjectId, Id = Guid.CreateVersion7() });
        var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await (await api.PostAsync(project, "/v1/rebuilds", new { what = "all" })).JsonAsync()).Text("id")));
        var id = Assert.Single(asked.Distinct());
        // The queue moves on for others meanwhile.
        await RunAsync(await api.OpenAsync(), "cost");
        Assert.Equal("waiting", (await api.ReadAsync(project, $"/v1/rebuilds/{id}")).Text("state"));

        var cancelled = await (await api.PostAsync(project, $"/v1/rebuilds/{id}/cancel")).JsonAsync();

        Assert.Equal("cancelled", cancelled.Text("state"));
        Assert.Equal("cancelled", (await (await api.PostAsync(project, $"/v1/rebuilds/{id}/cancel")).JsonAsync()).Text("state"));
        var done = await RunAsync(await api.OpenAsync(), "all");
        Assert.Equal("done", done.Text("state"));
        await (await api.PostAsync(project, $"/v1/rebuilds/{done.Text("id")}/cancel")).ProblemAsync(404);
        Assert.Equal(2, (await api.ReadAsync(project, "/v1/rebuilds")).Ids().Length);
        Assert.Equal(["what"], (await (await api.PostAsync(project, "/v1/rebuilds", new { what = "everything" })).ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_rebuild_cancelled_under_way_stops_and_what_it_wrote_stays()
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync($$"""
            insert into leads (project_id, id, site_id, kind, status, received_at, channel, source, passport, details)
            select @P, gen_random_uuid(), @Site, 'form', 'new', now(), 'other', 'x', '{"utm":{"utm_source":"vk"},"clickIds":{},"landingPage":"https://okna-plus.ru/?utm_source=vk","origin":"utm","confidence":"exact","evidence":[],"warnings":[]}', '{}'
            from generate_series(1, 20000)
            """, new { P = project.ProjectId, Site = project.SiteId });
        var id = (await (await api.PostAsync(project, "/v1/rebuilds", new { what = "dictionary" })).JsonAsync()).Text("id");
        while ((await api.ReadAsync(project, $"/v1/rebuilds/{id}")).Whole("changed") == 0) await Task.Yield();

        await (await api.PostAsync(project, $"/v1/rebuilds/{id}/cancel")).JsonAsync();

        // The batch under way is the last one, and it did not count.
        var changed = (await api.ReadAsync(project, $"/v1/rebuilds/{id}")).Whole("changed");
        Assert.InRange(changed, 1, 19999);
        Assert.Equal("done", (await RunAsync(await api.OpenAsync(), "cost")).Text("state"));
        Assert.Equal((20000 - changed, "cancelled"), ((int)await api.CountAsync("select count(*) from leads where project_id = @P and source = 'x'", new { P = project.ProjectId }),
            (await api.ReadAsync(project, $"/v1/rebuilds/{id}")).Text("state")));
    }

    [Fact]
    public async Task A_rebuild_that_fails_again_and_again_ends_and_says_where()
    {
        var project = await api.OpenAsync();
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into rebuilds (project_id, id, what, request, attempts) values (@P, @Id, 'preview', 'null', 4)", new { P = project.ProjectId, Id = id });
        var rebuild = await DoneAsync(project, id);
        Assert.Equal(("failed", "before: NullReferenceException"), (rebuild.Text("state"), rebuild.Text("error")));
    }

    [Fact]
    public async Task Spend_goes_over_to_a_new_name_with_the_leads_and_its_sum_stays()
    {
        var project = await api.OpenAsync();
        await (await api.PostAsync(project, "/v1/spend/manual", new { name = "Обзор", from = "2026-08-30", to = "2026-09-02", amount = 100.01m, source = "blogger", medium = "obzor", campaign = "август" })).JsonAsync();
        Assert.Equal("done", (await RunAsync(project, "cost")).Text("state"));
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();

        var rebuild = await RunAsync(project, "dictionary");

        var rows = (await api.ReadAsync(project, $"/v1/rebuilds/{rebuild.Text("id")}/comparison?byMonth=true&by=campaign")).GetProperty("items").EnumerateArray()
            .Select(r => (r.Text("month"), r.Text("source"), r.Text("campaign"), r.GetProperty("before").GetProperty("spend").GetDecimal(), r.GetProperty("after").GetProperty("spend").GetDecimal())).Order();
        Assert.Equal([("2026-08-01", "blogger", "август", 50.01m, 0m), ("2026-08-01", "Блогеры", "август", 0m, 50.01m), ("2026-09-01", "blogger", "август", 50m, 0m), ("2026-09-01", "Блогеры", "август", 0m, 50m)], rows);
    }

    [Fact]
    public async Task Reports_show_history_by_the_new_line_also_when_the_rebuild_is_stopped()
    {
        var project = await api.OpenAsync();
        await PostAsync(project, "blogger");
        await api.CatchUpAsync(project);
        Assert.Equal(["blogger"], await SourcesAsync(project));
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();

        await RunAsync(project, "dictionary");
        await api.CatchUpAsync(project);

        Assert.Equal(["Блогеры"], await SourcesAsync(project));
        // Rows are rewritten without marks of their own: whoever stops it leaves one for all.
        await api.ExecuteAsync("insert into rebuilds (project_id, id, what, state, lease, lease_until) values (@P, @Id, 'all', 'running', @Id, now() + interval '1 hour')", new { P = project.ProjectId, Id = Guid.CreateVersion7() });
        var running = (await api.ReadAsync(project, "/v1/rebuilds")).GetProperty("items").EnumerateArray().Single(r => r.Text("state") == "running").Text("id");
        await (await api.PostAsync(project, $"/v1/rebuilds/{running}/cancel")).JsonAsync();
        Assert.Equal(1, await api.CountAsync("select count(*) from figure_marks where project_id = @P and everything", new { P = project.ProjectId }));
    }

    private async Task<IEnumerable<string?>> SourcesAsync(TestProject project) =>
        (await api.ReadAsync(project, "/v1/reports/sources?groupBy=source")).GetProperty("rows").EnumerateArray().Select(r => r.Text("label"));

    [Fact]
    public async Task A_preview_tells_what_would_change_and_writes_nothing()
    {
        var project = await api.OpenAsync();
        var connection = await api.ConnectionAsync(project);
        var leads = new[] { await PostAsync(project, "blogger"), await PostAsync(project, "vk"), await PostAsync(project, "blogger") };
        await api.ExecuteAsync("update leads set status = 'spam' where id = @Id", new { Id = leads[2] });
        await api.DealAsync(project, connection, 1, leadId: leads[0], state: "won", amount: 700);
        await api.DealAsync(project, connection, 2, leadId: leads[0], amount: 9);
        await api.DealAsync(project, connection, 3, leadId: leads[1], state: "won", amount: 5);
        var before = await PassportsAsync(project);

        var answer = await (await api.PostAsync(project, "/v1/rebuilds/preview", new { entries = new[] { Blogger } })).JsonAsync();

        Assert.Equal((2, 1, 0, 0), (answer.Whole("leads"), answer.Whole("changedLeads"), answer.Whole("visits"), answer.Whole("kept")));
        var change = Assert.Single(answer.GetProperty("changes").EnumerateArray());
        Assert.Equal(("blogger", "Блогеры", 1), (change.GetProperty("from").Text("source"), change.GetProperty("to").Text("source"), change.Whole("leads")));
        var example = Assert.Single(answer.GetProperty("examples").EnumerateArray());
        Assert.Equal((leads[0], "Блогеры"), (example.GetProperty("id").GetGuid(), example.GetProperty("after").Text("source")));
        Assert.Contains("the project's dictionary: blogger/obzor", example.GetProperty("after").GetProperty("evidence").Strings());
        Assert.Equal([("blogger", 0, 1, 700m, 0, 0, 0m), ("Блогеры", 0, 0, 0m, 0, 1, 700m)], answer.GetProperty("figures").EnumerateArray().Select(Side).Order());
        Assert.Equal(before, await PassportsAsync(project));
        Assert.Empty((await api.ReadAsync(project, "/v1/rebuilds")).Ids());
        // Outside its period it sees nothing.
        Assert.Equal(0, (await (await api.PostAsync(project, "/v1/rebuilds/preview", new { entries = new[] { Blogger }, from = "2020-01-01", to = "2020-02-01" })).JsonAsync()).Whole("leads"));
        Assert.Equal(["to"], (await (await api.PostAsync(project, "/v1/rebuilds/preview", new { from = "2020-01-01", to = "2019-01-01" })).ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_lead_that_was_told_late_is_of_its_own_day_and_month_and_money_of_the_day_of_the_sale()
    {
        var project = await api.OpenAsync();
        var lead = await PostAsync(project, "blogger");
        var deal = await api.DealAsync(project, await api.ConnectionAsync(project), 1, leadId: lead, state: "won", amount: 10, currency: "USD", createdAt: new(2026, 6, 2, 9, 0, 0, TimeSpan.Zero));
        // In Moscow both are a day later, the lead a month.
        await api.ExecuteAsync("""
            update leads set occurred_at = '2026-05-31T22:00:00Z' where project_id = @P and id = @Lead;
            update deals set moved_at = '2026-06-10T22:00:00Z' where project_id = @P and id = @Deal;
            insert into rates values (@P, 'USD', '2026-06-01', 70, 1), (@P, 'USD', '2026-06-10', 80, 1), (@P, 'USD', '2026-06-11', 90, 1)
            """, new { P = project.ProjectId, Lead = lead, Deal = deal });

        var preview = await (await api.PostAsync(project, "/v1/rebuilds/preview", new { entries = new[] { Blogger }, from = "2026-06-01", to = "2026-06-01" })).JsonAsync();
        Assert.Equal(1, preview.Whole("changedLeads"));
        Assert.Equal([("blogger", 0, 1, 900m, 0, 0, 0m), ("Блогеры", 0, 0, 0m, 0, 1, 900m)], preview.GetProperty("figures").EnumerateArray().Select(Side).Order());
        await (await api.PostAsync(project, "/v1/sources", Blogger)).JsonAsync();

        var rebuild = await RunAsync(project, "dictionary");

        var rows = (await api.ReadAsync(project, $"/v1/rebuilds/{rebuild.Text("id")}/comparison?byMonth=true")).GetProperty("items").EnumerateArray().Select(r => (r.Text("month"), Side(r))).Order();
        Assert.Equal([("2026-06-01", ("blogger", 0, 1, 900m, 0, 0, 0m)), ("2026-06-01", ("Блогеры", 0, 0, 0m, 0, 1, 900m))], rows);
    }

    [Fact]
    public async Task A_preview_of_a_line_left_out_shows_the_shipped_name()
    {
        var project = await api.OpenAsync();
        var line = (await (await api.PostAsync(project, "/v1/sources", new { source = "vk", name = "Вконтакте наш", channel = "paid_social" })).JsonAsync()).Text("id");
        await PostAsync(project, "vk");
        var answer = await (await api.PostAsync(project, "/v1/rebuilds/preview", new { without = new[] { line } })).JsonAsync();
        Assert.Equal("Вконтакте наш", Assert.Single(answer.GetProperty("changes").EnumerateArray()).GetProperty("from").Text("source"));
    }

    [Fact]
    public async Task A_preview_over_too_much_is_a_job_with_the_same_answer()
    {
        var project = await api.OpenAsync();
        for (var n = 0; n < 51; n++) await api.LeadAsync(project);
        await api.ExecuteAsync("update leads set source = 'x' where project_id = @P", new { P = project.ProjectId });
        var answer = await api.PostAsync(project, "/v1/rebuilds/preview", new { });
        Assert.Equal(202, (int)answer.StatusCode);

        var job = await DoneAsync(project, (await answer.JsonAsync()).GetProperty("id").GetGuid());

        Assert.Equal(("preview", "done", 51, 51), (job.Text("what"), job.Text("state"), job.Whole("done"), job.Whole("total")));
        Assert.Equal((51, 51, 20), (job.GetProperty("preview").Whole("leads"), job.GetProperty("preview").Whole("changedLeads"), job.GetProperty("preview").GetProperty("examples").GetArrayLength()));
        Assert.Equal(51, await api.CountAsync("select count(*) from leads where project_id = @P and source = 'x'", new { P = project.ProjectId }));
    }

    private static string Page(string source) => $"https://okna-plus.ru/?utm_source={source}&utm_medium=obzor";

    private static (string?, int, int, decimal, int, int, decimal) Side(JsonElement row)
    {
        var (before, after) = (row.GetProperty("before"), row.GetProperty("after"));
        return (row.Text("source"), before.Whole("visits"), before.Whole("leads"), before.GetProperty("revenue").GetDecimal(), after.Whole("visits"), after.Whole("leads"), after.GetProperty("revenue").GetDecimal());
    }

    private static int _phones;

    private Task<Guid> PostAsync(TestProject project, string source) =>
        api.AcceptedAsync(project, new { phone = $"+7916{4000000 + Interlocked.Increment(ref _phones)}", page = Page(source) });

    private Task<string?> PassportsAsync(TestProject project) => api.ScalarAsync<string>(
        "select string_agg(concat_ws('|', id, channel, source, medium, campaign, content, keyword, passport::text), E'\n' order by id) from leads where project_id = @P", new { P = project.ProjectId });

    private async Task<JsonElement> RunAsync(TestProject project, string what) =>
        await DoneAsync(project, (await (await api.PostAsync(project, "/v1/rebuilds", new { what })).JsonAsync()).GetProperty("id").GetGuid());

    private async Task<JsonElement> DoneAsync(TestProject project, Guid id)
    {
        while (true)
        {
            var rebuild = await api.ReadAsync(project, $"/v1/rebuilds/{id}");
            if (rebuild.Text("state") is not ("waiting" or "running")) return rebuild;
            await Task.Yield();
        }
    }
}

file static class Numbers
{
    public static int Whole(this JsonElement json, string property) => json.GetProperty(property).GetInt32();
}
