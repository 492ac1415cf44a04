using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Numbers that were out, input that was not understood, spend that does not come, figures that are behind, things missing on either side; and whether all this is a demo.</summary>
internal static class UpkeepAlerts
{
    private const int SpendHours = 36;

    /// <summary>Counted exactly up to here.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan FiguresLate = TimeSpan.FromMinutes(5);

    private sealed record Pool(Guid SiteId, string Name, int Asked, int Exhausted, int Overflowed, DateTimeOffset Since);

    private sealed record Cabinet(Guid Id, string Name, string Kind, string State, DateOnly? LoadedTo, DateTimeOffset? Since, bool HasError);

    private sealed record Missing(string Kind, long Count, DateTimeOffset Since);

    private sealed record State(bool IsDemo, long Rejects, DateTimeOffset? RejectsSince, DateTimeOffset? MarkedAt, double? Rebuilding);

    public static async Task<IEnumerable<Alert>> FindAsync(NpgsqlConnection connection, Guid projectId, DateTimeOffset now)
    {
        var args = new { ProjectId = projectId, DayAgo = now.AddDays(-1), StaleBefore = now.AddHours(-SpendHours), Most };
        var pools = await connection.QueryAsync<Pool>(new CommandDefinition(Pools, args));
        var cabinets = await connection.QueryAsync<Cabinet>(new CommandDefinition(Cabinets, args));
        var missing = (await connection.QueryAsync<Missing>(new CommandDefinition(Findings, args))).AsList();
        var state = await connection.QuerySingleAsync<State>(new CommandDefinition(Rest, args));
        var alerts = new List<Alert>();
        alerts.AddRange(pools.Select(p => new Alert("poolExhausted", p.Overflowed < p.Exhausted ? "error" : "warning", p.Since, p.Exhausted, p.Name, p.SiteId.ToString(),
            new Dictionary<string, object?> { ["hours"] = 24, ["asked"] = p.Asked, ["exhausted"] = p.Exhausted, ["overflowed"] = p.Overflowed })));
        if (state.Rejects > 0)
            alerts.Add(new("rejects", "warning", state.RejectsSince, Math.Min(state.Rejects, Most), null, null, new Dictionary<string, object?> { ["isMore"] = state.Rejects > Most }));
        alerts.AddRange(cabinets.Select(c => new Alert("spendStale", c.State == "needs_reauth" ? "error" : "warning", c.Since, 1, c.Name, c.Id.ToString(),
            new Dictionary<string, object?> { ["cabinet"] = c.Kind, ["state"] = c.State, ["loadedTo"] = c.LoadedTo, ["hasError"] = c.HasError })));
        if (state.MarkedAt is { } marked && now - marked > FiguresLate)
            alerts.Add(new("figuresLate", state.Rebuilding is null ? "warning" : "info", marked, 1, null, null,
                new Dictionary<string, object?> { ["seconds"] = Math.Round((now - marked).TotalSeconds), ["rebuilding"] = state.Rebuilding }));
        if (missing.Count > 0)
            alerts.Add(new("reconcileMissing", "warning", missing.Min(m => m.Since), missing.Sum(m => m.Count), null, null,
                new Dictionary<string, object?> { ["kinds"] = missing.ToDictionary(m => m.Kind, m => m.Count) }));
        if (state.IsDemo) alerts.Add(new("demo", "info", null, 1, null, null, new Dictionary<string, object?>()));
        return alerts;
    }

    private const string Pools = """
        select u.site_id, s.name, sum(u.asked)::int as asked, sum(u.exhausted)::int as exhausted, sum(u.overflowed)::int as overflowed, min(u.hour) filter (where u.exhausted > 0) as since
        from number_usage u join sites s on s.project_id = u.project_id and s.id = u.site_id
        where u.project_id = @ProjectId and u.hour >= date_trunc('hour', @DayAgo::timestamptz, 'UTC') group by u.site_id, s.name having sum(u.exhausted) > 0 order by 4 desc
        """;

    // One that a person has paused is not asked. A new one has as long for its first load as others for their next.
    private const string Cabinets = """
        select a.id, a.name, a.kind, c.state, c.loaded_to, coalesce(case when c.state = 'needs_reauth' then c.last_error_at end, c.last_load_at, a.created_at) as since, c.last_error is not null as has_error
        from spend_cabinets c join spend_accounts a on a.project_id = c.project_id and a.id = c.account_id
        where c.project_id = @ProjectId and not c.paused and (c.state = 'needs_reauth' or coalesce(c.last_load_at, a.created_at) < @StaleBefore) order by a.id
        """;

    private const string Findings = """
        select kind, count(*) as count, min(first_seen_at) as since from reconcile_findings where project_id = @ProjectId and resolved_at is null group by kind order by kind
        """;

    private const string Rest = """
        select p.is_demo, r.rejects, r.rejects_since, (select min(marked_at) from figure_marks m where m.project_id = p.project_id) as marked_at,
            (select least(1, done::float8 / greatest(total, 1)) from figure_rebuilds f where f.project_id = p.project_id and f.part <> 'done') as rebuilding
        from projects p cross join lateral (
            select count(*) as rejects, min(x.received_at) as rejects_since from (
                select received_at from rejects where project_id = p.project_id and state = 'open' order by id desc limit @Most + 1) x) r
        where p.project_id = @ProjectId
        """;
}
