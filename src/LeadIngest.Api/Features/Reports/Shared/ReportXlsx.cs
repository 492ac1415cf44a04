using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>
/// Writes a report as an XLSX workbook: the table with typed cells, a fixed heading and filters, and beside it a sheet that says what the figures rest on. Row by row, so that a long
/// report takes no more memory than a short one beyond the packed file.
/// </summary>
internal static class ReportXlsx
{
    /// <summary>What a sheet can hold (ECMA-376 implementations); the heading is one of them.</summary>
    public const int MostRows = 1_048_576;

    private const int MostText = 32_767;

    /// <summary>Places in the style sheet below.</summary>
    private enum Style : uint { Plain, Heading, Count, Money, Share, Number, Day, Moment, Span }

    public static async Task WriteAsync(ReportTable table, string? lang, Stream stream, CancellationToken ct)
    {
        // The archive seeks while it is written; the answer's stream cannot.
        using var file = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var styles = workbook.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = Styles();
            var sheet = workbook.AddNewPart<WorksheetPart>();
            WriteTable(sheet, table, lang, ct);
            var about = workbook.AddNewPart<WorksheetPart>();
            WriteAbout(about, table, lang);
            workbook.Workbook = new Workbook(new Sheets(
                new Sheet { Name = lang == "en" ? "Report" : "Отчёт", SheetId = 1, Id = workbook.GetIdOfPart(sheet) },
                new Sheet { Name = lang == "en" ? "About" : "О данных", SheetId = 2, Id = workbook.GetIdOfPart(about) }));
        }
        file.Position = 0;
        await file.CopyToAsync(stream, ct);
    }

    private static void WriteTable(WorksheetPart part, ReportTable table, string? lang, CancellationToken ct)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }));
        writer.WriteElement(new Columns(table.Columns.Select((c, i) => new Column
        {
            Min = (uint)i + 1,
            Max = (uint)i + 1,
            Width = Math.Clamp(c.Heading(lang).Length + 4, c.Kind == ColumnKind.Text ? 24 : 12, 40),
            CustomWidth = true,
        })));
        writer.WriteStartElement(new SheetData());
        WriteRow(writer, table.Columns.Select(c => TextCell(c.Heading(lang), Style.Heading)));
        var rows = 1;
        foreach (var row in table.Rows)
        {
            ct.ThrowIfCancellationRequested();
            if (++rows > MostRows) break;
            WriteRow(writer, table.Columns.Select((c, i) => Of(row[i], c.Kind, table.Zone)));
        }
        writer.WriteEndElement();
        if (table.Columns.Count > 0) writer.WriteElement(new AutoFilter { Reference = $"A1:{ColumnName(table.Columns.Count)}{Math.Min(rows, MostRows)}" });
        writer.WriteEndElement();
    }

    private static void WriteAbout(WorksheetPart part, ReportTable table, string? lang)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new Columns(new Column { Min = 1, Max = 2, Width = 40, CustomWidth = true }));
        writer.WriteStartElement(new SheetData());
        foreach (var (ru, en, value) in table.About) WriteRow(writer, [TextCell(lang == "en" ? en : ru, Style.Heading), TextCell(value, Style.Plain)]);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteRow(OpenXmlWriter writer, IEnumerable<Cell> cells)
    {
        writer.WriteStartElement(new Row());
        foreach (var cell in cells) writer.WriteElement(cell);
        writer.WriteEndElement();
    }

    private static Cell Of(object? value, ColumnKind kind, TimeZoneInfo zone) => value switch
    {
        null => new Cell(),
        // Text is typed as text, no spreadsheet computes it; the apostrophe is for the day when somebody saves it as CSV.
        // A phone would be nobody's with one: it stays as it is, typed as text like the rest.
        string text => TextCell(FormulaSafe.IsPhone(text) ? text : FormulaSafe.Text(text), Style.Plain),
        DateOnly day => NumberCell(day.ToDateTime(TimeOnly.MinValue).ToOADate(), Style.Day),
        DateTimeOffset at => NumberCell(TimeZoneInfo.ConvertTime(at, zone).DateTime.ToOADate(), Style.Moment),
        TimeSpan span => NumberCell(span.TotalDays, Style.Span),
        IFormattable number => new Cell { CellValue = new CellValue(number.ToString(null, CultureInfo.InvariantCulture)), DataType = CellValues.Number, StyleIndex = (uint)Of(kind) },
        _ => throw new ArgumentException($"No cell can hold a {value.GetType().Name}.", nameof(value)),
    };

    private static Style Of(ColumnKind kind) => kind switch { ColumnKind.Money => Style.Money, ColumnKind.Share => Style.Share, ColumnKind.Number => Style.Number, _ => Style.Count };

    private static Cell NumberCell(double value, Style style) => new() { CellValue = new CellValue(value.ToString("R", CultureInfo.InvariantCulture)), DataType = CellValues.Number, StyleIndex = (uint)style };

    private static Cell TextCell(string text, Style style)
    {
        // Characters that XML cannot hold would make the whole file unreadable.
        var clean = string.Concat(text.EnumerateRunes().Where(r => r.Value is '\t' or '\n' or '\r' or (>= 0x20 and not (0xFFFE or 0xFFFF))).Take(MostText / 2));
        return new(new InlineString(new DocumentFormat.OpenXml.Spreadsheet.Text(clean) { Space = SpaceProcessingModeValues.Preserve })) { DataType = CellValues.InlineString, StyleIndex = (uint)style };
    }

    /// <summary>1 is A, 27 is AA.</summary>
    private static string ColumnName(int column)
    {
        var name = "";
        for (; column > 0; column = (column - 1) / 26) name = (char)('A' + ((column - 1) % 26)) + name;
        return name;
    }

    private static Stylesheet Styles()
    {
        (uint Id, string Code)[] formats = [(164, "#,##0.######"), (165, "#,##0.00"), (166, "0.0%"), (167, "#,##0.00####"), (168, "yyyy-mm-dd"), (169, "yyyy-mm-dd hh:mm:ss"), (170, "[h]:mm:ss")];
        return new Stylesheet(
            new NumberingFormats(formats.Select(f => new NumberingFormat { NumberFormatId = f.Id, FormatCode = f.Code })) { Count = (uint)formats.Length },
            new Fonts(new Font(), new Font(new Bold())) { Count = 2 },
            new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })) { Count = 2 },
            new Borders(new Border()) { Count = 1 },
            new CellStyleFormats(new CellFormat()) { Count = 1 },
            new CellFormats([new CellFormat(), new CellFormat { FontId = 1, ApplyFont = true }, .. formats.Select(f => new CellFormat { NumberFormatId = f.Id, ApplyNumberFormat = true })]) { Count = (uint)formats.Length + 2 });
    }
}
