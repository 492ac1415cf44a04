namespace LeadIngest.Api.Tests.Figures;

/// <summary>Whatever happens to a project, its figures are those of its rows.</summary>
public sealed class RecomputationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Tables =
        ["deal_facts", "client_facts", "deal_credits", "deal_moves", "visit_days", "lead_days", "client_days", "deal_days", "spend_days", "spend_nodes"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_random_changes_every_figure_is_what_a_recomputation_of_everything_gives(int seed)
    {
        var project = await api.CreateProjectAsync();
        var history = new RandomHistory(api, project, seed);
        await history.BeginAsync();
        for (var round = 0; round < 8; round++)
        {
            for (var step = 0; step < 25; step++) await history.StepAsync();
            await api.CatchUpAsync(project);
        }
        var kept = await SnapshotAsync(project);
        await SlowFigures.AssertSameAsync(api, project);

        foreach (var table in Tables) await api.ExecuteAsync($"delete from {table} where project_id = @P", new { P = project.ProjectId });
        await api.ExecuteAsync("delete from origins where project_id = @P; delete from places where project_id = @P; select stale_figures(@P)", new { P = project.ProjectId });
        await api.CatchUpAsync(project);

        foreach (var (table, rows) in await SnapshotAsync(project)) Assert.True(rows == kept[table], $"{table}, seed {seed}:\n{Difference(kept[table], rows)}");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Rows_add_up_to_totals_in_every_model_and_view(int seed)
    {
        var project = await api.CreateProjectAsync();
        var history = new RandomHistory(api, project, seed);
        await history.BeginAsync();
        for (var step = 0; step < 150; step++) await history.StepAsync();
        await api.CatchUpAsync(project);
        var totals = new HashSet<decimal>();
        foreach (var refunds in (string[])["deal", "cash"])
            foreach (var how in Api.Figures.AttributionRules.Models.Select(m => "model=" + m).Append("basis=client"))
                foreach (var groups in (string[])["channel", "channel,source,medium,campaign", "campaign", "keyword", "region", "site", "manager", "pipeline", "product", "month"])
                {
                    var query = $"/v1/reports/sources?flat=true&groupBy={groups}&{how}&refunds={refunds}&from=2020-01-01&to=2028-01-01";
                    var report = await api.ReadAsync(project, query);
                    var sums = report.GetProperty("totals");
                    foreach (var name in (string[])["spend", "visits", "leads", "calls", "answeredCalls", "spam", "clients", "deals", "won", "newClients", "revenue", "firstRevenue", "repeatRevenue"])
                        Assert.True(SourcesTests.Value(sums.GetProperty(name)) == report.Rows().Sum(r => SourcesTests.Value(r.GetProperty("figures").GetProperty(name))), query + " " + name);
                    // Whole deals, and the same money over all time, however it is shared and on whatever day a refund counts.
                    Assert.Equal(0, sums.Money("won") % 1);
                    totals.Add(sums.Money("revenue"));
                }
        Assert.Equal(await api.ScalarAsync<long>("select coalesce(sum(amount), 0)::bigint from deal_facts where project_id = @P and won_day is not null", new { P = project.ProjectId }) / 100m, Assert.Single(totals));
    }

    private async Task<Dictionary<string, string>> SnapshotAsync(TestProject project)
    {
        var tables = new Dictionary<string, string>();
        foreach (var table in Tables)
            tables.Add(table, await api.ScalarAsync<string>($"select coalesce(string_agg(t::text, E'\n' order by t::text), '') from {table} t where project_id = @P", new { P = project.ProjectId }) ?? "");
        return tables;
    }

    private static string Difference(string kept, string fresh)
    {
        var (a, b) = (kept.Split('\n'), fresh.Split('\n'));
        return $"kept only:\n{string.Join('\n', a.Except(b).Take(5))}\nfresh only:\n{string.Join('\n', b.Except(a).Take(5))}";
    }
}
