using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>A report in the form that was asked for.</summary>
internal static class ReportAnswer
{
    public const string Csv = "text/csv";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Describes both forms to the API's description: JSON of <typeparamref name="T"/>, or a file.</summary>
    public static RouteHandlerBuilder ProducesReport<T>(this RouteHandlerBuilder route) =>
        route.Produces<T>(StatusCodes.Status200OK, "application/json", Csv, Xlsx);

    /// <param name="query">Says the form and the language.</param>
    /// <param name="response">For JSON.</param>
    /// <param name="table">For files; asked for only then.</param>
    public static IResult Of<T>(ReportQuery query, T response, Func<ReportTable> table) => query.Format switch
    {
        "csv" => File(table(), query.Lang, Csv, "csv", ReportCsv.WriteAsync),
        "xlsx" => File(table(), query.Lang, Xlsx, "xlsx", ReportXlsx.WriteAsync),
        _ => TypedResults.Ok(response),
    };

    /// <summary>A table as the file that was asked for: <c>csv</c> or <c>xlsx</c>.</summary>
    public static IResult FileOf(string format, string? lang, ReportTable table) =>
        format == "xlsx" ? File(table, lang, Xlsx, "xlsx", ReportXlsx.WriteAsync) : File(table, lang, Csv, "csv", ReportCsv.WriteAsync);

    private static ReportFile File(ReportTable table, string? lang, string type, string extension, Func<ReportTable, string?, Stream, CancellationToken, Task> write)
    {
        if (table.Count is null)
        {
            IReadOnlyList<object?>[] rows = [.. table.Rows];
            table = table with { Rows = rows, Count = rows.Length };
        }
        return new(table, (shown, stream) => write(shown, lang, stream, CancellationToken.None), type, $"{table.Name}.{extension}");
    }

    /// <summary>A file; its cells are masked for a caller who may not see how people are reached. How many rows leave with it is known before the first one does: the audit log keeps that.</summary>
    private sealed class ReportFile(ReportTable table, Func<ReportTable, Stream, Task> write, string type, string name) : IResult, ICounted
    {
        public int Count => table.Count ?? 0;

        public Task ExecuteAsync(HttpContext context)
        {
            var shown = MaskedAnswers.SeesAll(context) ? table : table with { Rows = table.Rows.Select(row => (IReadOnlyList<object?>)[.. row.Select(cell => cell is string text ? Veil.Text(text) : cell)]) };
            return TypedResults.Stream(stream => write(shown, stream), type, name).ExecuteAsync(context);
        }
    }
}
