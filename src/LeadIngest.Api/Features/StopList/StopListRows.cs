using System.Globalization;
using Dapper;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.StopList;

/// <summary>An entry to be kept.</summary>
/// <param name="Value">Normalised.</param>
internal sealed record StopListRow(string Kind, string Value, string Verdict, string? Note);

/// <summary>An entry of the stop list.</summary>
internal sealed record StopListAnswer
{
    public required Guid Id { get; init; }

    /// <summary><c>phone</c>, <c>email</c>, <c>domain</c>, <c>ip</c>, <c>word</c> or <c>visitor</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>In the one spelling that leads are compared by: +79161234567, 192.0.2.0/24.</summary>
    [Contact(MaskKind.Any)] public required string Value { get; init; }

    /// <summary>What a lead becomes that it names: <c>spam</c> or <c>test</c>.</summary>
    public required string Verdict { get; init; }

    [Contact(MaskKind.Free)] public string? Note { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Writes to a project's stop list.</summary>
internal static class StopListRows
{
    /// <summary>Entries of one project. Far above what people keep, and every node holds them all in memory.</summary>
    public const int Most = 10_000;

    public const string Columns = "id, kind, value, verdict, note, created_at";

    public static ProblemHttpResult Full { get; } = Problems.Conflict("stop-list-full", "The stop list is full",
        $"A project keeps at most {Most.ToString("N0", CultureInfo.InvariantCulture)} entries. Remove some that match nothing any more.");

    /// <summary>Adds entries; one that is there already gets the new verdict and note. Other nodes hear of it with the commit.</summary>
    /// <returns>The entries as they are now; null when the list would be too long: nothing must be committed then.</returns>
    public static async Task<IReadOnlyList<StopListAnswer>?> SaveAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, IReadOnlyList<StopListRow> rows,
        DateTimeOffset now, CancellationToken ct)
    {
        await ChangedAsync(connection, tx, project, ct);
        var saved = await connection.QueryAsync<StopListAnswer>(new CommandDefinition(Save, new
        {
            ProjectId = project,
            Ids = rows.Select(_ => Guid.CreateVersion7(now)).ToArray(),
            Kinds = rows.Select(r => r.Kind).ToArray(),
            Values = rows.Select(r => r.Value).ToArray(),
            Verdicts = rows.Select(r => r.Verdict).ToArray(),
            Notes = rows.Select(r => r.Note).ToArray(),
        }, tx, cancellationToken: ct));
        var all = await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(*) from stop_list where project_id = @Project", new { Project = project }, tx, cancellationToken: ct));
        return all > Most ? null : saved.AsList();
    }

    /// <summary>Before any change: it also makes writers of one project's list wait for each other.</summary>
    public static Task ChangedAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Changed, new { Project = project }, tx, cancellationToken: ct));

    private const string Changed = """
        update projects set stop_list_version = stop_list_version + 1 where project_id = @Project;
        select pg_notify('projects', @Project::text)
        """;

    private const string Save = $"""
        insert into stop_list (project_id, id, kind, value, verdict, note)
        select @ProjectId, * from unnest(@Ids, @Kinds, @Values, @Verdicts, @Notes)
        on conflict (project_id, kind, value) do update set verdict = excluded.verdict, note = excluded.note
        returning {Columns}
        """;
}
