using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend;

/// <summary>A file of rows and cells: CSV or TSV in whatever encoding and separator, or the first sheet of a workbook.</summary>
/// <param name="Format">What it was taken for, for people: <c>CSV, «;», windows-1251</c>.</param>
/// <param name="Rows">Can be gone through again and again.</param>
internal sealed record TableFile(string Format, IEnumerable<TableRow> Rows)
{
    /// <summary>Of the file as it comes. A year of a large account, by day and keyword, is some 15 MiB.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    public const int MostRows = 200_000;
    public const int MostColumns = 200;

    /// <exception cref="UnreadableTable">It is no table, here or later while its rows are gone through.</exception>
    public static TableFile Open(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith("PK\u0003\u0004"u8)) return new("XLSX", Bounded(Workbook.Rows(bytes)));
        if (bytes.AsSpan().StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 })) throw new UnreadableTable("A workbook of the old kind (.xls): save it as .xlsx or .csv.");
        var (text, encoding) = TextTable.Decode(bytes);
        var separator = TextTable.Separator(text);
        return new($"{(separator == '\t' ? "TSV" : $"CSV, «{separator}»")}, {encoding}", Bounded(TextTable.Rows(text, separator)));
    }

    private static IEnumerable<TableRow> Bounded(IEnumerable<TableRow> rows)
    {
        foreach (var (index, row) in rows.Index())
        {
            if (index >= MostRows) throw new UnreadableTable($"More than {MostRows:N0} rows: split the file.");
            if (row.Cells.Count > MostColumns) throw new UnreadableTable($"Line {row.Line}: more than {MostColumns} columns.");
            yield return row;
        }
    }
}
