using System.IO.Compression;

namespace LeadIngest.Api.Tests.Reports.Clients;

/// <summary>What all reports of clients owe.</summary>
public sealed class EveryClientReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Reports =
    [
        "ltv?groupBy=source", "ltv?groupBy=month&by=firstLead&compare=year", "ltv/rows", "cohorts?groupBy=channel", "cohorts?by=firstLead&unit=week&measure=revenue", "cohorts/rows?column=0", "rfm", "rfm?method=ranks", "rfm/rows", "abc",
        "abc?of=product&sigma=sample&unit=quarter", "abc/rows?abc=A", "clients?groupBy=month", "clients?groupBy=source&compare=previous", "clients/rows", "forgotten", "forgotten?kind=stoppedBuying", "forgotten?kind=openDealNoTask",
        "decomposition", "decomposition/rows", "decomposition/leads", "promotions", "promotions/rows", "promotions/leads",
    ];

    private static string With(string report, string query) => report + (report.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;

    [Fact]
    public async Task An_empty_project_has_empty_cells_and_no_number_that_is_none()
    {
        var project = await api.CreateProjectAsync();
        foreach (var report in Reports)
        {
            var answer = await api.GetAsync(project, "/v1/reports/" + report);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{report}: {text}");
            Assert.DoesNotContain("NaN", text);
            Assert.DoesNotContain("Infinity", text);
        }
    }

    [Fact]
    public async Task Every_report_comes_as_a_file_in_which_names_are_no_formulas()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var now = TimeProvider.System.GetUtcNow();
        var client = await api.CameAsync(project, now.AddDays(-20).ToString("yyyy-MM-dd"), "=cmd|' /C calc'!A0", campaign: "+кампания", name: "=1+1");
        await api.SaleAsync(project, connection, client, now.AddDays(-5), 1_234.5m);
        await api.SaleAsync(project, connection, client, now.AddDays(-300), 2_000);
        await Figures.Facts.CatchUpAsync(api, project);
        var named = 0;
        foreach (var report in Reports)
        {
            var csv = await (await api.GetAsync(project, "/v1/reports/" + With(report, "format=csv"))).Content.ReadAsStringAsync();
            Assert.DoesNotContain(";=", csv);
            Assert.DoesNotContain("\n=", csv);
            Assert.DoesNotContain(";\"=", csv);
            Assert.DoesNotContain(";+", csv);
            if (csv.Contains("'=1+1", StringComparison.Ordinal)) named++;
            var english = await (await api.GetAsync(project, "/v1/reports/" + With(report, "format=csv&lang=en"))).Content.ReadAsStringAsync();
            Assert.False(english.Split('\n')[0].Any(c => c is >= 'А' and <= 'я'), $"{report}: {english.Split('\n')[0]}");
            var answer = await api.GetAsync(project, "/v1/reports/" + With(report, "format=xlsx"));
            Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType?.MediaType);
            using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
            Assert.NotNull(zip.GetEntry("xl/workbook.xml"));
        }
        Assert.True(named >= 7, $"The client stands in {named} files.");
        var rows = await (await api.GetAsync(project, "/v1/reports/rfm/rows?format=csv")).Content.ReadAsStringAsync();
        Assert.Contains(";2;3234,50;", rows);
    }

    [Theory]
    [InlineData("ltv", "pipeline")]
    [InlineData("cohorts", "pipeline")]
    [InlineData("clients", "pipeline")]
    [InlineData("forgotten", "from")]
    [InlineData("decomposition", "manager")]
    [InlineData("promotions", "source")]
    public async Task A_filter_that_means_nothing_is_refused_and_not_passed_over(string report, string filter)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.GetAsync(project, $"/v1/reports/{report}?{filter}={(filter == "from" ? "2025-01-01" : "x")}")).ProblemAsync(400);
        Assert.Equal([filter], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task Filters_narrow_every_report_of_clients()
    {
        var project = await api.CreateProjectAsync();
        var (one, two) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, host: "second.amocrm.ru"));
        var first = await api.CameAsync(project, "2025-01-05", campaign: "Поиск");
        var second = await api.CameAsync(project, "2025-01-05", null, "direct");
        await api.SaleAsync(project, one, first, "2025-01-10", 100, manager: "31");
        await api.SaleAsync(project, two, second, "2025-01-10", 200, manager: null);
        await Figures.Facts.CatchUpAsync(api, project);
        foreach (var (filter, revenue) in new[] { ("channel=direct", 200m), ("source=(none)", 200m), ("campaign=" + Uri.EscapeDataString("Поиск"), 100m), ("manager=31", 100m), ("manager=(none)", 200m),
            ($"connectionId={two}", 200m), ($"siteId={project.SiteId}", 300m), ($"siteId={Guid.CreateVersion7()}", 0m), ("keyword=(none)", 300m), ("medium=cpc", 300m), ("content=x", 0m) })
        {
            var days = "from=2025-01-01&to=2025-01-31&" + filter;
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/ltv?{days}")).GetProperty("total").GetProperty("figures").Number("revenue"));
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/ltv?{days}&by=firstLead&groupBy=campaign")).GetProperty("total").GetProperty("figures").Number("revenue"));
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/cohorts?{days}")).GetProperty("total").GetProperty("cohorts").EnumerateArray().Sum(c => c.GetProperty("columns")[0].Number("revenue")));
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/rfm?at=2025-01-31&{filter}")).Number("revenue"));
            var clients = revenue switch { 300m => 2, 0m => 0, _ => 1 };
            Assert.Equal(clients, (await api.ReadAsync(project, $"/v1/reports/clients?{days}")).GetProperty("total").GetProperty("flow").GetProperty("new").GetInt32());
            Assert.Equal(clients, (await api.ReadAsync(project, $"/v1/reports/clients/rows?{days}&kind=new")).GetProperty("items").GetArrayLength());
            Assert.Equal(clients, (await api.ReadAsync(project, $"/v1/reports/forgotten?{filter}")).GetProperty("clients").GetInt32());
            Assert.Equal(clients, (await api.ReadAsync(project, $"/v1/reports/rfm/rows?{filter}")).GetProperty("items").GetArrayLength());
            Assert.Equal(clients, (await api.ReadAsync(project, $"/v1/reports/cohorts/rows?{days}&column=0")).GetProperty("items").GetArrayLength());
            // The site of a deal is that of its lead, and these have none.
            if (filter.StartsWith("siteId", StringComparison.Ordinal)) continue;
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/abc?{days}")).GetProperty("total").Number("revenue"));
            Assert.Equal(revenue, (await api.ReadAsync(project, $"/v1/reports/abc/rows?{days}")).GetProperty("items").EnumerateArray().Sum(d => d.Number("amount")));
        }
    }

    [Fact]
    public async Task The_description_knows_every_report()
    {
        var text = await api.Client.GetStringAsync("/swagger/v1/swagger.json");
        foreach (var path in Reports.Select(r => r.Split('?')[0]).Append("decomposition/what-if")) Assert.Contains($"\"/v1/reports/{path}\"", text);
    }
}
