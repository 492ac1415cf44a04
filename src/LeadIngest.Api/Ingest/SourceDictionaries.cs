using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>Projects' dictionaries of sources, read again only when their version has grown.</summary>
internal sealed class SourceDictionaries
{
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<Guid, (int Version, SourceDictionary Dictionary)> _dictionaries = new();

    /// <param name="version">Read before the entries, so that a dictionary is never newer by name than by content.</param>
    public async ValueTask<SourceDictionary> ReadAsync(NpgsqlConnection connection, Guid project, int version, CancellationToken ct)
    {
        if (version == 0) return SourceDictionary.Default;
        if (_dictionaries.TryGetValue(project, out var known) && known.Version == version) return known.Dictionary;
        var dictionary = SourceDictionary.Default.With(await EntriesAsync(connection, project, ct));
        if (_dictionaries.Count >= MaxRemembered) _dictionaries.Clear();
        _dictionaries[project] = (version, dictionary);
        return dictionary;
    }

    /// <summary>As it stands this moment.</summary>
    public async Task<SourceDictionary> ReadAsync(NpgsqlConnection connection, Guid project, CancellationToken ct) => await ReadAsync(connection, project,
        await connection.ExecuteScalarAsync<int>(new CommandDefinition("select sources_version from projects where project_id = @Project", new { Project = project }, cancellationToken: ct)), ct);

    /// <summary>The project's own lines.</summary>
    public static async Task<IReadOnlyList<SourceEntry>> EntriesAsync(NpgsqlConnection connection, Guid project, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(string Source, string Medium, string Name, string Channel)>(new CommandDefinition(
            "select source, medium, name, channel from source_entries where project_id = @Project", new { Project = project }, cancellationToken: ct));
        return [.. rows.Select(r => new SourceEntry(r.Source, r.Medium.Length == 0 ? null : r.Medium, r.Name, PassportNames.TryParse(r.Channel, out Channel channel) ? channel : Channel.Other))];
    }
}
