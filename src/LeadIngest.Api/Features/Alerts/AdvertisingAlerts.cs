using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Tags;
using LeadIngest.Core.Metrics;
using Npgsql;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Sources that fell silent, and links that are marked wrongly.</summary>
internal static class AdvertisingAlerts
{
    private const int TagDays = 7, WorstCampaigns = 5;

    /// <summary>One link mistyped by a visitor is no fault of a campaign.</summary>
    private const int FewestFaulty = 3;

    private sealed record Hour(string Source, DateTimeOffset At, int Leads, DateTimeOffset Last);

    // By properties: Dapper finds no constructor that takes an array.
    private sealed record Campaign
    {
        public string? Source { get; init; }
        public string? Name { get; init; }
        public long Leads { get; init; }
        public string[] Faults { get; init; } = [];
        public DateTimeOffset First { get; init; }
    }

    public static async Task<IEnumerable<Alert>> FindAsync(NpgsqlConnection connection, ReportProject project, DateTimeOffset now) =>
        [.. await SilentAsync(connection, project, now), .. await TagsAsync(connection, project, now)];

    private static async Task<IEnumerable<Alert>> SilentAsync(NpgsqlConnection connection, ReportProject project, DateTimeOffset now)
    {
        var hours = await connection.QueryAsync<Hour>(new CommandDefinition(ByHour, new { ProjectId = project.Id, Begin = now - Silence.Longest - TimeSpan.FromDays(7 * Silence.Weeks), Now = now }));
        return hours.GroupBy(h => h.Source, StringComparer.Ordinal)
            .Select(s => (Source: s.Key, Silent: Silence.Of(s.ToDictionary(h => h.At.ToUniversalTime(), h => h.Leads), s.Max(h => h.Last), now, project.Working, project.Zone)))
            .Where(s => s.Silent is not null).OrderBy(s => s.Silent!.Chance)
            .Select(s => new Alert("noLeads", "error", s.Silent!.Since, 1, s.Source, null, new Dictionary<string, object?>
            {
                ["source"] = s.Source,
                ["usualPerDay"] = Math.Round(s.Silent.UsualADay, 1),
                ["expected"] = Math.Round(s.Silent.Expected, 1),
                ["chance"] = s.Silent.Chance,
                ["silentHours"] = Math.Round((now - s.Silent.Since).TotalHours, 1),
                ["silentWorkingHours"] = project.Working is { } working ? Math.Round(working.Between(s.Silent.Since, now, project.Zone).TotalHours, 1) : null,
            }));
    }

    private static async Task<IEnumerable<Alert>> TagsAsync(NpgsqlConnection connection, ReportProject project, DateTimeOffset now)
    {
        var campaigns = (await connection.QueryAsync<Campaign>(new CommandDefinition(Faulty, new { ProjectId = project.Id, Begin = now.AddDays(-TagDays), End = now, TagReading.Faults }))).AsList();
        var leads = campaigns.Sum(c => c.Leads);
        if (leads < FewestFaulty) return [];
        return
        [
            new("tagFaults", "warning", campaigns.Min(c => c.First), leads, null, null, new Dictionary<string, object?>
            {
                ["days"] = TagDays,
                ["campaigns"] = campaigns.Take(WorstCampaigns).Select(c => new { c.Source, Campaign = c.Name, c.Leads, c.Faults }).ToArray(),
                ["moreCampaigns"] = Math.Max(0, campaigns.Count - WorstCampaigns),
            }),
        ];
    }

    private const string ByHour = """
        select source, date_trunc('hour', coalesce(occurred_at, received_at), 'UTC') as at, count(*)::int as leads, max(coalesce(occurred_at, received_at)) as last
        from leads where project_id = @ProjectId and coalesce(occurred_at, received_at) >= @Begin and coalesce(occurred_at, received_at) <= @Now and source is not null and status in ('new', 'repeat')
        group by 1, 2
        """;

    private const string Faulty = $"""
        select p.source, p.campaign as name, count(*) as leads, array_agg(distinct f.name) as faults, min(p.at) as first
        from {TagReading.Leads} cross join lateral (select min(w.name) as name from {TagReading.Warnings} having count(*) > 0) f
        group by 1, 2 order by 3 desc, 2, 1
        """;
}
