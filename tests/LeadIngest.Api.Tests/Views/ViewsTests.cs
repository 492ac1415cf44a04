using LeadIngest.Api.Tests.Access;

namespace LeadIngest.Api.Tests.Views;

public class ViewsTests(PageFixture api) : IClassFixture<PageFixture>
{
    private static object View(string name = "Поиск", bool? isShared = null, string page = "sources", object? settings = null) =>
        new { page, name, settings = settings ?? new { groupBy = new[] { "source" } }, isShared };

    [Fact]
    public async Task A_view_comes_back_as_it_was_saved()
    {
        var (project, user) = (await api.CreateProjectAsync(), Guid.CreateVersion7());
        var made = await (await api.AsAsync(project, "marketer", user, HttpMethod.Post, "/v1/views", View(" Поиск  по кампаниям "))).JsonAsync();
        Assert.Equal(["id", "page", "name", "settings", "isShared", "isOwn", "createdAt"], made.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("Поиск по кампаниям", false, true), (made.GetProperty("name").GetString(), made.GetProperty("isShared").GetBoolean(), made.GetProperty("isOwn").GetBoolean()));
        var listed = Assert.Single((await api.ReadAsAsync(project, "marketer", user, "/v1/views?page=sources")).GetProperty("items").EnumerateArray());
        Assert.Equal(made.ToString(), listed.ToString());
        Assert.Equal("source", listed.GetProperty("settings").GetProperty("groupBy")[0].GetString());
        Assert.Empty((await api.ReadAsAsync(project, "marketer", user, "/v1/views?page=leads")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Every_page_that_takes_views_keeps_one()
    {
        var project = await api.CreateProjectAsync();
        foreach (var page in (string[])["sources", "leads", "clients", "calls", "funnel", "retention", "team", "forgotten"])
        {
            Assert.Equal(System.Net.HttpStatusCode.Created, (await api.PostAsync(project, "/v1/views", View(page: page))).StatusCode);
            Assert.Equal(page, Assert.Single((await api.ReadAsync(project, $"/v1/views?page={page}")).GetProperty("items").EnumerateArray()).GetProperty("page").GetString());
        }
    }

    [Fact]
    public async Task An_own_view_is_seen_and_changed_by_nobody_else_not_even_an_owner()
    {
        var (project, maker, owner) = (await api.CreateProjectAsync(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var id = (await (await api.AsAsync(project, "marketer", maker, HttpMethod.Post, "/v1/views", View())).JsonAsync()).GetProperty("id").GetGuid();
        Assert.Empty((await api.ReadAsAsync(project, "owner", owner, "/v1/views")).GetProperty("items").EnumerateArray());
        await (await api.AsAsync(project, "owner", owner, HttpMethod.Put, $"/v1/views/{id}", View("Чужой"))).ProblemAsync(404);
        await (await api.AsAsync(project, "owner", owner, HttpMethod.Delete, $"/v1/views/{id}")).ProblemAsync(404);
        Assert.Equal("Поиск", await api.ScalarAsync<string>("select name from saved_views where id = @id", new { id }));
    }

    [Fact]
    public async Task A_shared_view_is_seen_by_all_and_changed_by_its_maker_and_owners_only()
    {
        var (project, maker, other) = (await api.CreateProjectAsync(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var id = (await (await api.AsAsync(project, "marketer", maker, HttpMethod.Post, "/v1/views", View(isShared: true))).JsonAsync()).GetProperty("id").GetGuid();
        var seen = Assert.Single((await api.ReadAsAsync(project, "operator", other, "/v1/views")).GetProperty("items").EnumerateArray());
        Assert.False(seen.GetProperty("isOwn").GetBoolean());
        await (await api.AsAsync(project, "operator", other, HttpMethod.Put, $"/v1/views/{id}", View("Чужой"))).ProblemAsync(403);
        await (await api.AsAsync(project, "operator", other, HttpMethod.Delete, $"/v1/views/{id}")).ProblemAsync(403);

        var changed = await (await api.AsAsync(project, "owner", other, HttpMethod.Put, $"/v1/views/{id}", View("Общий", isShared: false))).JsonAsync();
        // What an owner mends stays in everybody's sight: hiding it would take it from its maker's colleagues, and from the owner.
        Assert.Equal(("Общий", true), (changed.GetProperty("name").GetString(), changed.GetProperty("isShared").GetBoolean()));
        var hidden = await (await api.AsAsync(project, "marketer", maker, HttpMethod.Put, $"/v1/views/{id}", View("Мой", isShared: false))).JsonAsync();
        Assert.False(hidden.GetProperty("isShared").GetBoolean());
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await api.AsAsync(project, "marketer", maker, HttpMethod.Delete, $"/v1/views/{id}")).StatusCode);
        Assert.Equal(0, await api.CountAsync("select count(*) from saved_views where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_keys_view_is_shared_whatever_it_says()
    {
        var project = await api.CreateProjectAsync();
        var made = await (await api.PostAsync(project, "/v1/views", View(isShared: false))).JsonAsync();
        Assert.Equal((true, true), (made.GetProperty("isShared").GetBoolean(), made.GetProperty("isOwn").GetBoolean()));
        Assert.Single((await api.ReadAsAsync(project, "manager", Guid.CreateVersion7(), "/v1/views")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("page", """{"page":"money","name":"x","settings":{}}""")]
    [InlineData("name", """{"page":"leads","name":"  ","settings":{}}""")]
    [InlineData("settings", """{"page":"leads","name":"x","settings":[]}""")]
    [InlineData("settings", """{"page":"leads","name":"x","settings":{"a":"\u0000"}}""")]
    public async Task A_wrong_view_is_refused_by_field(string field, string json)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/views", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task Settings_of_more_than_8_kilobytes_are_refused()
    {
        var project = await api.CreateProjectAsync();
        Assert.True((await api.PostAsync(project, "/v1/views", View(settings: new { a = new string('a', 8_000) }))).IsSuccessStatusCode);
        await (await api.PostAsync(project, "/v1/views", View(settings: new { a = new string('a', 8_300) }))).ProblemAsync(400);
    }

    [Fact]
    public async Task The_two_hundred_and_first_view_is_refused_also_of_many_at_once()
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("""
            insert into saved_views (project_id, id, page, name, settings, is_shared) select @P, gen_random_uuid(), 'leads', 'n' || n, '{}', true from generate_series(1, 195) n
            """, new { P = project.ProjectId });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync(project, "/v1/views", View())));
        Assert.Equal((5, 15), (answers.Count(a => (int)a.StatusCode == 201), answers.Count(a => (int)a.StatusCode == 409)));
    }
}
