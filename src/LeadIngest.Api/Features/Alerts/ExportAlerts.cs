using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>
/// Files of people that are larger than usual: within a day one person or API key has taken out <see cref="Least"/> people or more, and over <see cref="Times"/> times as many as on any of the
/// <see cref="Days"/> days before. An export is a right and no fault; the owner is told, and asks.
/// </summary>
internal static class ExportAlerts
{
    private const int Least = 1_000, Times = 3, Days = 30;

    private sealed record Taken(Guid WhoId, string Who, bool IsKey, long People, long Files, long Usual, DateTimeOffset Since);

    public static async Task<IEnumerable<Alert>> FindAsync(NpgsqlConnection connection, Guid projectId, DateTimeOffset now)
    {
        var args = new { ProjectId = projectId, From = Guid.CreateVersion7(now.AddDays(-1 - Days)), Now = now, Least, Times };
        return (await connection.QueryAsync<Taken>(new CommandDefinition(Unusual, args))).Select(t => new Alert("exportsUnusual", "warning", t.Since, t.People, t.Who, t.WhoId.ToString(),
            new Dictionary<string, object?> { ["files"] = t.Files, ["usual"] = t.Usual, ["isKey"] = t.IsKey }));
    }

    // A file without a count is that of one person.
    private const string Unusual = """
        with files as (
            select coalesce(user_id, key_id) as who_id, user_id is null as is_key, who, at, coalesce((detail ->> 'count')::bigint, 1) as people,
                greatest(0, floor(extract(epoch from @Now - at) / 86400)) as days_ago
            from audit where project_id = @ProjectId and id >= @From and detail ? 'people'),
        days as (
            select who_id, days_ago, bool_or(is_key) as is_key, (array_agg(who order by at desc))[1] as who, min(at) as since, sum(people)::bigint as people, count(*) as files from files group by who_id, days_ago)
        select t.who_id, t.who, t.is_key, t.people, t.files, u.usual, t.since
        from days t cross join lateral (select coalesce(max(b.people), 0)::bigint as usual from days b where b.who_id = t.who_id and b.days_ago > 0) u
        where t.days_ago = 0 and t.people >= @Least and t.people > @Times * u.usual
        order by t.people desc, t.who_id
        """;
}
