namespace LeadIngest.Api.Tests.Reports.Clients;

public sealed class LtvReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_source_is_judged_by_all_its_clients_have_brought_and_by_what_they_cost()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        // Two clients of one source, 3,000 spent on them: CAC 1,500.
        var (one, two) = (await api.CameAsync(project, "2025-01-05", campaign: "Поиск"), await api.CameAsync(project, "2025-01-06", campaign: "Поиск"));
        await api.SaleAsync(project, connection, one, "2025-01-10", 1_000);
        await api.SaleAsync(project, connection, two, "2025-01-20", 500);
        await api.SaleAsync(project, connection, one, "2025-02-10", 1_000);
        await api.SaleAsync(project, connection, one, "2025-03-11", 3_500);
        // Nobody told what this one cost; and a lead that never paid is no client of a cohort by payments.
        await api.SaleAsync(project, connection, await api.CameAsync(project, "2025-01-07", "Яндекс", "organic_search"), "2025-01-31", 700);
        await api.CameAsync(project, "2025-01-08", campaign: "Поиск");
        await api.ExecuteAsync("insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, campaign_name) values (@P, gen_random_uuid(), 'Поиск', '2025-01-01', '2025-01-31', 3000, 'RUB', true, 'Поиск')",
            new { P = project.ProjectId });

        var report = await api.ReportAsync(project, "ltv?from=2025-01-01&to=2025-01-31&groupBy=source");

        var rows = report.GetProperty("rows").ByKey();
        var direct = rows["Яндекс.Директ"];
        var figures = direct.GetProperty("figures");
        Assert.Equal((2L, 2L, 4L, 6_000m), (figures.GetProperty("clients").GetInt64(), figures.GetProperty("buyers").GetInt64(), figures.GetProperty("purchases").GetInt64(), figures.Number("revenue")));
        Assert.Equal((3_000m, 1_500m, 2m, 30m), (figures.Number("ltv"), figures.Number("averageCheck"), figures.Number("purchasesPerClient"), figures.Number("lifetimeDays")));
        Assert.Equal((3_000m, 1_500m, 2m), (figures.Number("spend"), figures.Number("cac"), figures.Number("ltvToCac")));
        // 750, 1,250, 3,000 a client by months.
        Assert.Equal([750m, 1_250m, 3_000m], direct.GetProperty("curve").EnumerateArray().Take(3).Select(c => c.Number("ltv")!.Value));
        Assert.Equal(2, direct.GetProperty("paybackMonth").GetInt32());
        var organic = rows["Яндекс"];
        Assert.Equal((700m, null, null, System.Text.Json.JsonValueKind.Null), (organic.GetProperty("figures").Number("ltv"), organic.GetProperty("figures").Number("cac"), organic.GetProperty("figures").Number("ltvToCac"),
            organic.GetProperty("paybackMonth").ValueKind));
        var total = report.GetProperty("total").GetProperty("figures");
        Assert.Equal((3L, 6_700m, 3_000m, true, 1_000m), (total.GetProperty("clients").GetInt64(), total.Number("revenue"), total.Number("spend"), total.GetProperty("spendIsPartial").GetBoolean(), total.Number("cac")));

        // A third of the revenue remains: the clients have not paid back yet.
        direct = (await api.ReadAsync(project, "/v1/reports/ltv?from=2025-01-01&to=2025-01-31&groupBy=source&margin=0.3")).GetProperty("rows").ByKey()["Яндекс.Директ"];
        Assert.Equal((900m, 0.6m), (direct.GetProperty("figures").Number("ltv"), direct.GetProperty("figures").Number("ltvToCac")));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, direct.GetProperty("paybackMonth").ValueKind);

        // By first enquiry, the one who never paid is counted: LTV a client falls, LTV a buyer does not.
        figures = (await api.ReadAsync(project, "/v1/reports/ltv?from=2025-01-01&to=2025-01-31&groupBy=source&by=firstLead")).GetProperty("rows").ByKey()["Яндекс.Директ"].GetProperty("figures");
        Assert.Equal((3L, 2L, 2_000m, 3_000m, 1_500m), (figures.GetProperty("clients").GetInt64(), figures.GetProperty("buyers").GetInt64(), figures.Number("ltv"), figures.Number("ltvPerBuyer"), figures.Number("cac")));

        var behind = await api.ReadAsync(project, $"/v1/reports/ltv/rows?from=2025-01-01&to=2025-01-31&source={Uri.EscapeDataString("Яндекс.Директ")}");
        Assert.Equal([5_500m, 500m], behind.GetProperty("items").EnumerateArray().Select(c => c.Number("revenue")!.Value));
    }

    [Theory]
    [InlineData("channel")]
    [InlineData("source")]
    [InlineData("medium")]
    [InlineData("campaign")]
    [InlineData("manager")]
    [InlineData("month")]
    public async Task Rows_add_up_to_the_total_by_whatever_they_are_grouped(string groupBy)
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("insert into crm_users (project_id, connection_id, id, name, is_active) values (@P, @C, '31', 'Первый менеджер', true)", new { P = project.ProjectId, C = connection });
        var random = new Random(3);
        for (var i = 0; i < 12; i++)
        {
            var client = await api.CameAsync(project, $"2025-0{1 + (i % 3)}-05", i % 2 == 0 ? "Яндекс.Директ" : null, i % 2 == 0 ? "paid_search" : "direct", i % 4 == 0 ? "Поиск" : null);
            for (var n = random.Next(0, 4); n > 0; n--) await api.SaleAsync(project, connection, client, $"2025-0{random.Next(3, 9)}-10", random.Next(1, 1000), manager: i % 3 == 0 ? null : "31");
        }
        await api.ExecuteAsync("insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, source, medium) values (@P, gen_random_uuid(), 'Щит', '2025-03-01', '2025-06-30', 777.77, 'RUB', true, 'Щит', 'banner')",
            new { P = project.ProjectId });
        foreach (var by in new[] { "firstLead", "firstPayment" })
        {
            var report = await api.ReportAsync(project, $"ltv?from=2025-01-01&to=2025-12-31&compare=previous&by={by}&groupBy={groupBy}");
            var rows = report.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("figures")).ToList();
            var total = report.GetProperty("total").GetProperty("figures");
            Assert.True(rows.Count > 1);
            foreach (var sum in new[] { "clients", "buyers", "purchases" }) Assert.Equal(total.GetProperty(sum).GetInt64(), rows.Sum(r => r.GetProperty(sum).GetInt64()));
            Assert.Equal(total.Number("revenue"), rows.Sum(r => r.Number("revenue")));
            // Spend cannot be told apart by managers: unknown, not 0.
            Assert.Equal(groupBy == "manager" ? null : 777.77m, total.Number("spend"));
            if (groupBy != "manager") Assert.Equal(777.77m, rows.Sum(r => r.Number("spend") ?? 0));
            Assert.Equal(0, report.GetProperty("total").GetProperty("previous").GetProperty("clients").GetInt64());
            if (groupBy == "manager") Assert.Contains("Первый менеджер", report.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("group").GetProperty("name").GetString()));
        }
    }
}
