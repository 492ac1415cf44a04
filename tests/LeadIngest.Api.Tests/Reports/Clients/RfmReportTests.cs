using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class RfmReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateOnly At = new(2026, 3, 31);

    [Theory]
    [InlineData("quintiles", "sum", 1)]
    [InlineData("quintiles", "average", 2)]
    [InlineData("ranks", "sum", 3)]
    [InlineData("fixed", "sum", 4)]
    public async Task Scores_counted_in_the_database_are_those_of_the_rules(string method, string monetary, int seed)
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var random = new Random(seed);
        var clients = new List<RfmClient<Guid>>();
        decimal revenue = 0;
        for (var i = 0; i < 40; i++)
        {
            var client = await api.ClientAsync(project);
            var sales = Enumerable.Range(0, 1 + (int)(random.NextDouble() * random.NextDouble() * 8)).Select(_ => (Day: At.AddDays(-random.Next(0, 60) * 5), Amount: random.Next(1, 40) * 250.25m)).ToList();
            foreach (var (day, amount) in sales) await api.SaleAsync(project, connection, client, day.ToString("yyyy-MM-dd"), amount);
            // After the day of analysis: counts for nothing.
            if (i % 4 == 0) await api.SaleAsync(project, connection, client, "2026-04-02", 1_000_000);
            revenue += sales.Sum(s => s.Amount);
            clients.Add(new(client, sales.Min(s => At.DayNumber - s.Day.DayNumber), sales.Count,
                monetary == "sum" ? sales.Sum(s => s.Amount) : decimal.Round(sales.Average(s => s.Amount), 2, MidpointRounding.AwayFromZero)));
        }
        var wanted = method switch { "ranks" => RfmMethod.Ranks, "fixed" => RfmMethod.Fixed, _ => RfmMethod.Quintiles };
        // By id as PostgreSQL orders it: by bytes.
        var ordered = clients.OrderBy(c => Convert.ToHexString(c.Client.ToByteArray(bigEndian: true)), StringComparer.Ordinal).ToList();
        var expected = Rfm.Score(ordered, wanted, new(RfmThresholds.DefaultRecencyDays, RfmThresholds.DefaultFrequency, new(1_000, 5_000, 20_000, 30_000.5m)));
        Assert.Equal(wanted, expected.Method);

        var query = $"at=2026-03-31&method={method}&monetary={monetary}&money=1000,5000,20000,30000.5";
        var report = await api.ReportAsync(project, "rfm?" + query);

        Assert.Equal(method, report.GetProperty("method").GetString());
        if (expected.Limits is { } limits)
            foreach (var (axis, name) in new[] { (limits.RecencyDays, "recencyDays"), (limits.Frequency, "frequency"), (limits.Money, "money") })
                Assert.Equal(axis.Values, report.GetProperty("limits").GetProperty(name).EnumerateArray().Select(v => v.GetDecimal()));
        Assert.Equal(expected.Scores.GroupBy(s => s.Score).OrderByDescending(g => g.Key).Select(g => (g.Key, (long)g.Count())),
            report.GetProperty("cells").EnumerateArray().Select(c => (c.GetProperty("score").GetInt32(), c.GetProperty("clients").GetInt64())));
        Assert.Equal((40L, revenue), (report.GetProperty("clients").GetInt64(), report.Number("revenue")));
        foreach (var part in new[] { "cells", "matrix", "segments" })
        {
            Assert.Equal(40, report.GetProperty(part).EnumerateArray().Sum(c => c.GetProperty("clients").GetInt64()));
            Assert.Equal(revenue, report.GetProperty(part).EnumerateArray().Sum(c => c.Number("revenue")));
        }
        Assert.Equal(25, report.GetProperty("matrix").GetArrayLength());

        // Each segment opens to its own clients.
        foreach (var segment in report.GetProperty("segments").EnumerateArray())
        {
            var rows = await api.ReadAsync(project, $"/v1/reports/rfm/rows?{query}&limit=500&segment={segment.GetProperty("key").GetString()}");
            Assert.Equal(expected.Scores.Where(s => RfmSegment.Of(s, RfmSegment.Defaults).Key == segment.GetProperty("key").GetString()).Select(s => s.Client).Order(),
                rows.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("clientId").GetGuid()).Order());
        }
    }

    [Fact]
    public async Task With_few_different_values_there_are_no_fifths_and_the_answer_says_which_limits_it_took()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), "2026-03-30", 1_000);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), "2025-01-01", 3_000);
        var report = await api.ReportAsync(project, "rfm?at=2026-03-31");
        Assert.Equal("fixed", report.GetProperty("method").GetString());
        // Half, one, two and five average checks.
        Assert.Equal([1_000m, 2_000m, 4_000m, 10_000m], report.GetProperty("limits").GetProperty("money").EnumerateArray().Select(v => v.GetDecimal()));
        Assert.Equal([512, 113], report.GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("score").GetInt32()));
        report = await api.ReadAsync(project, "/v1/reports/rfm?at=2026-03-31&money=5000,6000,7000,8000&recency=1,2,3,4");
        Assert.Equal([411, 111], report.GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("score").GetInt32()));
    }

    [Fact]
    public async Task A_purchase_without_a_rate_counts_as_a_purchase_and_its_money_is_shown_apart()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var client = await api.ClientAsync(project);
        await api.SaleAsync(project, connection, client, "2026-03-01", 1_000);
        await api.SaleAsync(project, connection, client, "2026-03-02", 70, "USD");
        await api.SaleAsync(project, connection, client, "2026-03-03", 30, "USD");
        var report = await api.ReportAsync(project, "rfm?at=2026-03-31");
        Assert.Equal(1_000m, report.Number("revenue"));
        Assert.Equal(3, report.GetProperty("cells")[0].GetProperty("f").GetInt32());
        var apart = report.GetProperty("unconverted").EnumerateArray().Single();
        Assert.Equal(("USD", 2L, 100m), (apart.GetProperty("currency").GetString(), apart.GetProperty("deals").GetInt64(), apart.Number("amount")));
        await api.ExecuteAsync("insert into rates values (@P, 'USD', '2026-03-01', 80, 1)", new { P = project.ProjectId });
        report = await api.ReportAsync(project, "rfm?at=2026-03-31");
        Assert.Equal(9_000m, report.Number("revenue"));
        Assert.Empty(report.GetProperty("unconverted").EnumerateArray());
    }

    [Theory]
    [InlineData("method=fixed", "money")]
    [InlineData("recency=30,20,90,100", "recency")]
    [InlineData("frequency=1,2,3", "frequency")]
    [InlineData("money=a,b,c,d", "money")]
    [InlineData("to=2026-01-01", "to")]
    [InlineData("pipeline=9100", "pipeline")]
    [InlineData("method=magic", "method")]
    public async Task What_cannot_be_meant_is_refused_by_name(string query, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.GetAsync(project, "/v1/reports/rfm?" + query)).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }
}
