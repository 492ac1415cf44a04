using System.Net.Http.Json;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Tests.Figures;

public sealed class FactsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_deal_is_won_on_the_day_it_last_came_to_a_won_stage_from_another()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.StagesAsync(project, connection);
        var client = await api.ClientAsync(project);
        var lead = await api.TouchAsync(project, client, Noon);
        var deal = await api.DealAsync(project, connection, 1, client, lead, amount: 40_000, pipeline: "9100", stage: "1", createdAt: Noon);
        await api.MoveAsync(project, deal, "142", "won", Noon.AddDays(1));
        await api.MoveAsync(project, deal, "143", "lost", Noon.AddDays(2));
        await api.CatchUpAsync(project);
        Assert.Equal("lost|2026-03-12|142|||", await FactAsync(project, deal));

        // 22:30 in UTC is the next day in Moscow.
        await api.MoveAsync(project, deal, "142", "won", Noon.AddDays(3).AddHours(13.5));
        await api.CatchUpAsync(project);

        Assert.Equal("won|||2026-03-14|4000000|1", await FactAsync(project, deal));
        Assert.Equal("1|1|4000000|2026-03-10|2026-03-14", await api.ScalarAsync<string>(
            "select concat_ws('|', leads, won, revenue, came_day, first_won_day) from client_facts where project_id = @P and client_id = @C", new { P = project.ProjectId, C = client }));
    }

    [Fact]
    public async Task Merged_clients_have_one_row_of_facts_and_count_each_others_deals()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var (kept, merged) = (await api.ClientAsync(project), await api.ClientAsync(project));
        await api.TouchAsync(project, kept, Noon);
        await api.TouchAsync(project, merged, Noon.AddDays(5), "organic_search", "Яндекс", "organic");
        var first = await api.DealAsync(project, connection, 1, kept, state: "won", amount: 100, stage: "142", createdAt: Noon.AddDays(1));
        var second = await api.DealAsync(project, connection, 2, merged, state: "won", amount: 200, stage: "142", createdAt: Noon.AddDays(6));
        await api.CatchUpAsync(project);
        Assert.Equal(2, await api.CountAsync("select count(*) from client_facts where project_id = @P", new { P = project.ProjectId }));

        var merge = await (await api.PostAsync(project, $"/v1/clients/{kept}/merge", new { otherId = merged })).JsonAsync();
        await api.CatchUpAsync(project);

        Assert.Equal($"{kept}|2|2|30000", await api.ScalarAsync<string>(
            "select string_agg(concat_ws('|', client_id, leads, won, revenue), ',') from client_facts where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal("1,2", await api.ScalarAsync<string>("select string_agg(nth::text, ',' order by made_at) from deal_facts where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal("Яндекс.Директ", await api.ScalarAsync<string>("select o.source from deal_facts f join origins o using (project_id) where project_id = @P and deal_id = @D and o.id = client_origin_id",
            new { P = project.ProjectId, D = second }));

        await (await api.PostAsync(project, $"/v1/clients/merges/{merge.GetProperty("mergeId").GetGuid()}/undo")).JsonAsync();
        await api.CatchUpAsync(project);

        Assert.Equal(2, await api.CountAsync("select count(*) from client_facts where project_id = @P and won = 1", new { P = project.ProjectId }));
        Assert.Equal("1,1", await api.ScalarAsync<string>("select string_agg(nth::text, ',') from deal_facts where project_id = @P", new { P = project.ProjectId }));
        _ = first;
    }

    [Fact]
    public async Task What_is_no_deal_any_more_has_no_facts()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var deal = await api.DealAsync(project, connection, 1, amount: 100, createdAt: Noon);
        await api.DealAsync(project, connection, 2, kind: "lead", amount: 100, createdAt: Noon);
        await api.CatchUpAsync(project);
        Assert.Equal(deal, await api.ScalarAsync<Guid>("select deal_id from deal_facts where project_id = @P", new { P = project.ProjectId }));

        await api.ExecuteAsync("update deals set deleted_at = clock_timestamp() where project_id = @P and id = @D", new { P = project.ProjectId, D = deal });
        await api.CatchUpAsync(project);

        Assert.Equal(0, await api.CountAsync("select count(*) from deal_facts where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Money_without_a_rate_is_unknown_until_the_rate_is_there()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var client = await api.ClientAsync(project);
        await api.DealAsync(project, connection, 1, client, state: "won", amount: 10, currency: "USD", stage: "142", createdAt: Noon);
        await api.CatchUpAsync(project);
        Assert.Null(await api.ScalarAsync<long?>("select amount from deal_facts where project_id = @P", new { P = project.ProjectId }));

        await api.ExecuteAsync("insert into rates values (@P, 'USD', '2026-03-01', 800.5, 10)", new { P = project.ProjectId });
        await api.CatchUpAsync(project);

        Assert.Equal(80_050, await api.ScalarAsync<long>("select amount from deal_facts where project_id = @P", new { P = project.ProjectId }));
        Assert.Equal(80_050, await api.ScalarAsync<long>("select revenue from client_facts where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Moving_the_time_zone_moves_the_days_of_the_whole_history()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.TouchAsync(project, client, new(2026, 3, 10, 20, 30, 0, TimeSpan.Zero));
        await api.DealAsync(project, await api.ConnectionAsync(project), 1, client, createdAt: new(2026, 3, 10, 20, 30, 0, TimeSpan.Zero));
        await api.CatchUpAsync(project);
        Assert.Equal("2026-03-10", await DaysAsync());

        await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", JsonContent.Create(new { timeZone = "Asia/Yekaterinburg" }))).JsonAsync();
        await api.CatchUpAsync(project);

        Assert.Equal("2026-03-11", await DaysAsync());

        Task<string?> DaysAsync() => api.ScalarAsync<string>(
            "select string_agg(distinct d, ',') from (select made_day::text as d from deal_facts where project_id = @P union select came_day::text from client_facts where project_id = @P) x", new { P = project.ProjectId });
    }

    [Fact]
    public async Task A_rule_that_changes_while_a_turn_waits_for_its_marks_counts_in_that_turn()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.TouchAsync(project, client, Noon.AddDays(-20));
        await api.DealAsync(project, await api.ConnectionAsync(project), 1, client, createdAt: Noon);
        await api.CatchUpAsync(project);
        const string Led = "select count(*) from deal_facts where project_id = @P and site_id is not null";
        Assert.Equal(1, await api.CountAsync(Led, new { P = project.ProjectId }));

        await using var other = new NpgsqlConnection(api.Db);
        await other.OpenAsync();
        await using var tx = await other.BeginTransactionAsync();
        await other.ExecuteAsync("lock table figure_marks in exclusive mode", transaction: tx);
        var turn = api.CatchUpAsync(project);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await api.CountAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from figure_marks%'") == 0) await Task.Delay(20, limit.Token);
        // The touch lies outside of the window from now on; the mark of the change is there when the turn goes on.
        await other.ExecuteAsync("""update projects set attribution = '{"dealWindowDays":10}' where project_id = @P""", new { P = project.ProjectId }, tx);
        await tx.CommitAsync();
        await turn;

        Assert.Equal(0, await api.CountAsync(Led, new { P = project.ProjectId }));
    }

    [Fact]
    public async Task What_became_of_a_deal_in_one_day_is_one_change_of_money_or_none()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.StagesAsync(project, connection);
        var client = await api.ClientAsync(project);
        await api.TouchAsync(project, client, Noon);
        var deal = await api.DealAsync(project, connection, 1, client, amount: 500, pipeline: "9100", stage: "1", createdAt: Noon);
        await api.MoveAsync(project, deal, "142", "won", Noon.AddDays(1));
        // Taken back, won again and 200 dearer; then taken back and won again as it was; then refunded.
        await api.MoveAsync(project, deal, "143", "lost", Noon.AddDays(2));
        await api.MoveAsync(project, deal, "142", "won", Noon.AddDays(2).AddHours(2));
        await api.ExecuteAsync("""
            insert into deal_changes (project_id, deal_id, n, at, from_amount, amount, currency, origin) values (@P, @D, 0, @Made, null, 500, 'RUB', 'seen'), (@P, @D, 1, @At, 500, 700, 'RUB', 'history');
            update deals set amount = 700 where project_id = @P and id = @D
            """, new { P = project.ProjectId, D = deal, Made = Noon, At = Noon.AddDays(2).AddHours(1) });
        await api.MoveAsync(project, deal, "1", "open", Noon.AddDays(3));
        await api.MoveAsync(project, deal, "142", "won", Noon.AddDays(3).AddHours(1));
        await api.MoveAsync(project, deal, "143", "lost", Noon.AddDays(4));

        await api.CatchUpAsync(project);

        // Deals in millionths and kopecks, of the one touch.
        Assert.Equal("2026-03-11 1000000 50000, 2026-03-12 0 20000, 2026-03-14 -1000000 -70000", await api.ScalarAsync<string>(
            "select string_agg(concat_ws(' ', day, shares[1], amounts[1]), ', ' order by day) from deal_moves where project_id = @P and deal_id = @D and n >= 0", new { P = project.ProjectId, D = deal }));
    }

    [Fact]
    public async Task A_lead_shows_without_anybody_asking()
    {
        var project = await api.CreateProjectAsync();
        await api.TouchAsync(project, await api.ClientAsync(project), Noon);
        for (var until = TimeProvider.System.GetUtcNow().AddSeconds(60); await api.CountAsync("select count(*) from client_facts where project_id = @P", new { P = project.ProjectId }) == 0;)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "Not computed within 60 s.");
            await Task.Delay(100);
        }
    }

    private Task<string?> FactAsync(TestProject project, Guid deal) => api.ScalarAsync<string>(
        "select concat(state, '|', lost_day, '|', lost_stage_id, '|', won_day, '|', case when state = 'won' then amount end, '|', nth) from deal_facts where project_id = @P and deal_id = @D",
        new { P = project.ProjectId, D = deal });
}
