using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Xml.Linq;
using Npgsql;

namespace LeadIngest.Api.Tests.Figures;

/// <summary>Files that leave the service: another program reads them, and a script that knows nothing of ours counts them again.</summary>
public sealed class ExportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task An_accountant_with_nothing_but_exports_comes_to_the_same_figures_to_the_kopeck()
    {
        var project = await api.CreateProjectAsync();
        await HistoryAsync(project);
        var folder = Directory.CreateTempSubdirectory("accountant").FullName;
        try
        {
            await ExportAsync(folder, "leads.csv", "id,channel,status,client,at,day",
                "select id, channel, status, client_id, extract(epoch from received_at), (received_at at time zone 'Europe/Moscow')::date from leads where project_id = @P", project);
            await ExportAsync(folder, "deals.csv", "id,lead,client,state,amount,made_day,won_day,won_at", """
                select d.id, d.lead_id, d.client_id, d.state, d.amount, (d.created_at at time zone 'Europe/Moscow')::date, (s.at at time zone 'Europe/Moscow')::date, extract(epoch from s.at)
                from deals d left join stage_changes s on s.project_id = d.project_id and s.deal_id = d.id and s.stage_id = '142' where d.project_id = @P
                """, project);
            await ExportAsync(folder, "spend.csv", "day,channel,amount", "select day, case source when 'yandex' then 'paid_search' else 'paid_social' end, amount from spend where project_id = @P and current", project);
            await File.WriteAllBytesAsync(Path.Combine(folder, "sources.csv"), await (await api.GetAsync(project, $"/v1/reports/sources?groupBy=channel&model=last&{March}&format=csv&lang=en")).Content.ReadAsByteArrayAsync());
            var script = Path.Combine(AppContext.BaseDirectory, "Figures", "accountant.py");

            var said = await RunAsync("python3", script, folder, "2026-03-01", "2026-03-31");

            // 4 channels and the total, of 11 sums and 13 ratios each.
            Assert.Equal("120 figures agree", said.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_exported_workbook_opens_in_a_spreadsheet_with_numbers_as_numbers()
    {
        var project = await api.CreateProjectAsync();
        await HistoryAsync(project);
        await api.TouchAsync(project, await api.ClientAsync(project), new(2026, 3, 5, 9, 0, 0, TimeSpan.Zero), "referral", "=cmd|' /C calc'!A0", "referral");
        await api.CatchUpAsync(project);
        var folder = Directory.CreateTempSubdirectory("workbook").FullName;
        try
        {
            var answer = await api.GetAsync(project, $"/v1/reports/sources?groupBy=source&{March}&format=xlsx&lang=en");
            Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType?.MediaType);
            await File.WriteAllBytesAsync(Path.Combine(folder, "sources.xlsx"), await answer.Content.ReadAsByteArrayAsync());

            await RunAsync("soffice", $"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fods", "--outdir", folder, Path.Combine(folder, "sources.xlsx"));

            var rows = Rows(XDocument.Load(Path.Combine(folder, "sources.fods")));
            Assert.Equal(("Source", "Spend", "Visits", "Leads"), (rows[0][0].Text, rows[0][1].Text, rows[0][2].Text, rows[0][3].Text));
            var shown = (await api.ReadAsync(project, $"/v1/reports/sources?groupBy=source&{March}")).Row("Яндекс.Директ");
            var cells = rows.Single(r => r[0].Text == "Яндекс.Директ");
            Assert.Equal(("string", "currency or number", "percentage"), (cells[0].Type, cells[1].Type is "currency" or "float" ? "currency or number" : cells[1].Type, cells[22].Type));
            Assert.Equal((shown.Money("spend"), shown.Money("leads"), shown.Money("revenue")), ((decimal)cells[1].Value!.Value, (decimal)cells[3].Value!.Value, (decimal)cells[11].Value!.Value));
            Assert.Equal((double)shown.Ratio("roas")!.Value, cells[22].Value!.Value, 9);
            // Text that looks like a formula is text.
            Assert.Contains(rows, r => r[0] is { Type: "string", Text: "'=cmd|' /C calc'!A0" });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The cells of the first sheet of a flat OpenDocument file: as a spreadsheet understood them.</summary>
    private static List<List<(string Type, string Text, double? Value)>> Rows(XDocument document)
    {
        XNamespace table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0", office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
        return [.. document.Descendants(table + "table").First().Elements(table + "table-row").Select(row => row.Elements(table + "table-cell").SelectMany(cell =>
            Enumerable.Repeat(((string?)cell.Attribute(office + "value-type") ?? "", cell.Value.Trim(), (double?)cell.Attribute(office + "value")),
                Math.Min(100, (int?)cell.Attribute(table + "number-columns-repeated") ?? 1))).ToList())];
    }

    [Fact]
    public async Task A_period_is_compared_with_the_one_before_and_the_rest_is_put_together()
    {
        var project = await api.CreateProjectAsync();
        await HistoryAsync(project);

        var report = await api.ReadAsync(project, $"/v1/reports/sources?groupBy=channel&{March}&compare=previous&limit=1&sort=-leads");

        Assert.Equal(("2026-02-01", "2026-02-28"), (report.GetProperty("comparedFrom").GetString(), report.GetProperty("comparedTo").GetString()));
        var february = await api.ReadAsync(project, "/v1/reports/sources?groupBy=channel&from=2026-02-01&to=2026-02-28");
        var row = Assert.Single(report.Rows());
        Assert.Equal(february.Row(row.GetProperty("label").GetString()!).ToString(), row.GetProperty("previous").ToString());
        Assert.Equal(february.GetProperty("totals").ToString(), report.GetProperty("previousTotals").ToString());
        Assert.Equal(report.GetProperty("totals").Money("leads"), row.GetProperty("figures").Money("leads") + report.GetProperty("others").Money("leads"));
    }

    [Fact]
    public async Task A_project_says_how_it_shares_deals_and_reports_do_so_at_once()
    {
        var project = await api.CreateProjectAsync();
        await HistoryAsync(project);
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}",
            JsonContent.Create(new { attribution = new { model = "linear", halfLifeDays = 3 }, romi = "net", workingHours = new { mon = "10:00-19:00" }, daysOff = (string[])["2026-05-01"] }))).JsonAsync();
        Assert.Equal(("linear", 3, 90, "net", "10:00-19:00", "2026-05-01"), (changed.GetProperty("attribution").GetProperty("model").GetString(), changed.GetProperty("attribution").GetProperty("halfLifeDays").GetInt32(),
            changed.GetProperty("attribution").GetProperty("dealWindowDays").GetInt32(), changed.GetProperty("romi").GetString(), changed.GetProperty("workingHours").GetProperty("mon").GetString(), changed.GetProperty("daysOff")[0].GetString()));
        var report = await api.ReadAsync(project, $"/v1/reports/sources?groupBy=channel&{March}");
        Assert.Equal(("linear", "net"), (report.GetProperty("model").GetString(), report.GetProperty("romi").GetString()));
        foreach (var (body, field) in new (object, string)[]
            {
                (new { attribution = new { model = "magic" } }, "attribution.model"), (new { attribution = new { dealWindowDays = 0 } }, "attribution.dealWindowDays"), (new { romi = "gross" }, "romi"),
                (new { workingHours = new { mon = "25:00-26:00" } }, "workingHours.mon"), (new { workingHours = new { montag = "09:00-18:00" } }, "workingHours.montag"), (new { daysOff = (string[])["May"] }, "daysOff[0]"),
            })
        {
            var problem = await (await api.SendAsync(project, HttpMethod.Patch, $"/v1/projects/{project.ProjectId}", JsonContent.Create(body))).ProblemAsync(400);
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), $"{field}: {problem}");
        }
    }

    /// <summary>February and March: each deal of one lead, some clients twice, some money in odd kopecks.</summary>
    private async Task HistoryAsync(TestProject project)
    {
        var random = new Random(7);
        var connection = await api.ConnectionAsync(project);
        await api.StagesAsync(project, connection);
        (string Channel, string Source, string? Medium, string? Campaign)[] origins =
            [("paid_search", "Яндекс.Директ", "cpc", "1001"), ("paid_social", "VK Реклама", "cpc", "2002"), ("organic_search", "Яндекс", "organic", null), ("referral", "otzovik.ru", "referral", null)];
        var clients = new List<Guid>();
        for (var i = 0; i < 120; i++)
        {
            var origin = origins[random.Next(origins.Length)];
            var client = clients.Count > 0 && random.Next(4) == 0 ? clients[random.Next(clients.Count)] : await api.ClientAsync(project);
            clients.Add(client);
            var at = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes((i * 59 * 24 * 60 / 120) + random.Next(300));
            var lead = await api.TouchAsync(project, client, at, origin.Channel, origin.Source, origin.Medium, origin.Campaign, status: random.Next(9) == 0 ? "spam" : "new",
                passport: origin.Campaign is null ? "{}" : $$$"""{"utm":{"utm_campaign":"{{{origin.Campaign}}}"}}""");
            if (random.Next(3) == 0 || await api.ScalarAsync<string>("select status from leads where project_id = @P and id = @L", new { P = project.ProjectId, L = lead }) == "spam") continue;
            var deal = await api.DealAsync(project, connection, 100 + i, client, lead, amount: random.Next(100, 9_999_999) / 100m, pipeline: "9100", stage: "1", createdAt: at);
            if (random.Next(3) > 0) await api.MoveAsync(project, deal, "142", "won", at.AddSeconds(10 + random.Next(900_000)));
        }
        for (var day = new DateOnly(2026, 2, 1); day <= new DateOnly(2026, 3, 31); day = day.AddDays(1))
        {
            await api.SpendRowAsync(project, day, random.Next(1, 999_999) / 100m, "1001", "Поиск");
            await api.SpendRowAsync(project, day, random.Next(1, 999_999) / 100m, "2002", "Лента", "vk_ads");
        }
        await api.CatchUpAsync(project);
    }

    private async Task ExportAsync(string folder, string name, string heading, string sql, TestProject project)
    {
        await using var db = new NpgsqlConnection(api.Db);
        await db.OpenAsync();
        await using var command = new NpgsqlCommand(sql, db) { Parameters = { new("P", project.ProjectId) } };
        await using var reader = await command.ExecuteReaderAsync();
        var text = new StringBuilder(heading).Append('\n');
        while (await reader.ReadAsync())
            text.AppendJoin(',', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                DBNull => "",
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            })).Append('\n');
        await File.WriteAllTextAsync(Path.Combine(folder, name), text.ToString());
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program}: {await said}{await complained}");
        return await said;
    }
}
