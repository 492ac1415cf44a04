using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class LossReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task Eighty_percent_of_what_VK_brought_is_lost_at_the_price()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        for (var deal = 1; deal <= 5; deal++) await LoseAsync(project, connection, deal, "VK Реклама", deal <= 4 ? "61" : "62");
        await LoseAsync(project, connection, 6, "Яндекс.Директ", null);
        // Opened again: not lost.
        var client = await api.ClientAsync(project);
        var lead = await api.TouchAsync(project, client, Noon, source: "VK Реклама");
        await api.CourseAsync(project, connection, 7, Noon, "1 143 2", client, lead, reason: "61");
        // Lost without a source, on the first of April by the clock of Moscow.
        await api.CourseAsync(project, connection, 8, new(2026, 3, 30, 21, 30, 0, TimeSpan.Zero), "1 143", reason: "61");
        await api.CatchUpAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/losses?{March}");

        Assert.Equal((6L, 6_000m), (report.Long("total", "deals"), report.GetProperty("total").GetProperty("amount").GetDecimal()));
        var vk = report.GetProperty("items").Item("VK Реклама");
        var cells = vk.GetProperty("cells").EnumerateArray().ToDictionary(c => c.GetProperty("column").GetString()!);
        Assert.Equal((4L, 0.8m), (cells["дорого"].Long("losses", "deals"), cells["дорого"].Value("ofRow")));
        Assert.Equal(0.2m, cells["не дозвонились"].Value("ofRow"));
        Assert.Equal(["дорого", "(none)", "не дозвонились"], report.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("group").GetProperty("key").GetString()));
        Assert.Equal((1L, 6L), (report.Long("withoutReason", "part"), report.Long("withoutReason", "whole")));
        Assert.Equal(6, report.GetProperty("items").EnumerateArray().Sum(i => i.Long("total", "deals")));

        var rows = await api.ReadAsync(project, $"/v1/reports/losses/rows?{March}&source=VK%20Реклама&reason=дорого");
        Assert.Equal(4, rows.GetProperty("items").GetArrayLength());
        Assert.All(rows.GetProperty("items").EnumerateArray(), d => Assert.Equal(("дорого", "Разговор"), (d.GetProperty("lostReason").GetString(), d.GetProperty("lostStage").GetString())));
        var nameless = await api.ReadAsync(project, $"/v1/reports/losses/rows?{March}&reason=(none)");
        Assert.Equal("6", nameless.GetProperty("items").EnumerateArray().Single().GetProperty("remoteId").GetString());
    }

    [Fact]
    public async Task Any_two_are_set_against_each_other_and_every_cell_opens_to_its_deals()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        var random = new Random(3);
        for (var deal = 1; deal <= 40; deal++)
            await api.CourseAsync(project, connection, deal, Noon.AddDays(random.Next(-60, 15)), (string[])["1 143", "1 2 143", "1 2 3 143", "1 3 143 2"] is var courses ? courses[random.Next(4)] : "",
                responsible: random.Next(2) == 0 ? "31" : null, reason: random.Next(3) switch { 0 => "61", 1 => "передумал", _ => null });
        await api.CatchUpAsync(project);
        const string All = "from=2026-01-01&to=2026-12-31";

        foreach (var (rows, columns) in ((string, string)[])[("manager", "reason"), ("stage", "reason"), ("reason", "stage"), ("month", "manager"), ("pipeline", "month")])
        {
            var report = await api.ReadAsync(project, $"/v1/reports/losses?{All}&rows={rows}&columns={columns}");
            var total = report.Long("total", "deals");
            Assert.True(total > 20);
            Assert.Equal(total, report.GetProperty("items").EnumerateArray().Sum(i => i.Long("total", "deals")));
            Assert.Equal(total, report.GetProperty("columns").EnumerateArray().Sum(c => c.Long("total", "deals")));
            Assert.All(report.GetProperty("items").EnumerateArray(), i => Assert.Equal(i.Long("total", "deals"), i.GetProperty("cells").EnumerateArray().Sum(c => c.Long("losses", "deals"))));
            foreach (var item in report.GetProperty("items").EnumerateArray())
                foreach (var cell in item.GetProperty("cells").EnumerateArray())
                {
                    var (row, column) = (item.GetProperty("group").GetProperty("key").GetString()!, cell.GetProperty("column").GetString()!);
                    var days = rows == "month" ? Month(row) : columns == "month" ? Month(column) : All;
                    var filters = string.Concat(new[] { (rows, row), (columns, column) }.Where(f => f.Item1 != "month").Select(f => $"&{f.Item1}={Uri.EscapeDataString(f.Item2)}"));
                    var behind = await api.ReadAsync(project, $"/v1/reports/losses/rows?{days}{filters}&limit=500");
                    Assert.Equal((row, column, cell.Long("losses", "deals")), (row, column, behind.GetProperty("items").GetArrayLength()));
                }
        }

        static string Month(string first) => $"from={first}&to={DateOnly.Parse(first, System.Globalization.CultureInfo.InvariantCulture).AddMonths(1).AddDays(-1):yyyy-MM-dd}";
    }

    [Fact]
    public async Task Amounts_without_a_known_rate_are_counted_apart_and_an_empty_project_has_no_shares()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.CrmAsync(project);
        var empty = await api.ReadAsync(project, $"/v1/reports/losses?{March}");
        Assert.Equal((0L, JsonValueKind.Null), (empty.Long("total", "deals"), empty.GetProperty("withoutReason").GetProperty("value").ValueKind));

        var dollars = await api.CourseAsync(project, connection, 1, Noon, "1 143", reason: "=1+1");
        await api.CourseAsync(project, connection, 2, Noon, "1 143", reason: "=1+1", amount: 500);
        await api.ExecuteAsync("update deals set currency = 'USD' where project_id = @P and id = @Id", new { P = project.ProjectId, Id = dollars });
        await api.CatchUpAsync(project);
        var total = (await api.ReadAsync(project, $"/v1/reports/losses?{March}&compare=previous")).GetProperty("total");

        Assert.Equal((2L, 500m, 1L, 0L), (total.Long("deals"), total.GetProperty("amount").GetDecimal(), total.Long("withoutAmount"), total.Long("previous")));
        Assert.Contains("(нет);'=1+1;2;1;500,00", await api.CsvAsync(project, $"/v1/reports/losses?{March}&format=csv"));
        Assert.Equal(["columns"], await api.RefusedAsync(project, "/v1/reports/losses?rows=reason&columns=reason"));
        Assert.Equal(["columns"], await api.RefusedAsync(project, "/v1/reports/losses?rows=reason"));
    }

    private async Task LoseAsync(TestProject project, Guid connection, long deal, string source, string? reason)
    {
        var client = await api.ClientAsync(project);
        var lead = await api.TouchAsync(project, client, Noon.AddHours(-1), source: source);
        await api.CourseAsync(project, connection, deal, Noon, "1 2 143", client, lead, reason: reason);
    }
}
