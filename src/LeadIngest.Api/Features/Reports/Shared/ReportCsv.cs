using System.Globalization;
using CsvHelper;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>Writes a report as CSV: UTF-8 with a byte order mark, as spreadsheets in Russian (<c>;</c>, decimal comma) or in English (<c>,</c>, point) open it.</summary>
internal static class ReportCsv
{
    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "" };

    public static async Task WriteAsync(ReportTable table, string? lang, Stream stream, CancellationToken ct)
    {
        var (separator, numbers) = lang == "en" ? (',', CultureInfo.InvariantCulture.NumberFormat) : (';', Comma);
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { Separator = separator, WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var column in table.Columns) csv.WriteField(column.Heading(lang));
        await csv.EndRecordAsync(ct);
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < table.Columns.Count; i++) csv.WriteField(Cell(row[i], table, numbers, table.Columns[i].Kind));
            await csv.EndRecordAsync(ct);
        }
        await csv.FlushAsync(ct);
    }

    private static string Cell(object? value, ReportTable table, NumberFormatInfo numbers, ColumnKind kind) => value switch
    {
        null => "",
        string text => FormulaSafe.Text(text),
        decimal money when kind == ColumnKind.Money => money.ToString("0.00", numbers),
        decimal number => number.ToString("0.############", numbers),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => TimeZoneInfo.ConvertTime(at, table.Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}"),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"No cell can hold a {value.GetType().Name}.", nameof(value)),
    };
}
