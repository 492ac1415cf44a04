using Dapper;
using LeadIngest.Api.Http;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Writes a project's own lines. Every node reads them anew with the commit: what is posted from then on is named by them.</summary>
internal static class SourceRows
{
    /// <summary>Lines of one project: every node holds them in memory.</summary>
    public const int Most = 2_000;

    public const string Columns = "id, 'own' as origin, source, nullif(medium, '') as medium, nullif(name, '') as name, channel, note, true as wins, created_at, updated_at";

    public static ProblemHttpResult Full { get; } = Problems.Conflict("dictionary-full", "The dictionary is full", $"A project keeps at most {Most} lines of its own. Remove some that name nothing any more.");

    /// <summary>Before any change: writers of one project's dictionary wait here for each other.</summary>
    public static Task ChangedAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition("""
            update projects set sources_version = sources_version + 1 where project_id = @Project;
            select pg_notify('projects', @Project::text)
            """, new { Project = project }, tx, cancellationToken: ct));

    public static object Values(Guid project, Guid id, SourceLine line)
    {
        var entry = line.ToEntry();
        return new
        {
            Project = project,
            Id = id,
            entry.Source,
            Medium = entry.Medium ?? "",
            entry.Name,
            Channel = PassportNames.ToWire(entry.Channel),
            Note = Text.Clean(line.Note, 500),
            Most,
        };
    }
}
