namespace LeadIngest.Api.Tests.Projects;

public class ProjectsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_key_sees_its_own_project_only()
    {
        var (project, _) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        Assert.Equal([project.ProjectId], (await api.ReadAsync(project, "/v1/projects")).Ids());
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var project = await api.CreateProjectAsync();
        var path = $"/v1/projects/{project.ProjectId}";
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, path, new { timeZone = "Asia/Yekaterinburg", repeatPolicy = "note", duplicateWindowSeconds = 0 })).JsonAsync();
        Assert.Equal(("Asia/Yekaterinburg", "note", 0), (changed.GetProperty("timeZone").GetString(), changed.GetProperty("repeatPolicy").GetString(),
            changed.GetProperty("duplicateWindowSeconds").GetInt32()));
        Assert.Equal(("Окна Плюс", "RUB"), (changed.GetProperty("name").GetString(), changed.GetProperty("currency").GetString()));
        Assert.Equal("note", (await api.ReadAsync(project, path)).GetProperty("repeatPolicy").GetString());
    }

    [Theory]
    [InlineData("""{"timeZone":"Moscow"}""", "timeZone")]
    [InlineData("""{"timeZone":"../../etc/passwd"}""", "timeZone")]
    [InlineData("""{"timeZone":"Europe/Atlantis"}""", "timeZone")]
    [InlineData("""{"currency":"руб"}""", "currency")]
    [InlineData("""{"currency":"rub"}""", "currency")]
    [InlineData("""{"duplicateWindowSeconds":86401}""", "duplicateWindowSeconds")]
    [InlineData("""{"repeatPolicy":"merge"}""", "repeatPolicy")]
    [InlineData("""{"name":" "}""", "name")]
    public async Task A_wrong_setting_is_refused_by_field(string json, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task What_a_caller_may_not_set_is_ignored()
    {
        var project = await api.CreateProjectAsync();
        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", new { isDemo = true, id = Guid.CreateVersion7(), name = "Новое имя" })).JsonAsync();
        Assert.Equal(1, await api.CountAsync("select count(*) from projects where project_id = @P and not is_demo and name = 'Новое имя'", new { P = project.ProjectId }));
    }
}
