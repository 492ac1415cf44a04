using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http.Masks;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>A list of people as a file: read row by row while it is written, and refused to callers who may not see how people are reached.</summary>
internal static class PeopleFile
{
    /// <summary>Rows of a file.</summary>
    public const int Most = 100_000;

    private const int Seconds = 60;

    /// <param name="Name">Of the file, Latin.</param>
    /// <param name="Sql">The rows.</param>
    /// <param name="Arguments">Of the rows.</param>
    /// <param name="Cells">Of a row, one a column.</param>
    internal sealed record Source<T>(string Name, IReadOnlyList<ReportColumn> Columns, string Sql, object Arguments, Func<T, IReadOnlyList<object?>> Cells);

    public static async Task<IResult> AnswerAsync<T>(HttpContext context, Database db, Guid project, string format, string? lang, Source<T> source, CancellationToken ct)
    {
        if (!MaskedAnswers.SeesAll(context)) return RefusesMasked.Refusal;
        var connection = await db.Reports.OpenConnectionAsync(ct);
        // Read while the answer is written, and closed with it, finished or not.
        context.Response.RegisterForDisposeAsync(connection);
        var zone = (await ReportProject.ReadAsync(connection, project, ct)).Zone;
        // The audit log knows how many people leave before they do. Who comes in within this moment is in the file besides: no transaction may stand open for as long as a slow reader likes.
        var count = await connection.ExecuteScalarAsync<int>(new CommandDefinition($"select count(*) from ({source.Sql}) counted", source.Arguments, commandTimeout: Seconds, cancellationToken: ct));
        return ReportAnswer.FileOf(format, lang, new(source.Name, source.Columns, Rows(connection, source), zone) { Count = count });
    }

    private static IEnumerable<IReadOnlyList<object?>> Rows<T>(NpgsqlConnection connection, Source<T> source)
    {
        foreach (var row in connection.Query<T>(source.Sql, source.Arguments, buffered: false, commandTimeout: Seconds)) yield return source.Cells(row);
    }
}
