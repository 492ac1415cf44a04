using LeadIngest.Api.Figures;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Figures;

/// <summary>
/// Three clients came by Яндекс.Директ and then VK and bought, one by Яндекс.Директ alone and bought, two by VK alone and were lost. The chance of a sale is 2/3; without Яндекс.Директ
/// 1/5, without VK 1/6: what goes with them is 0.7 and 0.75 of it.
/// </summary>
public sealed class LearningTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private const string AsIs = "paid_search|Яндекс.Директ|cpc|Поиск 0.700000, paid_social|VK Реклама|cpc| 0.750000";

    [Fact]
    public async Task What_campaigns_did_for_sales_is_learnt_from_all_paths_and_shares_every_deal_anew_to_the_kopeck()
    {
        var (project, both) = await HistoryAsync();
        Assert.Equal(("5000001 5000000", "5000001 5000000"), (await AmountsAsync(project, both, 8), await AmountsAsync(project, both, 9)));
        var totals = await TotalsAsync(project);

        Assert.True(await LearnAsync(project));

        Assert.Equal((AsIs, 6), (await WeightsAsync(project), await api.ScalarAsync<long>("select paths from learnings where project_id = @P", new { P = project.ProjectId })));
        // 100,000.01 as 0.7 to 0.75. Shapley's answer for one deal never changes.
        Assert.Equal(("4827587 5172414", "5000001 5000000"), (await AmountsAsync(project, both, 8), await AmountsAsync(project, both, 9)));
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from (
                select c.deal_id, m.model from deal_credits c join deal_facts f using (project_id, deal_id) cross join generate_series(1, 10) m (model) where project_id = @P group by 1, 2
                having sum(c.shares[m.model]) <> 1000000 or sum(c.amounts[m.model]) <> max(case when f.won_day is null then 0 else f.amount end)) wrong
            """, new { P = project.ProjectId }));
        Assert.Equal(totals, await TotalsAsync(project));
        var report = await api.ReadAsync(project, "/v1/reports/sources?groupBy=channel&model=markov&from=2026-03-01&to=2026-04-30");
        Assert.Equal((3 * 48_275.87m + 500, 3 * 51_724.14m), (report.Row("paid_search").Money("revenue"), report.Row("paid_social").Money("revenue")));
    }

    [Fact]
    public async Task Weights_that_moved_by_less_than_a_hundredth_stay_and_nothing_is_computed_anew()
    {
        var (project, both) = await HistoryAsync();
        await LearnAsync(project);
        await api.ExecuteAsync("update learnt_weights set weight = weight * 0.995 where project_id = @P", new { P = project.ProjectId });
        var (weights, rebuilt, learnt) = (await WeightsAsync(project), await RebuiltAsync(project), await LearntAsync(project));

        Assert.False(await LearnAsync(project));

        Assert.Equal((weights, rebuilt), (await WeightsAsync(project), await RebuiltAsync(project)));
        Assert.True(await LearntAsync(project) > learnt);

        await api.ExecuteAsync("update learnt_weights set weight = weight * 0.98 where project_id = @P", new { P = project.ProjectId });
        Assert.True(await LearnAsync(project));
        Assert.Equal(AsIs, await WeightsAsync(project));
        Assert.True(await RebuiltAsync(project) > rebuilt);
        Assert.Equal("4827587 5172414", await AmountsAsync(project, both, 8));
    }

    [Fact]
    public async Task A_refund_changes_what_was_learnt_and_without_any_sale_sources_share_alike_again()
    {
        var (project, both) = await HistoryAsync();
        await LearnAsync(project);

        // The one that Яндекс.Директ had won alone: without VK nothing is sold any more.
        await api.ExecuteAsync("update deals set state = 'lost' where project_id = @P and remote_id = 4", new { P = project.ProjectId });
        await api.CatchUpAsync(project);
        Assert.True(await LearnAsync(project));
        Assert.EndsWith("paid_social|VK Реклама|cpc| 1.000000", await WeightsAsync(project), StringComparison.Ordinal);

        await api.ExecuteAsync("update deals set state = 'lost' where project_id = @P", new { P = project.ProjectId });
        await api.CatchUpAsync(project);
        Assert.True(await LearnAsync(project));
        Assert.Null(await WeightsAsync(project));
        await api.ExecuteAsync("update deals set state = 'won' where project_id = @P and id = @D", new { P = project.ProjectId, D = both });
        await api.CatchUpAsync(project);
        Assert.Equal("5000001 5000000", await AmountsAsync(project, both, 8));
    }

    /// <returns>Also one deal of both campaigns, 100,000.01.</returns>
    private async Task<(TestProject, Guid)> HistoryAsync()
    {
        var project = await api.CreateProjectAsync();
        // Nobody else learns at night what this is about.
        await api.ExecuteAsync("insert into learnings (project_id, learnt_at, paths) values (@P, clock_timestamp(), 0)", new { P = project.ProjectId });
        var connection = await api.ConnectionAsync(project);
        var deal = Guid.Empty;
        (bool Yandex, bool Vk, string State, decimal Amount)[] deals = [(true, true, "won", 100_000.01m), (true, true, "won", 100_000.01m), (true, true, "won", 100_000.01m), (true, false, "won", 500),
            (false, true, "lost", 900), (false, true, "lost", 900)];
        foreach (var (n, (yandex, vk, state, amount)) in deals.Index())
        {
            var (client, day) = (await api.ClientAsync(project), Noon.AddDays(n));
            // By keyword they would be too rare to say anything.
            if (yandex) await api.TouchAsync(project, client, day, campaign: "Поиск", keyword: $"окна {n}");
            if (vk) await api.TouchAsync(project, client, day.AddHours(2), "paid_social", "VK Реклама", "cpc");
            var made = await api.DealAsync(project, connection, n + 1, client, state: state, amount: amount, stage: state == "won" ? "142" : "143", createdAt: day.AddHours(3));
            if (n == 0) deal = made;
        }
        await api.CatchUpAsync(project);
        return (project, deal);
    }

    /// <summary>And everything that hangs on it.</summary>
    private async Task<bool> LearnAsync(TestProject project)
    {
        var changed = await api.App.Services.GetRequiredService<FigureKeeper>().LearnAsync(project.ProjectId, CancellationToken.None);
        await api.CatchUpAsync(project);
        return changed;
    }

    private Task<string?> WeightsAsync(TestProject project) => api.ScalarAsync<string>(
        "select string_agg(concat(channel, '|', source, '|', medium, '|', campaign, ' ', round(weight::numeric, 6)), ', ' order by channel) from learnt_weights where project_id = @P and model = 'markov'",
        new { P = project.ProjectId });

    /// <summary>Kopecks touch by touch; the place is that of a model in <c>deal_credits</c>.</summary>
    private Task<string?> AmountsAsync(TestProject project, Guid deal, int place) => api.ScalarAsync<string>(
        "select string_agg(amounts[@Place]::text, ' ' order by n) from deal_credits where project_id = @P and deal_id = @D and n >= 0", new { P = project.ProjectId, D = deal, Place = place });

    private Task<string?> TotalsAsync(TestProject project) => api.ScalarAsync<string>(
        "select string_agg(t::text, ' ' order by t) from (select model, is_cash, sum(made) as made, sum(won) as won, sum(revenue) as revenue from deal_days where project_id = @P group by 1, 2) t", new { P = project.ProjectId });

    private Task<DateTime?> RebuiltAsync(TestProject project) => api.ScalarAsync<DateTime?>("select began_at from figure_rebuilds where project_id = @P", new { P = project.ProjectId });

    private Task<DateTime> LearntAsync(TestProject project) => api.ScalarAsync<DateTime>("select learnt_at from learnings where project_id = @P", new { P = project.ProjectId });
}
