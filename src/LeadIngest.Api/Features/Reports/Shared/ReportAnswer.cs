using Microsoft.AspNetCore.Http.HttpResults;

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

    private static PushStreamHttpResult File(ReportTable table, string? lang, string type, string extension, Func<ReportTable, string?, Stream, CancellationToken, Task> write) =>
        TypedResults.Stream(stream => write(table, lang, stream, CancellationToken.None), type, $"{table.Name}.{extension}");
}
