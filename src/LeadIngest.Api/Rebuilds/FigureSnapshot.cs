using Dapper;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Rebuilds;

/// <summary>
/// Keeps a project's figures by month and source as they stand: visits, leads, deals and won money by the source of each deal's own lead, spend by the
/// name that the dictionary gives its source. Counted from the facts themselves, whatever reports keep besides.
/// </summary>
internal static class FigureSnapshot
{
    /// <summary>Campaigns shown one by one in a month of one source and medium; the rest are counted together.</summary>
    public const int MostCampaigns = 200;

    /// <summary>In the place of the campaigns beyond.</summary>
    public const string Others = "…";

    private const int Seconds = 1800;

    /// <param name="moment"><c>before</c> or <c>after</c>; what was kept for it is replaced.</param>
    public static async Task KeepAsync(NpgsqlConnection connection, Guid project, Guid rebuild, string moment, SourceDictionary dictionary, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        CommandDefinition Of(string sql) => new(sql, new { Project = project, Rebuild = rebuild, Moment = moment, MostCampaigns, Others }, tx, Seconds, cancellationToken: ct);
        await connection.ExecuteAsync(Of($"set local statement_timeout = '{Seconds}s'"));
        await connection.ExecuteAsync(Of("delete from figure_snapshots where project_id = @Project and rebuild_id = @Rebuild and moment = @Moment"));
        var n = await connection.ExecuteAsync(Of(Facts));
        var spend = await connection.QueryAsync<(DateOnly Month, string? Source, string? Medium, string? Campaign, decimal Money)>(Of(Spend));
        var named = spend.Select(s => (s.Month, Named: Name(s.Source, s.Medium, dictionary), Medium: s.Medium?.ToLowerInvariant(), s.Campaign, s.Money))
            .GroupBy(s => (s.Month, s.Named, s.Medium, s.Campaign)).Select(g => (g.Key, Money: g.Sum(s => s.Money))).ToList();
        await using (var copy = await connection.BeginBinaryImportAsync("copy figure_snapshots (project_id, rebuild_id, moment, n, month, channel, source, medium, campaign, spend) from stdin (format binary)", ct))
        {
            foreach (var (key, money) in named)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(project, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(rebuild, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(moment, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(++n, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(key.Month, NpgsqlDbType.Date, ct);
                await copy.WriteAsync(PassportNames.ToWire(key.Named.Channel), NpgsqlDbType.Text, ct);
                foreach (var text in new[] { key.Named.Source, key.Medium, key.Campaign })
                {
                    if (text is null) await copy.WriteNullAsync(ct);
                    else await copy.WriteAsync(text, NpgsqlDbType.Text, ct);
                }
                await copy.WriteAsync(money, NpgsqlDbType.Numeric, ct);
            }
            await copy.CompleteAsync(ct);
        }
        await tx.CommitAsync(ct);
    }

    /// <summary>As a visit with these tags would be called.</summary>
    private static (Channel Channel, string? Source) Name(string? source, string? medium, SourceDictionary dictionary)
    {
        if (SourceEntry.KeyOf(source) is not { } key) return (Channel.Unknown, null);
        return dictionary.TryFind(key, medium?.ToLowerInvariant(), out var entry) ? (entry.Channel, entry.Name.Length > 0 ? entry.Name : source) : (Channel.Other, source);
    }

    private const string Facts = """
        with p as materialized (select time_zone as zone, currency::text as currency from projects where project_id = @Project),
        facts as (
            select date_trunc('month', v.started_at at time zone p.zone)::date as month, v.channel, v.source, v.medium, v.campaign, count(*) as visits, 0::bigint as leads, 0::bigint as deals, 0::bigint as won, 0::numeric as revenue
            from visits v cross join p where v.project_id = @Project and not v.is_bot group by 1, 2, 3, 4, 5
            union all
            select date_trunc('month', coalesce(l.occurred_at, l.received_at) at time zone p.zone)::date, l.channel, l.source, l.medium, l.campaign, 0, count(*), 0, 0, 0
            from leads l cross join p where l.project_id = @Project and l.status not in ('spam', 'test', 'duplicate') group by 1, 2, 3, 4, 5
            union all
            select date_trunc('month', coalesce(d.created_at, d.first_seen_at) at time zone p.zone)::date, coalesce(l.channel, 'unknown'), l.source, l.medium, l.campaign, 0, 0, count(*), 0, 0
            from deals d cross join p left join leads l on l.project_id = d.project_id and l.id = d.lead_id
            where d.project_id = @Project and d.kind = 'deal' and d.deleted_at is null group by 1, 2, 3, 4, 5
            union all
            select date_trunc('month', coalesce(d.closed_at, d.moved_at, d.created_at, d.first_seen_at) at time zone p.zone)::date, coalesce(l.channel, 'unknown'), l.source, l.medium, l.campaign, 0, 0, 0, count(*),
                coalesce(sum(d.amount * case when coalesce(d.currency, p.currency) = p.currency then 1
                    else rub_rate(d.project_id, d.currency, (coalesce(d.closed_at, d.moved_at, d.created_at, d.first_seen_at) at time zone p.zone)::date)
                        / rub_rate(d.project_id, p.currency, (coalesce(d.closed_at, d.moved_at, d.created_at, d.first_seen_at) at time zone p.zone)::date) end), 0)
            from deals d cross join p left join leads l on l.project_id = d.project_id and l.id = d.lead_id
            where d.project_id = @Project and d.kind = 'deal' and d.deleted_at is null and d.state = 'won' group by 1, 2, 3, 4, 5),
        summed as (
            select month, channel, source, medium, campaign, sum(visits) as visits, sum(leads) as leads, sum(deals) as deals, sum(won) as won, sum(revenue) as revenue,
                row_number() over (partition by month, channel, source, medium order by sum(won) desc, sum(leads) desc, sum(visits) desc, campaign) as place
            from facts group by 1, 2, 3, 4, 5)
        insert into figure_snapshots (project_id, rebuild_id, moment, n, month, channel, source, medium, campaign, visits, leads, deals, won, revenue)
        select @Project, @Rebuild, @Moment, row_number() over (), month, channel, source, medium, case when place > @MostCampaigns then @Others else campaign end,
            sum(visits), sum(leads), sum(deals), sum(won), sum(revenue)
        from summed group by month, channel, source, medium, case when place > @MostCampaigns then @Others else campaign end
        """;

    private const string Spend = """
        select date_trunc('month', day)::date, source, medium, campaign_name, sum(coalesce(money, 0)) from spend_money where project_id = @Project group by 1, 2, 3, 4
        """;
}
