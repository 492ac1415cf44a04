namespace LeadIngest.Api.Tests.Clients;

public class MergeClientsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private async Task<Guid> MergeAsync(TestProject project, Guid kept, Guid other) =>
        (await (await api.PostAsync(project, $"/v1/clients/{kept}/merge", new { otherId = other })).JsonAsync()).GetProperty("mergeId").GetGuid();

    private async Task UndoAsync(TestProject project, Guid merge) => await (await api.PostAsync(project, $"/v1/clients/merges/{merge}/undo")).JsonAsync();

    private Task<Guid?> RootAsync(Guid client) => api.ScalarAsync<Guid?>("select coalesce(merged_into, id) from clients where id = @client", new { client });

    [Fact]
    public async Task A_merge_takes_along_what_was_merged_before_and_the_undo_gives_it_back()
    {
        var project = await api.CreateProjectAsync();
        var (a, b, c) = (await api.ClientAsync(project), await api.ClientAsync(project), await api.ClientAsync(project));
        await MergeAsync(project, b, c);
        var merge = await MergeAsync(project, a, b);
        Assert.Equal([a, a, a], new[] { await RootAsync(a), await RootAsync(b), await RootAsync(c) });

        await UndoAsync(project, merge);

        Assert.Equal([a, b, b], new[] { await RootAsync(a), await RootAsync(b), await RootAsync(c) });
        // Every client touched is told apart from what an ingest batch read before.
        Assert.Equal(0, await api.CountAsync("select count(*) from clients where project_id = @P and version < 2", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Merges_may_be_undone_in_any_order()
    {
        var project = await api.CreateProjectAsync();
        var (a, b, c) = (await api.ClientAsync(project), await api.ClientAsync(project), await api.ClientAsync(project));
        var inner = await MergeAsync(project, b, c);
        var outer = await MergeAsync(project, a, b);
        await UndoAsync(project, inner);
        Assert.Equal([a, a, c], new[] { await RootAsync(a), await RootAsync(b), await RootAsync(c) });
        await UndoAsync(project, outer);
        Assert.Equal([a, b, c], new[] { await RootAsync(a), await RootAsync(b), await RootAsync(c) });
    }

    [Fact]
    public async Task A_client_that_was_merged_anew_since_stays_where_it_is()
    {
        var project = await api.CreateProjectAsync();
        var (a, b, c) = (await api.ClientAsync(project), await api.ClientAsync(project), await api.ClientAsync(project));
        var inner = await MergeAsync(project, b, c);
        var outer = await MergeAsync(project, a, b);
        await UndoAsync(project, inner);
        await MergeAsync(project, a, c);
        await UndoAsync(project, outer);
        Assert.Equal([a, b, a], new[] { await RootAsync(a), await RootAsync(b), await RootAsync(c) });
    }

    [Fact]
    public async Task The_page_of_the_client_offers_every_merge_for_undo()
    {
        var project = await api.CreateProjectAsync();
        var (a, b) = (await api.ClientAsync(project, "Анна"), await api.ClientAsync(project, "Аня"));
        var merge = await MergeAsync(project, a, b);
        var merged = Assert.Single((await api.ReadAsync(project, $"/v1/clients/{a}")).GetProperty("merged").EnumerateArray());
        Assert.Equal((merge, b, "Аня"), (merged.GetProperty("mergeId").GetGuid(), merged.GetProperty("clientId").GetGuid(), merged.GetProperty("name").GetString()));
        await UndoAsync(project, merge);
        Assert.Empty((await api.ReadAsync(project, $"/v1/clients/{a}")).GetProperty("merged").EnumerateArray());
        await (await api.PostAsync(project, $"/v1/clients/merges/{merge}/undo")).ProblemAsync(409);
    }

    [Fact]
    public async Task Two_ids_of_one_client_have_nothing_to_merge()
    {
        var project = await api.CreateProjectAsync();
        var (a, b) = (await api.ClientAsync(project), await api.ClientAsync(project));
        await MergeAsync(project, a, b);
        await (await api.PostAsync(project, $"/v1/clients/{b}/merge", new { otherId = a })).ProblemAsync(409);
    }

    [Fact]
    public async Task A_foreign_client_cannot_be_merged_in()
    {
        var (project, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var (own, foreign) = (await api.ClientAsync(project), await api.ClientAsync(other));
        await (await api.PostAsync(project, $"/v1/clients/{own}/merge", new { otherId = foreign })).ProblemAsync(404);
        Assert.Equal(foreign, await RootAsync(foreign));
    }

    [Fact]
    public async Task Twenty_merges_crosswise_leave_one_root_and_no_chain()
    {
        var project = await api.CreateProjectAsync();
        var clients = new List<Guid>();
        for (var i = 0; i < 6; i++) clients.Add(await api.ClientAsync(project));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var answer = await api.PostAsync(project, $"/v1/clients/{clients[i % 6]}/merge", new { otherId = clients[(i * 5 + 1) % 6] });
            Assert.Contains((int)answer.StatusCode, new[] { 200, 409 });
        }));
        // One hop must be enough from everywhere.
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from clients m join clients k on k.project_id = m.project_id and k.id = m.merged_into where m.project_id = @P and k.merged_into is not null
            """, new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_suggestion_is_settled_by_a_merge_or_by_no()
    {
        var project = await api.CreateProjectAsync();
        var clients = new List<Guid>();
        for (var i = 0; i < 4; i++) clients.Add(await api.ClientAsync(project, $"Клиент {i}", $"+7916000000{i}"));
        var suggestions = new List<Guid>();
        foreach (var (a, b) in new[] { (0, 1), (2, 3) })
        {
            suggestions.Add(Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddSeconds(suggestions.Count)));
            await api.ExecuteAsync("insert into merge_suggestions (project_id, id, client_a, client_b, reason) values (@P, @Id, @A, @B, 'one e-mail, two CRM contacts')",
                new { P = project.ProjectId, Id = suggestions[^1], A = clients[a], B = clients[b] });
        }
        var page = await api.ReadAsync(project, "/v1/clients/suggestions");
        Assert.Equal([suggestions[1], suggestions[0]], page.Ids());
        Assert.Equal("+79160000002", page.GetProperty("items")[0].GetProperty("clientA").GetProperty("phones")[0].GetString());

        await MergeAsync(project, clients[0], clients[1]);
        Assert.Equal([suggestions[1]], (await api.ReadAsync(project, "/v1/clients/suggestions")).Ids());
        Assert.Equal(204, (int)(await api.PostAsync(project, $"/v1/clients/suggestions/{suggestions[1]}/dismiss")).StatusCode);
        Assert.Empty((await api.ReadAsync(project, "/v1/clients/suggestions")).Ids());
        Assert.Equal(2, await api.CountAsync("select count(*) from merge_suggestions where project_id = @P and resolved_at is not null", new { P = project.ProjectId }));
    }
}
