using System.IO.Compression;
using System.Text;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Spend;

public class ImportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_same_table_twice_is_the_same_spend()
    {
        var project = await api.CreateProjectAsync();
        const string Rows = "01.08.2026;81234567;Поиск;10;1;1 234,56\n02.08.2026;81234567;Поиск;10;1;10,00\n";
        for (var i = 0; i < 2; i++) await api.ImportAsync(project, Rows);
        Assert.Equal(["01 81234567 1234.56", "02 81234567 10"], await api.CountingAsync(project));
        Assert.Equal(2, (await api.ReadAsync(project, "/v1/spend")).GetProperty("items").GetArrayLength());
        Assert.Equal(2, (await api.ReadAsync(project, "/v1/spend/imports")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_restated_day_replaces_the_day_and_a_campaign_that_is_missing_costs_nothing()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "01.08.2026;1111;А;;;100\n01.08.2026;2222;Б;;;200\n02.08.2026;1111;А;;;5\n");
        await api.ImportAsync(project, "01.08.2026;1111;А;;;90,50\n");
        Assert.Equal(["01 1111 90.5", "02 1111 5"], await api.CountingAsync(project));
        await api.ImportAsync(project, "", new { from = "2026-08-01", to = "2026-08-31" });
        Assert.Empty(await api.CountingAsync(project));
    }

    [Fact]
    public async Task Two_accounts_do_not_touch_each_other()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "01.08.2026;1111;А;;;100\n");
        await api.ImportAsync(project, "01.08.2026;2222;Б;;;200\n", account: "VK");
        Assert.Equal(["01 1111 100", "01 2222 200"], await api.CountingAsync(project));
        // The name in another case is the same account.
        await api.ImportAsync(project, "01.08.2026;3333;В;;;1\n", account: "vk");
        Assert.Equal(["01 1111 100", "01 3333 1"], await api.CountingAsync(project));
        var by = (await api.ReadAsync(project, "/v1/spend/summary?groupBy=account")).GetProperty("items").EnumerateArray().Select(g => (g.Text("name"), g.GetProperty("money").GetDecimal()));
        Assert.Equal([("Директ", 100m), ("VK", 1m)], by);
    }

    [Fact]
    public async Task An_import_taken_back_gives_its_days_to_the_newest_of_the_others_in_whatever_order()
    {
        var project = await api.CreateProjectAsync();
        var first = (await api.ImportAsync(project, "01.08.2026;1111;А;;;100\n02.08.2026;1111;А;;;1\n")).Text("id");
        var second = (await api.ImportAsync(project, "01.08.2026;1111;А;;;200\n")).Text("id");
        var third = (await api.ImportAsync(project, "01.08.2026;1111;А;;;300\n")).Text("id");
        await UndoAsync(second);
        Assert.Equal(["01 1111 300", "02 1111 1"], await api.CountingAsync(project));
        await UndoAsync(third);
        Assert.Equal(["01 1111 100", "02 1111 1"], await api.CountingAsync(project));
        await UndoAsync(first);
        await UndoAsync(first);
        Assert.Empty(await api.CountingAsync(project));
        Assert.All((await api.ReadAsync(project, "/v1/spend/imports")).GetProperty("items").EnumerateArray(), i => Assert.NotNull(i.Text("undoneAt")));

        async Task UndoAsync(string? id) => Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/spend/imports/{id}")).StatusCode);
    }

    [Fact]
    public async Task Twenty_imports_of_one_day_at_once_leave_one_of_them()
    {
        var project = await api.CreateProjectAsync();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(n => api.ImportAsync(project, $"01.08.2026;1111;А;;;{n}\n01.08.2026;2222;Б;;;{n}\n")));
        var counting = await api.CountingAsync(project);
        Assert.Equal(2, counting.Length);
        Assert.Equal(counting[0].Split(' ')[2], counting[1].Split(' ')[2]);
        Assert.Equal(1, await api.CountAsync("select count(*) from spend_accounts where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_preview_says_how_columns_were_understood_and_what_is_refused_and_keeps_nothing()
    {
        var project = await api.CreateProjectAsync();
        var preview = await (await api.PostAsync(project, "/v1/spend/preview", new
        {
            text = "Отчёт\n" + Tables.Head + "01.08.2026;1111;=HYPERLINK(1);10;1;1,00\n31.02.2026;1111;=1+1;10;1;-1,00\n01.08.2026;1111;А;;;abc\nИтого;;;;;2,00\n",
        })).JsonAsync();
        Assert.Equal(["date", "campaignId", "campaignName", "impressions", "clicks", "amount"], preview.GetProperty("columns").EnumerateArray().Select(c => c.Text("field")));
        Assert.Equal((2, 1, 2, 1), (preview.GetProperty("headerLine").GetInt32(), preview.GetProperty("taken").GetInt32(), preview.GetProperty("refused").GetInt32(), preview.GetProperty("skipped").GetInt32()));
        Assert.Equal("'=HYPERLINK(1)", preview.GetProperty("rows")[0].Text("campaign"));
        Assert.Equal([(4, "Дата"), (5, "Расход (руб.)")], preview.GetProperty("refusedRows").EnumerateArray().Select(r => (r.GetProperty("line").GetInt32(), r.Text("column")!)));
        Assert.Equal(["31.02.2026", "1111", "'=1+1", "10", "1", "-1,00"], preview.GetProperty("refusedRows")[0].GetProperty("cells").Strings());
        Assert.Equal(1m, preview.GetProperty("totals")[0].GetProperty("amount").GetDecimal());
        Assert.Equal(0, await api.CountAsync("select count(*) from spend_accounts where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task Files_are_read_in_the_encodings_that_cabinets_use()
    {
        var project = await api.CreateProjectAsync();
        const string Text = "Дата\tКампания\tРасход\n01.08.2026\tПоиск\t1 234,56\n";
        var windows = Text.Select(c => c < 0x80 ? (byte)c : (byte)(c is >= 'А' and <= 'я' ? c - 'А' + 0xC0 : 0x3F)).ToArray();
        foreach (var (bytes, format) in new[]
        {
            (windows, "TSV, windows-1251"), (Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Text)).ToArray(), "TSV, UTF-8"),
            (Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Text)).ToArray(), "TSV, UTF-16"), (Encoding.Unicode.GetBytes(Text), "TSV, UTF-16"),
        })
        {
            var preview = await (await api.SendFileAsync(project, "/v1/spend/preview", bytes)).JsonAsync();
            Assert.Equal(format, preview.Text("format"));
            Assert.Equal(("Поиск", 1234.56m), (preview.GetProperty("rows")[0].Text("campaign"), preview.GetProperty("rows")[0].GetProperty("amount").GetDecimal()));
        }
    }

    [Fact]
    public async Task A_workbook_is_read_by_its_types_and_a_formula_by_its_saved_value()
    {
        var project = await api.CreateProjectAsync();
        var file = Tables.Workbook(Tables.Texts("Отчёт"), Tables.Texts("Дата", "Кампания", "Расход"),
            $"<c r=\"A3\" s=\"1\"><v>46235</v></c>{Tables.Texts("Поиск")}<c r=\"C3\"><v>1.234</v></c>",
            $"<c r=\"A4\" s=\"1\"><v>46236</v></c><c r=\"C4\"><f>0.1+0.2</f><v>0.30000000000000004</v></c>",
            $"<c r=\"A5\" s=\"1\"><v>46236</v></c><c r=\"C5\"><f>SUM(C3:C4)</f></c>");
        var answer = await (await api.SendFileAsync(project, "/v1/spend/imports", file, "отчёт.xlsx", ("account", "2ГИС"), ("vatIncluded", "false"), ("from", "2026-08-01"), ("to", "2026-08-02"))).JsonAsync();
        Assert.Equal("отчёт.xlsx", answer.Text("fileName"));
        Assert.Equal((2, 1), (answer.GetProperty("taken").GetInt32(), answer.GetProperty("refused").GetInt32()));
        Assert.Equal(["01 Поиск 1.234", "02 - 0.3"], await api.CountingAsync(project));
        Assert.Equal(0, await api.CountAsync("select count(*) from spend where project_id = @P and vat_included", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task A_workbook_that_is_a_bomb_or_broken_is_refused_in_words()
    {
        var project = await api.CreateProjectAsync();
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Fastest).Open();
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 160; i++) part.Write(zeros);
        }
        Assert.InRange(bytes.Length, 1, 2_000_000);
        var problem = await (await api.SendFileAsync(project, "/v1/spend/preview", bytes.ToArray(), "bomb.xlsx")).ProblemAsync(400);
        Assert.Contains("unpacks to more", problem.Text("detail"), StringComparison.Ordinal);
        foreach (var broken in new[] { "PK\u0003\u0004garbage"u8.ToArray(), [0xD0, 0xCF, 0x11, 0xE0, 1, 2], [1, 0, 2, 3, 4], Tables.Workbook("<c><v>1</c>") })
            await (await api.SendFileAsync(project, "/v1/spend/preview", broken, "x.xlsx")).ProblemAsync(400);
    }

    [Theory]
    [InlineData("""{"text":"Дата;Расход\n01.08.2026;1"}""", "account")]
    [InlineData("""{"text":"Имя;Телефон\nАнна;1","account":"x"}""", "file")]
    [InlineData("""{"text":"","accountId":"01980000-0000-7000-8000-000000000000"}""", "accountId")]
    [InlineData("""{"text":"","account":"x","columns":{"Дата":"when"}}""", "columns")]
    [InlineData("""{"text":"","account":"x","decimalMark":"dot"}""", "decimalMark")]
    [InlineData("""{"text":"","account":"x","from":"2026-08-02","to":"2026-08-01"}""", "to")]
    [InlineData("""{"text":"","account":"x","currency":"руб"}""", "currency")]
    public async Task What_is_wrong_with_an_import_is_named_by_field(string json, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.SendAsync(project, HttpMethod.Post, "/v1/spend/imports", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.StartsWith(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name, StringComparison.Ordinal);
        Assert.Equal(0, await api.CountAsync("select count(*) from spend_imports where project_id = @P", new { P = project.ProjectId }));
    }

    [Fact]
    public async Task What_a_database_cannot_hold_is_taken_out_of_titles_and_cells()
    {
        var project = await api.CreateProjectAsync();
        const string Text = "Да\u0000та\tКам\u0000пания\tРасход\tЛиш\u0000нее\n01.08.2026\tПо\u0000иск\t1\t\u0000\n31.02.2026\tx\u0000\t1\t\u0000\n";
        byte[] file = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Text)];
        var answer = await (await api.SendFileAsync(project, "/v1/spend/imports", file, "x.txt", ("account", "А\u0000"), ("source", "\u0000"))).JsonAsync();
        Assert.Equal((1, 1), (answer.GetProperty("taken").GetInt32(), answer.GetProperty("refused").GetInt32()));
        Assert.Equal(["01 Поиск 1"], await api.CountingAsync(project));
    }

    [Fact]
    public async Task A_large_table_is_taken_within_seconds_and_a_larger_one_refused()
    {
        var project = await api.CreateProjectAsync();
        var rows = new StringBuilder(Tables.Head);
        for (var i = 0; i < 30_000; i++) rows.Append($"{1 + (i % 28):00}.08.2026;{10_000 + i};Кампания {i};10;1;1,01\n");
        var answer = await (await api.SendFileAsync(project, "/v1/spend/imports", Encoding.UTF8.GetBytes(rows.ToString()), "big.csv", ("account", "Большой"))).JsonAsync();
        Assert.Equal(30_000, answer.GetProperty("taken").GetInt32());
        Assert.Equal(30_300m, (await api.ReadAsync(project, "/v1/spend/summary?groupBy=source")).GetProperty("total").GetProperty("money").GetDecimal());
        var tooLarge = new byte[(20 * 1024 * 1024) + 1];
        Array.Fill(tooLarge, (byte)'x');
        Assert.InRange((int)(await api.SendFileAsync(project, "/v1/spend/preview", tooLarge)).StatusCode, 400, 413);
    }
}
