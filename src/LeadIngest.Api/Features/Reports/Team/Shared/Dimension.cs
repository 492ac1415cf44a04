using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>What rows of a report stand for.</summary>
/// <param name="Key">SQL of the group's key, as text; null: none.</param>
/// <param name="IsOfConnection">The key is an id of one CRM account: another account may have the same.</param>
/// <param name="IsPeriod">Keys are first days, in order.</param>
internal sealed record Dimension(string Key, bool IsOfConnection = false, bool IsPeriod = false)
{
    private static readonly string[] Passport = ["channel", "source", "medium", "campaign", "content", "keyword"];

    /// <param name="table">Alias of what holds the passport's names.</param>
    public static IEnumerable<KeyValuePair<string, Dimension>> OfPassport(string table) => Passport.Select(name => KeyValuePair.Create(name, new Dimension($"{table}.{name}")));

    /// <param name="day">SQL of the day, by the project's time zone.</param>
    public static IEnumerable<KeyValuePair<string, Dimension>> OfDay(string day) =>
    [
        new("day", new($"({day})::text", IsPeriod: true)), new("week", new($"date_trunc('week', ({day})::timestamp)::date::text", IsPeriod: true)),
        new("month", new($"date_trunc('month', ({day})::timestamp)::date::text", IsPeriod: true)),
    ];

    /// <summary>Of deals: <c>deal_facts f</c>, <c>origins o</c>.</summary>
    public static Dictionary<string, Dimension> OfDeals(string day) => new(
        [.. OfPassport("o"), .. OfDay(day), new("site", new("f.site_id::text")), new("manager", new("f.manager_id", IsOfConnection: true)), new("pipeline", new("nullif(f.pipeline_id, '')", IsOfConnection: true))],
        StringComparer.Ordinal);

    /// <summary>SQL of the CRM account to which the key belongs.</summary>
    public string Owner(string connection) => IsOfConnection ? connection : "null::uuid";
}

/// <summary>A group of a report.</summary>
/// <param name="Key">What a filter takes; <c>(none)</c>: rows that have none.</param>
/// <param name="Name">For people; of ids the CRM's name.</param>
/// <param name="ConnectionName">That account, for people: two accounts may have people or pipelines of one name.</param>
/// <param name="ConnectionId">The CRM account that the key belongs to; null where it belongs to none.</param>
internal sealed record Group(string Key, string? Name, Guid? ConnectionId, string? ConnectionName)
{
    public static Group Of(string? dimension, string? key, Guid? connection, CrmNames names) => key is null ? new(ReportQuery.None, null, null, null)
        : new(key, names.Of(dimension, connection, key), connection, names.Account(connection));

    /// <summary>Of a file's cell.</summary>
    public string Cell(string? lang) => Key == ReportQuery.None ? lang == "en" ? "(none)" : "(нет)" : Name ?? Key;
}
