using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Junk;

public class StopListTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    [Fact]
    public async Task Entries_are_kept_in_one_spelling_and_listed_newest_first_by_page()
    {
        var project = await api.OpenAsync();
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = new object[] { new { kind = "phone", value = "8 916 123-45-67", note = "Наш" } } })).JsonAsync();
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = new object[] { new { kind = "domain", value = "@Spam.Example", verdict = "test" } } })).JsonAsync();
        var first = await api.ReadAsync(project, "/v1/stop-list?limit=1");
        var second = await api.ReadAsync(project, $"/v1/stop-list?limit=1&cursor={first.Text("nextCursor")}");
        Assert.Equal(("domain", "spam.example", "test"), Of(first.GetProperty("items")[0]));
        Assert.Equal(("phone", "+79161234567", "spam"), Of(second.GetProperty("items")[0]));
        Assert.Equal("Наш", second.GetProperty("items")[0].Text("note"));
        Assert.Null(second.Text("nextCursor"));
        Assert.Equal(1, (await api.ReadAsync(project, "/v1/stop-list?kind=phone&verdict=spam")).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await api.ReadAsync(project, "/v1/stop-list?kind=phone&verdict=test")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_same_entry_again_changes_verdict_and_note_and_stays_one()
    {
        var project = await api.OpenAsync();
        foreach (var (value, verdict) in new[] { ("+79161234567", "spam"), ("8 (916) 123 45 67", "test") })
            await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value, verdict } } })).JsonAsync();
        var items = (await api.ReadAsync(project, "/v1/stop-list")).GetProperty("items");
        Assert.Equal(("phone", "+79161234567", "test"), Of(Assert.Single(items.EnumerateArray())));
    }

    [Fact]
    public async Task One_bad_entry_names_its_place_and_nothing_is_added()
    {
        var project = await api.OpenAsync();
        var problem = await (await api.PostAsync(project, "/v1/stop-list", new
        {
            entries = new[] { new { kind = "phone", value = "+79161234567" }, new { kind = "ip", value = "1.2.3" }, new { kind = "email", value = "no" } },
        })).ProblemAsync(400);
        Assert.Equal(["entries[1].value", "entries[2].value"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        problem = await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "colour", value = "" } } })).ProblemAsync(400);
        Assert.Equal(["entries[0].kind", "entries[0].value"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = Array.Empty<object>() })).ProblemAsync(400);
        Assert.Empty((await api.ReadAsync(project, "/v1/stop-list")).Ids());
    }

    [Fact]
    public async Task A_full_list_refuses_more_and_a_long_one_still_judges()
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync("""
            insert into stop_list (project_id, id, kind, value) select @P, gen_random_uuid(), 'phone', '+7916' || (1000000 + n) from generate_series(1, 9999) n;
            update projects set stop_list_version = 1 where project_id = @P
            """, new { P = project.ProjectId });
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value = "+79031112233" } } })).JsonAsync();
        Assert.EndsWith("stop-list-full", (await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value = "+79031112234" } } })).ProblemAsync(409)).Text("type"));
        Assert.Equal("spam", (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79161005000" })}")).Status());
        Assert.Equal("new", (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79031112234" })}")).Status());
    }

    private static (string?, string?, string?) Of(System.Text.Json.JsonElement entry) => (entry.Text("kind"), entry.Text("value"), entry.Text("verdict"));
}
