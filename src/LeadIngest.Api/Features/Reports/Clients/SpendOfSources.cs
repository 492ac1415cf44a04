using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>
/// Spend by the levels that clients are put together by. A campaign's spend stands where most clients of that campaign came from; spend that names no campaign, or one that brought
/// nobody, by its own source and medium, as origins spell them.
/// </summary>
internal static class SpendOfSources
{
    private sealed record Row
    {
        public string Key { get; init; } = "";
        public decimal? Money { get; init; }
        public bool Partial { get; init; }
    }

    /// <summary>Spend of a group in the project's currency; partial when a part of it is in a currency without a rate.</summary>
    internal readonly record struct Known(decimal? Money, bool IsPartial);

    /// <returns>By key. Empty where spend cannot be told apart: by manager, and under filters of more than channel, source, medium and campaign.</returns>
    public static async Task<IReadOnlyDictionary<string, Known>> ReadAsync(NpgsqlConnection connection, Guid projectId, ReportQuery query, string? groupBy, DayRange range, CancellationToken ct)
    {
        if (groupBy == "manager" || query.Content is not null || query.Keyword is not null || query.SiteId is not null || query.ConnectionId is not null || query.Manager is not null || query.Pipeline is not null)
            return new Dictionary<string, Known>();
        var key = groupBy switch
        {
            null => "''",
            "month" => "to_char(day, 'YYYY-MM-01')",
            _ => $"coalesce({groupBy}, '{ReportQuery.None}')",
        };
        string Filter(string column, string? value) => value is null ? "" : value == ReportQuery.None ? $" and {column} is null" : $" and {column} = @{column}";
        var where = Filter("channel", query.Channel) + Filter("source", query.Source) + Filter("medium", query.Medium) + Filter("campaign", query.Campaign);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"""
            with used as (select origin_id, count(*) as clients from client_facts where project_id = @projectId group by origin_id),
            campaigns as (
                select distinct on (o.campaign_key) o.campaign_key, o.channel, o.source, o.medium, {ReportFilters.Campaign} as campaign
                from origins o left join used u on u.origin_id = o.id where o.project_id = @projectId and o.campaign_key is not null order by o.campaign_key, u.clients desc nulls last, o.id),
            sources as (
                select distinct on (lower(o.source), lower(coalesce(o.medium, ''))) lower(o.source) as name, lower(coalesce(o.medium, '')) as kind, o.channel, o.source, o.medium
                from origins o left join used u on u.origin_id = o.id where o.project_id = @projectId and o.source is not null
                order by lower(o.source), lower(coalesce(o.medium, '')), u.clients desc nulls last, o.id),
            rows as (
                select s.day, s.money, coalesce(k.channel, n.channel) as channel, coalesce(k.source, n.source, s.source) as source,
                    case when k.campaign_key is not null then k.medium else coalesce(n.medium, s.medium) end as medium, coalesce(k.campaign, s.campaign_name) as campaign
                from spend_money s left join campaigns k on k.campaign_key = s.campaign_key
                    left join sources n on k.campaign_key is null and n.name = lower(s.source) and n.kind = lower(coalesce(s.medium, ''))
                where s.project_id = @projectId and s.day between @from and @to)
            select {key} as key, round(sum(money), 2) as money, bool_or(money is null) as partial from rows where true {where} group by 1
            """, new { projectId, from = range.From, to = range.To, channel = query.Channel, source = query.Source, medium = query.Medium, campaign = query.Campaign }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Key, r => new Known(r.Money, r.Partial));
    }
}
