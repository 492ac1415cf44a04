using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Cell = LeadIngest.Core.Spend.Cell;
using TableRow = LeadIngest.Core.Spend.TableRow;

namespace LeadIngest.Api.Spend;

/// <summary>The first visible sheet of an XLSX workbook, row by row. Formulas are never computed: the value that was saved with them counts.</summary>
internal static partial class Workbook
{
    /// <summary>What a workbook may unpack to, in all and in one part. Its packed form is bounded already; a bomb is a thousand times that.</summary>
    private const long MostUnpacked = 150 * 1024 * 1024;

    private const int MostParts = 1_000;

    /// <summary>Stands for a formula that was saved without its value; no number, so that its row is refused.</summary>
    private const string NoValue = "(formula without a value)";

    public static IEnumerable<TableRow> Rows(byte[] bytes)
    {
        Guard(bytes);
        using var book = Open(bytes);
        var part = book.WorkbookPart ?? throw new UnreadableTable("Not a workbook: it has no sheets.");
        var sheet = Try(() => part.Workbook.Descendants<Sheet>().FirstOrDefault(s => s.State is null || s.State == SheetStateValues.Visible));
        if (sheet?.Id?.Value is not { } id || part.GetPartById(id) is not WorksheetPart worksheet) throw new UnreadableTable("The workbook has no sheet with cells.");
        var texts = Try(() => SharedTexts(part));
        var dates = Try(() => DateStyles(part));
        var base1904 = part.Workbook.WorkbookProperties?.Date1904?.Value == true;

        using var reader = OpenXmlReader.Create(worksheet);
        var line = 0;
        while (Try(reader.Read))
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement) continue;
            var row = Try(() => (Row)reader.LoadCurrentElement()!);
            line = (int?)row.RowIndex?.Value ?? line + 1;
            yield return new(line, Cells(row, texts, dates, base1904));
        }
    }

    private static List<Cell> Cells(Row row, IReadOnlyList<string> texts, HashSet<uint> dates, bool base1904)
    {
        var cells = new List<Cell>();
        foreach (var cell in row.Elements<DocumentFormat.OpenXml.Spreadsheet.Cell>())
        {
            var at = cell.CellReference?.Value is { } reference ? Column(reference) : cells.Count;
            if (at >= TableFile.MostColumns) throw new UnreadableTable($"Line {row.RowIndex?.Value}: more than {TableFile.MostColumns} columns.");
            while (cells.Count < at) cells.Add(new(""));
            cells.Add(Read(cell, texts, dates, base1904));
        }
        return cells;
    }

    private static Cell Read(DocumentFormat.OpenXml.Spreadsheet.Cell cell, IReadOnlyList<string> texts, HashSet<uint> dates, bool base1904)
    {
        var value = cell.CellValue?.Text;
        if (value is null && cell.CellFormula is not null) return new(NoValue);
        var type = cell.DataType?.Value;
        if (type == CellValues.SharedString) return new(int.TryParse(value, CultureInfo.InvariantCulture, out var at) && at >= 0 && at < texts.Count ? texts[at] : "");
        if (type == CellValues.InlineString) return new(cell.InlineString?.InnerText ?? "");
        if (type == CellValues.Date) return new(value ?? "", Typed: true);
        if (type is not null && type != CellValues.Number) return new(value ?? "");
        if (string.IsNullOrEmpty(value) || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return new(value ?? "");
        if (cell.StyleIndex?.Value is { } style && dates.Contains(style) && number is > 0 and < 100_000)
            return new(new DateOnly(1899, 12, 30).AddDays((int)number + (base1904 ? 1462 : 0)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Typed: true);
        // Binary fractions: 0.1 + 0.2 is saved as 0.30000000000000004.
        return Math.Abs(number) < 1e15 ? new(Math.Round((decimal)number, 6).ToString("0.######", CultureInfo.InvariantCulture), Typed: true) : new(value);
    }

    private static int Column(string reference)
    {
        var column = 0;
        foreach (var c in reference.TakeWhile(char.IsAsciiLetterUpper).Take(4)) column = (column * 26) + c - 'A' + 1;
        return Math.Max(0, column - 1);
    }

    private static List<string> SharedTexts(WorkbookPart part)
    {
        var texts = new List<string>();
        if (part.SharedStringTablePart is not { } table) return texts;
        using var reader = OpenXmlReader.Create(table);
        while (reader.Read())
            if (reader.ElementType == typeof(SharedStringItem) && reader.IsStartElement) texts.Add(reader.LoadCurrentElement()!.InnerText);
        return texts;
    }

    /// <summary>The styles that show a number as a day.</summary>
    private static HashSet<uint> DateStyles(WorkbookPart part)
    {
        if (part.WorkbookStylesPart?.Stylesheet is not { } styles) return [];
        var own = styles.NumberingFormats?.Elements<NumberingFormat>()
            .Where(f => f.NumberFormatId is not null && IsDate(f.FormatCode?.Value ?? "")).Select(f => f.NumberFormatId!.Value).ToHashSet() ?? [];
        return [.. (styles.CellFormats?.Elements<CellFormat>() ?? []).Index()
            .Where(f => f.Item.NumberFormatId?.Value is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 50 and <= 58) || own.Contains(f.Item.NumberFormatId?.Value ?? 0)).Select(f => (uint)f.Index)];
    }

    private static bool IsDate(string format) => Quoted().Replace(format, "").AsSpan().IndexOfAny("yYdD") >= 0;

    /// <summary>By the sizes that the archive itself tells; one that lies is stopped by <c>MaxCharactersInPart</c> while it is read.</summary>
    private static void Guard(byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (archive.Entries.Count > MostParts || archive.Entries.Sum(e => e.Length) > MostUnpacked)
                throw new UnreadableTable($"The workbook unpacks to more than {MostUnpacked / 1024 / 1024} MiB: save the sheet as CSV.");
        }
        catch (InvalidDataException fault)
        {
            throw new UnreadableTable("Not a workbook: the archive is broken.", fault);
        }
    }

    private static SpreadsheetDocument Open(byte[] bytes) => Try(() =>
        SpreadsheetDocument.Open(new MemoryStream(bytes, writable: false), false, new OpenSettings { MaxCharactersInPart = MostUnpacked }));

    private static T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is OpenXmlPackageException or XmlException or InvalidDataException or FileFormatException or FormatException
            or ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new UnreadableTable("Not a workbook that can be read: save the sheet as CSV.", fault);
        }
    }

    [GeneratedRegex("""
        "[^"]*"|\\.|\[[^\]]*\]
        """)]
    private static partial Regex Quoted();
}
