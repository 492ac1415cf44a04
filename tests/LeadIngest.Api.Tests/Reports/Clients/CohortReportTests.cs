using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class CohortReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("month", PeriodUnit.Month)]
    [InlineData("week", PeriodUnit.Week)]
    [InlineData("quarter", PeriodUnit.Quarter)]
    public async Task Cohorts_counted_in_the_database_are_those_of_the_rules(string word, PeriodUnit unit)
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var random = new Random(7);
        var payments = new List<ClientPayment<Guid>>();
        for (var i = 0; i < 25; i++)
        {
            var client = await api.ClientAsync(project);
            for (var n = random.Next(0, 5); n > 0; n--)
            {
                var (day, amount) = (new DateOnly(2025, 1, 1).AddDays(random.Next(0, 300)), random.Next(1, 100_000) / 100m);
                payments.Add(new(client, day, amount));
                await api.SaleAsync(project, connection, client, day.ToString("yyyy-MM-dd"), amount);
            }
        }
        var (sizes, cells) = Cohorts.ByFirstPayment(payments, unit);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(3));
        var expected = CohortTable.Of(sizes, cells, unit, Periods.Add(Periods.Of(today, unit), unit, -1));

        foreach (var measure in new[] { "retention", "revenue", "cumulative", "purchases" })
        {
            var report = await api.ReportAsync(project, $"cohorts?from=2025-01-01&to=2025-12-31&unit={word}&measure={measure}");
            decimal Value(CohortColumn c) => measure switch
            {
                "revenue" => decimal.Round(c.Revenue.Value!.Value, 2, MidpointRounding.AwayFromZero),
                "cumulative" => decimal.Round(c.CumulativeRevenue.Value!.Value, 2, MidpointRounding.AwayFromZero),
                "purchases" => decimal.Round(c.Purchases.Value!.Value, 6, MidpointRounding.AwayFromZero),
                _ => decimal.Round(c.Retention.Value!.Value, 6, MidpointRounding.AwayFromZero),
            };
            Assert.Equal(expected.Rows.Select(r => $"{r.Cohort:yyyy-MM-dd} {r.Clients}: {string.Join(' ', r.Columns.Select(c => Value(c).ToString("0.######")))}"),
                report.GetProperty("total").GetProperty("cohorts").EnumerateArray().Select(r =>
                    $"{r.GetProperty("period").GetString()} {r.GetProperty("clients")}: {string.Join(' ', r.GetProperty("columns").EnumerateArray().Select(c => c.Number("value")!.Value.ToString("0.######")))}"));
            Assert.Equal(expected.Totals.Select(Value), report.GetProperty("total").GetProperty("totals").EnumerateArray().Select(c => c.Number("value")!.Value));
        }

        // A cell opens to as many clients as it says.
        var cell = cells.OrderByDescending(c => c.Column).First();
        var behind = await api.ReadAsync(project, $"/v1/reports/cohorts/rows?unit={word}&cohort={cell.Cohort:yyyy-MM-dd}&column={cell.Column}&limit=500");
        Assert.Equal(cell.Active, behind.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_payment_late_at_night_in_UTC_is_of_the_next_months_cohort_in_Moscow()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), new DateTimeOffset(2025, 1, 31, 20, 59, 0, TimeSpan.Zero), 100);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), new DateTimeOffset(2025, 1, 31, 21, 0, 0, TimeSpan.Zero), 100);
        Assert.Equal(["2025-01-01 1", "2025-02-01 1"], await SizesAsync(project));

        await api.ExecuteAsync("update projects set time_zone = 'Asia/Vladivostok' where project_id = @P", new { P = project.ProjectId });
        Assert.Equal(["2025-02-01 2"], await SizesAsync(project));
    }

    [Fact]
    public async Task Merged_clients_are_one_client_and_a_refund_in_full_is_no_purchase()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var (one, two) = (await api.ClientAsync(project), await api.ClientAsync(project));
        await api.SaleAsync(project, connection, one, "2025-01-10", 100);
        var second = await api.SaleAsync(project, connection, two, "2025-03-10", 200);
        Assert.Equal(["2025-01-01 1", "2025-03-01 1"], await SizesAsync(project));

        await (await api.PostAsync(project, $"/v1/clients/{one}/merge", new { otherId = two })).JsonAsync();
        var report = await api.ReportAsync(project, "cohorts?from=2025-01-01&to=2025-12-31&measure=cumulative");
        var cohort = report.GetProperty("total").GetProperty("cohorts").EnumerateArray().Single();
        Assert.Equal([100m, 100m, 300m], cohort.GetProperty("columns").EnumerateArray().Take(3).Select(c => c.Number("value")!.Value));
        Assert.Equal([1L, 0L, 1L], cohort.GetProperty("columns").EnumerateArray().Take(3).Select(c => c.GetProperty("active").GetInt64()));

        await api.ExecuteAsync("update deals set amount = 0 where project_id = @P and id = @D", new { P = project.ProjectId, D = second });
        cohort = (await api.ReportAsync(project, "cohorts?from=2025-01-01&to=2025-12-31&measure=purchases")).GetProperty("total").GetProperty("cohorts").EnumerateArray().Single();
        Assert.Equal([1m, 0m, 0m], cohort.GetProperty("columns").EnumerateArray().Take(3).Select(c => c.Number("value")!.Value));
    }

    [Fact]
    public async Task Cohorts_by_first_enquiry_hold_those_who_never_paid_and_split_by_source_into_tables_that_add_up()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var payer = await api.CameAsync(project, "2025-01-05");
        await api.CameAsync(project, "2025-01-06");
        var other = await api.CameAsync(project, "2025-01-07", "VK Реклама", "paid_social");
        await api.SaleAsync(project, connection, payer, "2025-02-10", 100);
        await api.SaleAsync(project, connection, other, "2025-02-11", 50);

        var report = await api.ReportAsync(project, "cohorts?by=firstLead&from=2025-01-01&to=2025-01-31&groupBy=source");

        var total = report.GetProperty("total").GetProperty("totals")[1];
        Assert.Equal((0.666667m, 3L, 2L, 150m), (total.Number("value"), total.GetProperty("clients").GetInt64(), total.GetProperty("active").GetInt64(), total.Number("revenue")));
        var groups = report.GetProperty("groups").ByKey();
        Assert.Equal(["VK Реклама", "Яндекс.Директ"], groups.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((0.5m, 2L), (groups["Яндекс.Директ"].GetProperty("totals")[1].Number("value"), groups["Яндекс.Директ"].GetProperty("clients").GetInt64()));
        Assert.Equal(150m, groups.Values.Sum(g => g.GetProperty("totals")[1].Number("revenue")));

        var filtered = await api.ReadAsync(project, $"/v1/reports/cohorts?by=firstLead&from=2025-01-01&to=2025-01-31&source={Uri.EscapeDataString("VK Реклама")}");
        Assert.Equal(1, filtered.GetProperty("total").GetProperty("clients").GetInt64());
    }

    [Fact]
    public async Task What_is_not_over_is_not_there()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var now = TimeProvider.System.GetUtcNow();
        await api.SaleAsync(project, connection, await api.ClientAsync(project), now, 100);
        await api.SaleAsync(project, connection, await api.ClientAsync(project), now.AddDays(-40), 100);
        var table = (await api.ReportAsync(project, "cohorts")).GetProperty("total");
        var cohorts = table.GetProperty("cohorts").EnumerateArray().ToList();
        Assert.Equal(2, cohorts.Count);
        Assert.Empty(cohorts[1].GetProperty("columns").EnumerateArray());
        Assert.NotEmpty(cohorts[0].GetProperty("columns").EnumerateArray());
        Assert.Equal(cohorts[0].GetProperty("columns").GetArrayLength(), table.GetProperty("totals").GetArrayLength());
    }

    private async Task<IEnumerable<string>> SizesAsync(TestProject project) =>
        (await api.ReportAsync(project, "cohorts?from=2025-01-01&to=2025-12-31")).GetProperty("total").GetProperty("cohorts").EnumerateArray().Select(c => $"{c.GetProperty("period").GetString()} {c.GetProperty("clients")}").ToList();
}
