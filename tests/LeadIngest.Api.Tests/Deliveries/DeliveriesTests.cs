using LeadIngest.Api.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadIngest.Api.Tests.Deliveries;

public class DeliveriesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var project = await api.CreateProjectAsync();
        var (amo, bitrix) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru"));
        var (a, b) = (await api.LeadAsync(project), await api.LeadAsync(project));
        var dead = await api.DeliveryAsync(project, a, amo);
        var pending = await api.DeliveryAsync(project, a, bitrix, "pending");
        var delivered = await api.DeliveryAsync(project, b, bitrix, "delivered");
        Assert.Equal([delivered, pending, dead], (await api.ReadAsync(project, "/v1/deliveries")).Ids());
        Assert.Equal([dead], (await api.ReadAsync(project, "/v1/deliveries?state=dead")).Ids());
        Assert.Equal([delivered, pending], (await api.ReadAsync(project, $"/v1/deliveries?connectionId={bitrix}")).Ids());
        Assert.Equal([pending], (await api.ReadAsync(project, $"/v1/deliveries?leadId={a}&connectionId={bitrix}")).Ids());
    }

    [Fact]
    public async Task A_delivery_shows_its_attempts_oldest_first()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.DeliveryAsync(project, await api.LeadAsync(project), await api.ConnectionAsync(project));
        for (var n = 1; n <= 2; n++)
            await api.ExecuteAsync("""
                insert into delivery_attempts (project_id, delivery_id, id, attempt, action, started_at, ended_at, outcome, error)
                values (@P, @D, @Id, @N, 'send', clock_timestamp(), clock_timestamp(), 'refused', 'no such field')
                """, new { P = project.ProjectId, D = id, Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddSeconds(n)), N = n });
        var answer = await api.ReadAsync(project, $"/v1/deliveries/{id}");
        Assert.Equal(id, answer.GetProperty("delivery").GetProperty("id").GetGuid());
        Assert.Equal([1, 2], answer.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("number").GetInt32()));
    }

    [Theory]
    [InlineData(false, "pending")]
    [InlineData(true, "in_doubt")] // Something was sent: the CRM is asked before anything is sent again.
    public async Task A_dead_delivery_starts_afresh(bool sent, string state)
    {
        var project = await api.CreateProjectAsync();
        var id = await api.DeliveryAsync(project, await api.LeadAsync(project), await api.ConnectionAsync(project), sent: sent);
        var answer = await api.PostAsync(project, $"/v1/deliveries/{id}/retry");
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(1, await api.CountAsync("""
            select count(*) from deliveries where id = @id and state = @state and attempts = 0 and crash_claims = 0 and lookups = 0
                and next_attempt_at <= clock_timestamp() and lease_token is null and (doubt_since is not null) = @sent
            """, new { id, state, sent }));
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("sending")]
    [InlineData("in_doubt")]
    [InlineData("delivered")]
    public async Task What_is_on_its_way_or_there_is_not_sent_again(string state)
    {
        var project = await api.CreateProjectAsync();
        var id = await api.DeliveryAsync(project, await api.LeadAsync(project), await api.ConnectionAsync(project), state);
        await api.ExecuteAsync("update deliveries set crash_claims = 0 where id = @id", new { id });
        await (await api.PostAsync(project, $"/v1/deliveries/{id}/retry")).ProblemAsync(409);
        Assert.Equal(3, await api.CountAsync("select attempts from deliveries where id = @id and state = @state", new { id, state }));
    }

    [Fact]
    public async Task Twenty_retries_at_once_move_the_delivery_once()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.DeliveryAsync(project, await api.LeadAsync(project), await api.ConnectionAsync(project));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync(project, $"/v1/deliveries/{id}/retry")));
        Assert.Single(answers, a => (int)a.StatusCode == 202);
        Assert.Equal(19, answers.Count(a => (int)a.StatusCode == 409));
    }

    [Fact]
    public async Task All_dead_of_a_connection_go_back_at_once_and_the_workers_wake()
    {
        var project = await api.CreateProjectAsync();
        var (amo, bitrix) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru"));
        for (var i = 0; i < 3; i++) await api.DeliveryAsync(project, await api.LeadAsync(project), amo);
        await api.DeliveryAsync(project, await api.LeadAsync(project), bitrix);
        await using var listener = new NpgsqlConnection(api.Db);
        await listener.OpenAsync();
        await using (var listen = new NpgsqlCommand($"listen {DeliverySignal.Channel}", listener)) await listen.ExecuteNonQueryAsync();
        var wake = api.App.Services.GetRequiredService<DeliverySignal>().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);

        var answer = await (await api.PostAsync(project, "/v1/deliveries/retry", new { state = "dead", connectionId = amo })).JsonAsync();

        Assert.Equal(3, answer.GetProperty("deliveries").GetInt32());
        Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(5)));
        await wake.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where project_id = @P and state = 'dead'", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_filter_is_counted_first_and_then_sent_again_part_by_part()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        for (var i = 0; i < 3; i++) await api.DeliveryAsync(project, await api.LeadAsync(project), connection, lastError: "CRM_FIELD_ERROR_REQUIRED: 100% of Город");
        await api.DeliveryAsync(project, await api.LeadAsync(project), connection, lastError: "NOT_FOUND");

        async Task<(int, bool)> AskAsync(object request)
        {
            var answer = await (await api.PostAsync(project, "/v1/deliveries/retry", request)).JsonAsync();
            return (answer.GetProperty("deliveries").GetInt32(), answer.GetProperty("more").GetBoolean());
        }

        Assert.Equal((3, false), await AskAsync(new { state = "dead", errorContains = "field_error_REQUIRED", dryRun = true }));
        Assert.Equal((3, false), await AskAsync(new { state = "dead", errorContains = "100% of", dryRun = true }));
        Assert.Equal((0, false), await AskAsync(new { state = "dead", errorContains = "1__% of", dryRun = true }));
        Assert.Equal((0, false), await AskAsync(new { state = "dead", to = "2020-01-01T00:00:00Z", dryRun = true }));
        Assert.Equal((4, false), await AskAsync(new { state = "dead", from = "2020-01-01T00:00:00Z", dryRun = true }));
        Assert.Equal(4, await api.CountAsync("select count(*) from deliveries where project_id = @P and state = 'dead'", new { P = project.ProjectId }));
        Assert.Equal((2, true), await AskAsync(new { state = "dead", errorContains = "REQUIRED", limit = 2 }));
        Assert.Equal((1, false), await AskAsync(new { state = "dead", errorContains = "REQUIRED", limit = 2 }));
        Assert.Equal((0, false), await AskAsync(new { state = "dead", errorContains = "REQUIRED", limit = 2 }));
        Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where project_id = @P and state = 'dead'", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Only_dead_may_be_asked_for()
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/deliveries/retry", new { state = "delivered" })).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty("state", out _));
        await (await api.PostAsync(project, "/v1/deliveries/retry", new { state = "dead", connectionId = Guid.CreateVersion7() })).ProblemAsync(404);
    }

    [Fact]
    public async Task A_delivery_of_a_removed_connection_stays_where_it_is()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.DeliveryAsync(project, await api.LeadAsync(project), Guid.CreateVersion7());
        await (await api.PostAsync(project, $"/v1/deliveries/{id}/retry")).ProblemAsync(409);
    }
}
