using System.Text;
using CsvHelper;
using LeadIngest.Core.Spend;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Spend;

/// <summary>Tables as text.</summary>
internal static class TextTable
{
    /// <summary>Bytes. A longer row is a quote that nobody closed.</summary>
    private const int MostRow = 256 * 1024;

    /// <returns>The text, and the encoding for people. Without a mark at the start: UTF-8 if it is valid, else windows-1251.</returns>
    public static (string Text, string Encoding) Decode(byte[] bytes)
    {
        var body = bytes.AsSpan();
        if (body.StartsWith(Encoding.UTF8.Preamble)) return (Encoding.UTF8.GetString(body[3..]), "UTF-8");
        if (body.StartsWith(Encoding.Unicode.Preamble)) return (Encoding.Unicode.GetString(body[2..]), "UTF-16");
        if (body.StartsWith(Encoding.BigEndianUnicode.Preamble)) return (Encoding.BigEndianUnicode.GetString(body[2..]), "UTF-16");
        if (body.Length > 3 && body.Length % 2 == 0 && body[..Math.Min(body.Length, 200)].Count((byte)0) > Math.Min(body.Length, 200) / 8)
            return body[0] == 0 ? (Encoding.BigEndianUnicode.GetString(body), "UTF-16") : (Encoding.Unicode.GetString(body), "UTF-16");
        if (body.Contains((byte)0)) throw new UnreadableTable("Not a table: send CSV, TSV or XLSX.");
        return System.Text.Unicode.Utf8.IsValid(body) ? (Encoding.UTF8.GetString(body), "UTF-8") : (Windows1251.Decode(body), "windows-1251");
    }

    /// <summary>Tab and semicolon stand in few other places; a comma also stands in numbers and names, so it comes last.</summary>
    public static char Separator(string text)
    {
        var lines = text.Split('\n', 51).Take(50).Where(l => !string.IsNullOrWhiteSpace(l)).ToArray();
        foreach (var separator in "\t;|")
            if (lines.Count(l => l.Contains(separator, StringComparison.Ordinal)) * 3 >= Math.Max(1, lines.Length)) return separator;
        return ',';
    }

    public static IEnumerable<TableRow> Rows(string text, char separator)
    {
        using var reader = CsvReader.FromText(text, CsvReaderOptions.Default with
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            MaxRecordSize = MostRow,
            IncludeValuesInExceptions = false,
        });
        while (Next(reader))
        {
            var cells = new Cell[reader.FieldCount];
            for (var i = 0; i < cells.Length; i++) cells[i] = new(reader.GetString(i));
            yield return new((int)reader.LineNumber, cells);
        }
    }

    private static bool Next(CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException fault)
        {
            throw new UnreadableTable($"A row of more than {MostRow / 1024} KiB, or quotes that do not match, after row {reader.RowNumber}. Is a quote not closed?", fault);
        }
    }
}
