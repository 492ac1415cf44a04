using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Junk;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>Stop lists by project, read again only when their version has grown: a site's other settings are read every few seconds.</summary>
internal sealed class StopLists
{
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<Guid, (int Version, StopList List)> _lists = new();

    /// <param name="version">Read before the list, so that a list is never newer by name than by content.</param>
    public async ValueTask<StopList> ReadAsync(NpgsqlConnection connection, Guid project, int version, CancellationToken ct)
    {
        if (version == 0) return StopList.Empty;
        if (_lists.TryGetValue(project, out var known) && known.Version == version) return known.List;
        var rows = await connection.QueryAsync<(string Kind, string Value, string Verdict)>(new CommandDefinition(
            "select kind, value, verdict from stop_list where project_id = @Project", new { Project = project }, cancellationToken: ct));
        var list = new StopList(rows.Select(r => new StopEntry(Enum.Parse<StopKind>(r.Kind, ignoreCase: true), r.Value,
            r.Verdict == "test" ? LeadStatus.Test : LeadStatus.Spam)));
        if (_lists.Count >= MaxRemembered) _lists.Clear();
        _lists[project] = (version, list);
        return list;
    }
}
