using System.Net;
using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;

namespace LeadIngest.Api.Tests.Numbers;

public sealed class NumbersTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private async Task<JsonElement> CreatedAsync(TestProject project, object request) => await (await api.PostAsync(project, "/v1/numbers", request)).JsonAsync();

    private static string[] NumbersOf(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(n => n.GetProperty("number").GetString()!)];

    [Fact]
    public async Task A_pasted_list_is_added_and_each_bad_line_is_named()
    {
        var project = await api.OpenAsync();
        await CreatedAsync(project, new { number = "+7 495 000-00-09", kind = "static" });

        var answer = await CreatedAsync(project, new { text = "+7 495 000-00-01\r\n\n8 (495) 000-00-02; 84950000003\nпервый\n74950000001\n+7 495 000-00-09", name = "Пул" });

        Assert.Equal(["+74950000001", "+74950000002", "+74950000003"], NumbersOf(answer));
        Assert.Equal([(4, "первый", "Not a phone number."), (5, "74950000001", "Is given twice."),
            (6, "+7 495 000-00-09", "The project has this number already, on another site, in another region or as another kind.")],
            answer.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("line").GetInt32(), e.Text("text")!, e.Text("error")!)));
        Assert.Equal(["+74950000003", "+74950000002", "+74950000001"], NumbersOf(await api.ReadAsync(project, $"/v1/numbers?kind=dynamic&siteId={project.SiteId}")));
    }

    [Fact]
    public async Task A_line_with_several_bad_numbers_names_each_of_them()
    {
        var project = await api.OpenAsync();
        var problem = await (await api.PostAsync(project, "/v1/numbers", new { text = "первый; второй\nтретий" })).ProblemAsync(400);
        var errors = problem.GetProperty("errors");
        Assert.Equal(["Not a phone number. (первый)", "Not a phone number. (второй)"], errors.GetProperty("text[0]").EnumerateArray().Select(e => e.GetString()!));
        Assert.Equal(["Not a phone number. (третий)"], errors.GetProperty("text[1]").EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public async Task A_region_loses_what_no_database_holds()
    {
        var project = await api.OpenAsync();
        var number = (await CreatedAsync(project, new { number = "+74950000001", region = " Петер\0бург " })).GetProperty("items")[0];
        Assert.Equal("Петербург", number.Text("region"));
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/numbers/{number.Text("id")}", new { region = "\0" })).JsonAsync();
        Assert.Equal("", changed.Text("region"));
    }

    [Fact]
    public async Task Adding_the_same_list_again_changes_nothing()
    {
        var project = await api.OpenAsync();
        await CreatedAsync(project, new { numbers = new[] { "+74950000001", "+74950000002" } });
        var again = await CreatedAsync(project, new { numbers = new[] { "+74950000001", "+74950000002", "+74950000003" } });
        Assert.Equal(["+74950000003"], NumbersOf(again));
        Assert.Equal([1, 2], again.GetProperty("known").EnumerateArray().Select(l => l.GetInt32()));
    }

    [Theory]
    [InlineData("""{}""", "number")]
    [InlineData("""{"number":"+74950000001","text":"+74950000002"}""", "number")]
    [InlineData("""{"number":"abc"}""", "number")]
    [InlineData("""{"numbers":["abc"]}""", "numbers[0]")]
    [InlineData("""{"text":" \n "}""", "text")]
    [InlineData("""{"number":"+74950000001","kind":"magic"}""", "kind")]
    [InlineData("""{"number":"+74950000001","kind":"static","channel":"telepathy"}""", "channel")]
    [InlineData("""{"number":"+74950000001","source":"Листовка"}""", "channel")]
    [InlineData("""{"number":"+74950000001","siteId":"0190d3e1-0000-7000-8000-000000000000"}""", "siteId")]
    public async Task Bad_input_is_named(string body, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.PostAsync(project, "/v1/numbers", Posts.Content(body))).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task One_number_is_active_once_in_a_project()
    {
        var project = await api.OpenAsync();
        var first = (await CreatedAsync(project, new { number = "+74950000001" })).GetProperty("items")[0].GetProperty("id").GetGuid();
        await api.SendAsync(project, HttpMethod.Patch, $"/v1/numbers/{first}", new { isActive = false });
        await CreatedAsync(project, new { number = "+74950000001", kind = "overflow" });
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/numbers/{first}", new { isActive = true })).ProblemAsync(409);
    }

    [Fact]
    public async Task A_number_is_changed_shown_and_removed()
    {
        var project = await api.OpenAsync();
        var id = (await CreatedAsync(project, new { number = "+74950000001", kind = "static", name = "Листовка", source = "Листовки", keyword = "окна" })).GetProperty("items")[0].GetProperty("id").GetGuid();
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/numbers/{id}", new { name = "Баннер", channel = "display", keyword = "" })).JsonAsync();
        Assert.Equal(("Баннер", "display", "Листовки", null), (changed.Text("name"), changed.Text("channel"), changed.Text("source"), changed.Text("keyword")));
        Assert.Equal(changed.GetRawText(), (await api.ReadAsync(project, $"/v1/numbers/{id}")).GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(project, HttpMethod.Delete, $"/v1/numbers/{id}")).StatusCode);
        await (await api.GetAsync(project, $"/v1/numbers/{id}")).ProblemAsync(404);
    }

    [Fact]
    public async Task A_dynamic_number_has_no_source_of_its_own()
    {
        var project = await api.OpenAsync();
        var id = (await CreatedAsync(project, new { number = "+74950000001" })).GetProperty("items")[0].GetProperty("id").GetGuid();
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/numbers/{id}", new { source = "Листовки" })).ProblemAsync(400);
    }

    [Fact]
    public async Task A_removed_number_is_lent_no_more_and_its_visit_gets_another()
    {
        var project = await api.OpenPoolAsync(2);
        var visit = await api.StartAsync(project);
        var id = await api.ScalarAsync<Guid>("select id from tracking_numbers where project_id = @ProjectId and number = @Number", new { project.ProjectId, visit.Number });
        await api.SendAsync(project, HttpMethod.Delete, $"/v1/numbers/{id}");
        Assert.Equal(Beacons.PoolNumber(2), (await api.StartAsync(project, visit.VisitorId, visit.VisitId, "beat")).Number);
    }

    [Fact]
    public async Task A_sites_numbers_are_set_read_and_used_at_once()
    {
        var project = await api.OpenPoolAsync(1);
        var site = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}",
            new { numbers = new[] { new { number = "8 (495) 765-43-21", region = "" } }, numberHoldSeconds = 90, numberRestSeconds = 5, numberLookBackSeconds = 60 })).JsonAsync();
        Assert.Equal("""[{"number":"+74957654321","region":""}]""", site.GetProperty("numbers").GetRawText());
        var answer = await api.StartAsync(project);
        Assert.Equal((90, Beacons.PoolNumber(1)), (answer.HoldSeconds, answer.Numbers["+74957654321"]));
    }

    [Theory]
    [InlineData("""{"numbers":[{"number":"abc"}]}""", "numbers[0].number")]
    [InlineData("""{"numbers":[{"number":"+74951234567"},{"number":"8 495 123-45-67"}]}""", "numbers[1].number")]
    [InlineData("""{"numbers":[null]}""", "numbers[0].number")]
    [InlineData("""{"numberHoldSeconds":5}""", "numberHoldSeconds")]
    [InlineData("""{"numberRestSeconds":-1}""", "numberRestSeconds")]
    [InlineData("""{"numberLookBackSeconds":9999999}""", "numberLookBackSeconds")]
    public async Task A_sites_bad_numbers_are_named(string body, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/sites/{project.SiteId}", Posts.Content(body))).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Usage_is_told_by_day_of_the_projects_time_zone_and_by_hour()
    {
        var project = await api.OpenPoolAsync(3);
        await api.ExecuteAsync("""
            insert into number_usage (project_id, site_id, hour, asked, given, exhausted, overflowed, peak_held, calls, late_calls, unmatched_calls)
            values (@ProjectId, @SiteId, '2026-11-20 20:00Z', 10, 8, 2, 1, 7, 4, 1, 0), (@ProjectId, @SiteId, '2026-11-20 21:00Z', 30, 30, 0, 0, 9, 0, 0, 0)
            """, new { project.ProjectId, project.SiteId });
        const string Range = "from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z";

        var days = await api.ReadAsync(project, $"/v1/numbers/usage?{Range}&by=day"); // 21:00 UTC is midnight in Moscow
        Assert.Equal(["2026-11-19T21:00:00+00:00", "2026-11-20T21:00:00+00:00"], days.GetProperty("items").EnumerateArray().Select(i => i.Text("at")!));
        var first = days.GetProperty("items")[0].GetProperty("figures");
        Assert.Equal((0.8, 0.2, 0.25, 7), (first.GetProperty("coverage").GetDouble(), first.GetProperty("exhaustedShare").GetDouble(), first.GetProperty("lateCallShare").GetDouble(), first.GetProperty("peakHeld").GetInt32()));
        Assert.Equal((3, 12), (days.GetProperty("poolNumbers").GetInt32(), days.GetProperty("numbersNeeded").GetInt32()));
        Assert.Equal((40, 9), (days.GetProperty("total").GetProperty("asked").GetInt32(), days.GetProperty("total").GetProperty("peakHeld").GetInt32()));
        Assert.Equal(2, (await api.ReadAsync(project, $"/v1/numbers/usage?{Range}&by=hour&siteId={project.SiteId}")).GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, (await api.ReadAsync(project, $"/v1/numbers/usage?{Range}&siteId={Guid.CreateVersion7()}")).GetProperty("total").GetProperty("coverage").ValueKind);
    }

    [Theory]
    [InlineData("by=week", "by")]
    [InlineData("from=2026-11-20T00:00:00Z&to=2026-11-20T00:00:00Z", "from")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-11-20T00:00:00Z&by=hour", "from")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2026-11-20T00:00:00Z", "from")]
    [InlineData("from=0001-01-01T00:00:00Z", "from")]
    public async Task Usage_names_what_it_cannot_answer(string query, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.GetAsync(project, "/v1/numbers/usage?" + query)).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Advice_gives_the_pool_for_the_wanted_accuracy_with_half_and_twice_as_many()
    {
        var project = await api.OpenAsync();
        var advice = await api.ReadAsync(project, "/v1/numbers/advice?visitsPerHour=60&holdMinutes=5.5&lateCallMinutes=30&accuracy=0.99");
        var (advised, half, twice) = (advice.GetProperty("advised"), advice.GetProperty("half"), advice.GetProperty("twice"));
        Assert.Equal(advice.GetProperty("numbers").GetInt32(), advised.GetProperty("numbers").GetInt32());
        Assert.InRange(advised.GetProperty("numbers").GetInt32(), 36, 56);
        Assert.InRange(advised.GetProperty("accuracy").GetDouble(), 0.99, 0.995);
        Assert.True(half.GetProperty("accuracy").GetDouble() < 0.8);
        Assert.InRange(twice.GetProperty("accuracy").GetDouble(), 0.9999, 1);
        Assert.Equal(5.5, advice.GetProperty("meanDemand").GetDouble());
        Assert.Equal(advice.GetRawText(), (await api.ReadAsync(project, "/v1/numbers/advice")).GetRawText());
    }

    [Theory]
    [InlineData("visitsPerHour=0", "visitsPerHour")]
    [InlineData("visitsPerHour=NaN", "visitsPerHour")]
    [InlineData("holdMinutes=-1", "holdMinutes")]
    [InlineData("holdMinutes=1e9", "holdMinutes")]
    [InlineData("lateCallMinutes=-1", "lateCallMinutes")]
    [InlineData("accuracy=1", "accuracy")]
    public async Task Advice_names_values_without_meaning(string query, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.GetAsync(project, "/v1/numbers/advice?" + query)).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task A_pool_that_nobody_rents_is_not_advised() =>
        await (await api.GetAsync(await api.OpenAsync(), "/v1/numbers/advice?visitsPerHour=1000000&holdMinutes=1440")).ProblemAsync(422);
}
