namespace LeadIngest.Api.Tests.ApiKeys;

public class ApiKeysTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_key_is_shown_once_works_and_is_stored_as_a_hash()
    {
        var project = await api.CreateProjectAsync();
        var answer = await api.PostAsync(project, "/v1/api-keys", new { name = "Агентство" });
        Assert.Equal(201, (int)answer.StatusCode);
        var key = (await answer.JsonAsync()).GetProperty("key").GetString()!;
        Assert.Matches("^li_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal([project.ProjectId], (await api.ReadAsync(project with { ApiKey = key }, "/v1/projects")).Ids());
        var list = await api.ReadAsync(project, "/v1/api-keys");
        Assert.Equal(key[..11], list.GetProperty("items")[0].GetProperty("prefix").GetString());
        Assert.DoesNotContain(key, list.GetRawText() + await api.ScalarAsync<string>("select string_agg(k::text, '') from api_keys k"));
    }

    [Fact]
    public async Task A_revoked_key_stops_at_once()
    {
        var project = await api.CreateProjectAsync();
        var made = await (await api.PostAsync(project, "/v1/api-keys", new { name = "Агентство" })).JsonAsync();
        var bearer = project with { ApiKey = made.GetProperty("key").GetString()! };
        await api.ReadAsync(bearer, "/v1/leads");
        var id = made.GetProperty("apiKey").GetProperty("id").GetGuid();
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/api-keys/{id}")).StatusCode);
        await (await api.GetAsync(bearer, "/v1/leads")).ProblemAsync(401);
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/api-keys/{id}")).StatusCode);
    }

    [Fact]
    public async Task An_expired_key_does_not_work_and_none_is_made_that_is_expired_already()
    {
        var project = await api.CreateProjectAsync();
        await (await api.PostAsync(project, "/v1/api-keys", new { name = "x", expiresAt = "2020-01-01T00:00:00+03:00" })).ProblemAsync(400);
        var made = await (await api.PostAsync(project, "/v1/api-keys", new { name = "x", expiresAt = "2099-01-01T00:00:00+03:00" })).JsonAsync();
        await api.ExecuteAsync("update api_keys set expires_at = clock_timestamp() where id = @id", new { id = made.GetProperty("apiKey").GetProperty("id").GetGuid() });
        await (await api.GetAsync(project with { ApiKey = made.GetProperty("key").GetString()! }, "/v1/leads")).ProblemAsync(401);
    }
}
