using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Tests.Reports;

/// <summary>What spreadsheets get: the right types, nothing that they would compute.</summary>
public sealed class ReportFilesTests
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");

    private static readonly ReportTable Table = new("sources",
    [
        new("Источник", "Source"), new("Заявки", "Leads", ColumnKind.Count), new("Выручка", "Revenue", ColumnKind.Money), new("ROMI", "ROMI", ColumnKind.Share),
        new("День", "Day", ColumnKind.Day), new("Когда", "When", ColumnKind.Moment), new("Ответ", "Response", ColumnKind.Span),
    ],
    [
        ["Яндекс.Директ", 3L, 1234.5m, 0.155m, new DateOnly(2026, 8, 1), new DateTimeOffset(2026, 7, 31, 22, 30, 0, TimeSpan.Zero), TimeSpan.FromMinutes((63 * 60) + 15)],
        ["=1+1;\"x\"", 1.5m, -0.01m, null, null, null, null],
    ], Moscow)
    { About = [("Модель", "Model", "lastNonDirect")] };

    [Fact]
    public async Task A_russian_csv_has_semicolons_and_decimal_commas_and_an_english_one_commas_and_points()
    {
        Assert.Equal(""""
            Источник;Заявки;Выручка;ROMI;День;Когда;Ответ
            Яндекс.Директ;3;1234,50;0,155;2026-08-01;2026-08-01 01:30:00;63:15:00
            "'=1+1;""x""";1,5;-0,01;;;;

            """".ReplaceLineEndings("\r\n"), await CsvAsync(null));
        Assert.Equal(""""
            Source,Leads,Revenue,ROMI,Day,When,Response
            Яндекс.Директ,3,1234.50,0.155,2026-08-01,2026-08-01 01:30:00,63:15:00
            "'=1+1;""x""",1.5,-0.01,,,,

            """".ReplaceLineEndings("\r\n"), await CsvAsync("en"));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://example.com\")")]
    [InlineData("+7 916 123-45-67")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\r\n=1")]
    [InlineData("  =1")]
    [InlineData("＝1+1")]
    [InlineData("|calc")]
    public void What_would_be_a_formula_gets_an_apostrophe(string text) => Assert.Equal("'" + text, FormulaSafe.Text(text));

    [Theory]
    [InlineData("")]
    [InlineData("купить окна")]
    [InlineData("a=b")]
    [InlineData("10+2")]
    public void Other_text_stays_as_it_is(string text) => Assert.Equal(text, FormulaSafe.Text(text));

    [Fact]
    public async Task A_workbook_is_valid_and_its_cells_have_types()
    {
        using var book = await OpenAsync(Table);
        Assert.Empty(new OpenXmlValidator().Validate(book).Select(e => e.Description));
        var sheets = book.WorkbookPart!.Workbook!.Descendants<Sheet>().ToArray();
        Assert.Equal(["Отчёт", "О данных"], sheets.Select(s => s.Name?.Value));
        var rows = Rows(book, sheets[0]);
        Assert.Equal(CellValues.InlineString, rows[1][0].DataType!.Value);
        Assert.Equal(["3", "1234.5", "0.155", "46235", "46235.0625", "2.6354166666666665"], rows[1].Skip(1).Select(c => c.CellValue!.Text));
        Assert.All(rows[1].Skip(1).Take(3), c => Assert.Equal(CellValues.Number, c.DataType!.Value));
        Assert.Equal("'=1+1;\"x\"", rows[2][0].InnerText);
        Assert.All(rows[2].Skip(3), c => Assert.Null(c.CellValue));
        Assert.Null(rows.SelectMany(r => r).FirstOrDefault(c => c.CellFormula is not null));
        Assert.Equal("lastNonDirect", Rows(book, sheets[1])[0][1].InnerText);
    }

    [Fact]
    public async Task Characters_that_a_workbook_cannot_hold_are_left_out_and_all_others_kept()
    {
        using var book = await OpenAsync(Table with { Columns = [new("Имя", "Name")], Rows = [["a\u0001b\uFFFE😀\nc"], ["\uD800"]] });
        var rows = Rows(book, book.WorkbookPart!.Workbook!.Descendants<Sheet>().First());
        Assert.Equal("ab😀\nc", rows[1][0].InnerText);
        Assert.Equal("\uFFFD", rows[2][0].InnerText);
    }

    private static async Task<string> CsvAsync(string? lang)
    {
        using var stream = new MemoryStream();
        await ReportCsv.WriteAsync(Table, lang, stream, CancellationToken.None);
        var bytes = stream.ToArray();
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        return Encoding.UTF8.GetString(bytes[3..]);
    }

    private static async Task<SpreadsheetDocument> OpenAsync(ReportTable table)
    {
        var stream = new MemoryStream();
        await ReportXlsx.WriteAsync(table, null, stream, CancellationToken.None);
        stream.Position = 0;
        return SpreadsheetDocument.Open(stream, false);
    }

    private static List<List<Cell>> Rows(SpreadsheetDocument book, Sheet sheet) =>
        [.. ((WorksheetPart)book.WorkbookPart!.GetPartById(sheet.Id!.Value!)).Worksheet!.Descendants<Row>().Select(r => r.Elements<Cell>().ToList())];
}
