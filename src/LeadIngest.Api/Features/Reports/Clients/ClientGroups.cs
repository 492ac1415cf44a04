using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>By what clients are put together: their first touch of all, or the responsible user of their newest deal.</summary>
internal static class ClientGroups
{
    public static readonly string[] Sources = ["channel", "source", "medium", "campaign"];
    public static readonly string[] All = [.. Sources, "manager"];

    /// <summary>Over <c>c</c> of client_facts and <c>o</c> of its first touch.</summary>
    /// <param name="groupBy">Null: all in one.</param>
    /// <param name="day">The day of which <c>month</c> is the month.</param>
    public static string Key(string? groupBy, string day = "null::date") => groupBy switch
    {
        "channel" or "source" or "medium" => $"coalesce(o.{groupBy}, '{ReportQuery.None}')",
        "campaign" => $"coalesce({ReportFilters.Campaign}, '{ReportQuery.None}')",
        "manager" => $"coalesce(c.manager_id, '{ReportQuery.None}')",
        "month" => $"to_char({day}, 'YYYY-MM-01')",
        _ => "''",
    };

    /// <summary>Users of two accounts may have one id.</summary>
    public static string Connection(string? groupBy) => groupBy == "manager" ? "c.connection_id" : "null::uuid";

    public static bool NeedsOrigin(string? groupBy) => groupBy is "channel" or "source" or "medium" or "campaign";

    private sealed record Row
    {
        public Guid ConnectionId { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
    }

    /// <returns>Names of the users of all accounts; empty unless managers are asked for.</returns>
    public static async Task<IReadOnlyDictionary<(Guid?, string), string>> NamesAsync(NpgsqlConnection connection, Guid projectId, string? groupBy, CancellationToken ct)
    {
        if (groupBy != "manager") return new Dictionary<(Guid?, string), string>();
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("select connection_id, id, name from crm_users where project_id = @projectId", new { projectId }, cancellationToken: ct));
        return rows.ToDictionary(r => ((Guid?)r.ConnectionId, r.Id), r => r.Name);
    }
}

/// <summary>Whom or what a row is about.</summary>
/// <param name="Key">Pass it in the filter of the same name; <c>(none)</c>: has none. A month is its first day.</param>
/// <param name="Name">For people; of a manager null when the CRM does not know the user any more.</param>
/// <param name="ConnectionId">Of a manager: the CRM account.</param>
internal sealed record GroupName(string Key, string? Name, Guid? ConnectionId)
{
    /// <summary>Stands for the groups after the last one shown.</summary>
    public static GroupName Others { get; } = new("(others)", null, null);

    public static GroupName Of(string? groupBy, string key, Guid? connection, IReadOnlyDictionary<(Guid?, string), string> names) =>
        new(key, groupBy != "manager" ? key : names.GetValueOrDefault((connection, key)), connection);

    /// <summary>In files, where there is no key beside it.</summary>
    public string Shown(string? lang) => this == Others ? lang == "en" ? "Others" : "Остальные" : Key == ReportQuery.None ? lang == "en" ? "(none)" : "(нет)" : Name ?? Key;
}
