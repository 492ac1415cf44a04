using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class DecompositionReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>200 leads of January, of which 30 clients bought 42 times for 1,260,000.</summary>
    private async Task<TestProject> JanuaryAsync()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("""
            insert into leads (project_id, id, site_id, kind, status, received_at, channel, passport, details)
            select @P, gen_random_uuid(), @SiteId, 'form', case when i % 2 = 0 then 'new' else 'repeat' end, timestamptz '2025-01-01 00:00+03' + i * interval '3 hours', 'direct', '{}'::jsonb, '{}'::jsonb from generate_series(0, 199) i
            union all select @P, gen_random_uuid(), @SiteId, 'form', s, timestamptz '2025-01-05', 'direct', '{}'::jsonb, '{}'::jsonb from unnest(array['spam', 'test', 'duplicate']) s
            """, new { P = project.ProjectId, project.SiteId });
        var clients = new List<Guid>();
        for (var i = 0; i < 30; i++) clients.Add(await api.ClientAsync(project));
        for (var i = 0; i < 42; i++) await api.SaleAsync(project, connection, clients[i % 30], $"2025-01-{1 + (i % 28):00}", 30_000);
        await api.CatchUpAsync(project);
        return project;
    }

    [Fact]
    public async Task The_worked_example_of_factors_and_of_what_if()
    {
        var project = await JanuaryAsync();
        var period = (await api.ReadAsync(project, "/v1/reports/decomposition?from=2025-01-01&to=2025-01-31")).GetProperty("period");
        Assert.Equal((200m, 0.15m, 30_000m, 1.4m, 1_260_000m, 1_260_000m),
            (period.Number("leads"), period.Number("conversion"), period.Number("averageCheck"), period.Number("salesPerClient"), period.Number("money"), period.Number("revenue")));

        var answer = await (await api.PostAsync(project, "/v1/reports/decomposition/what-if?from=2025-01-01&to=2025-01-31",
            new { leads = new { percent = 20 }, conversion = new { value = 0.13 }, averageCheck = new { value = 31_000 }, salesPerClient = new { value = 1.5 } })).JsonAsync();

        Assert.Equal((240m, 1_450_800m), (answer.GetProperty("expected").Number("leads"), answer.GetProperty("expected").Number("money")));
        var chain = answer.GetProperty("chain");
        Assert.Equal((252_000m, -201_600m, 43_680m, 96_720m, 190_800m), (chain.Number("leads"), chain.Number("conversion"), chain.Number("averageCheck"), chain.Number("salesPerClient"), chain.Number("change")));
        var logMean = answer.GetProperty("logMean");
        decimal[] parts = [.. new[] { "leads", "conversion", "averageCheck", "salesPerClient" }.Select(f => logMean.Number(f)!.Value)];
        // 246,710.02, −193,638.16, 44,369.84 and 93,358.31 rounded alone are a kopeck over.
        Assert.All(parts.Zip([246_710.02m, -193_638.16m, 44_369.84m, 93_358.31m]), p => Assert.InRange(p.First - p.Second, -0.01m, 0.01m));
        Assert.Equal((190_800m, "logMean"), (parts.Sum(), logMean.GetProperty("method").GetString()));
        Assert.Equal(252_000m, answer.GetProperty("alone").Number("leads"));
    }

    [Fact]
    public async Task The_change_from_the_period_before_is_shared_out_to_the_kopeck()
    {
        var project = await JanuaryAsync();
        var connection = await api.ConnectionAsync(project, host: "other.amocrm.ru");
        var client = await api.ClientAsync(project);
        for (var i = 0; i < 7; i++) await api.TouchAsync(project, client, Selling.Noon("2025-02-03").AddMinutes(i));
        await api.SaleAsync(project, connection, client, "2025-02-05", 333.33m);
        // Nobody's deal is one client.
        await api.SaleAsync(project, connection, null, "2025-02-28", 0.01m);
        var report = await api.ReportAsync(project, "decomposition?from=2025-02-01&to=2025-02-28");
        Assert.Equal(("2025-01-01", "2025-01-31"), (report.GetProperty("before").GetProperty("from").GetString(), report.GetProperty("before").GetProperty("to").GetString()));
        Assert.Equal((7m, 2L, 333.34m), (report.GetProperty("period").Number("leads"), report.GetProperty("period").GetProperty("clients").GetInt64(), report.GetProperty("period").Number("money")));
        foreach (var method in new[] { "chain", "logMean" })
        {
            var shares = report.GetProperty(method);
            Assert.Equal(333.34m - 1_260_000m, shares.Number("change"));
            Assert.Equal(shares.Number("change"), new[] { "leads", "conversion", "averageCheck", "salesPerClient" }.Sum(f => shares.Number(f)));
        }
        var deals = await api.ReadAsync(project, "/v1/reports/decomposition/rows?from=2025-02-01&to=2025-02-28");
        Assert.Equal(333.34m, deals.GetProperty("items").EnumerateArray().Sum(d => d.Number("amount")));
        Assert.Equal(7, (await api.ReadAsync(project, "/v1/reports/decomposition/leads?from=2025-02-01&to=2025-02-28")).GetProperty("items").GetArrayLength());
        // Of one source: those of the client whose first touch it is.
        var filtered = (await api.ReadAsync(project, $"/v1/reports/decomposition?from=2025-02-01&to=2025-02-28&source={Uri.EscapeDataString("Яндекс.Директ")}")).GetProperty("period");
        Assert.Equal((7m, 333.33m), (filtered.Number("leads"), filtered.Number("revenue")));

        // Without leads there is nothing to divide by: the chain, and no infinity.
        report = await api.ReadAsync(project, "/v1/reports/decomposition?from=2025-03-01&to=2025-03-31");
        Assert.Equal(("chain", -333.34m), (report.GetProperty("logMean").GetProperty("method").GetString(), report.GetProperty("logMean").Number("change")));
    }

    [Theory]
    [InlineData("""{"leads":{"percent":10,"value":5}}""", "leads.value")]
    [InlineData("""{"leads":{}}""", "leads.value")]
    [InlineData("""{"conversion":{"percent":-101}}""", "conversion.percent")]
    [InlineData("""{"averageCheck":{"value":-1}}""", "averageCheck.value")]
    public async Task What_cannot_be_tried_is_refused_by_name(string body, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.PostAsync(project, "/v1/reports/decomposition/what-if", new StringContent(body, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task Values_beyond_all_bounds_are_refused()
    {
        var project = await JanuaryAsync();
        var huge = new { value = 1_000_000_000 };
        await (await api.PostAsync(project, "/v1/reports/decomposition/what-if?from=2025-01-01&to=2025-01-31", new { leads = huge, conversion = huge, averageCheck = huge, salesPerClient = huge })).ProblemAsync(400);
    }
}
