using Dapper;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Figures;

/// <summary>Brings spend and origins together.</summary>
internal static class Campaigns
{
    /// <summary>Names or mappings changed: origins find their campaigns anew. Adds the days on which something moves between campaigns.</summary>
    public static async Task MatchAsync(NpgsqlConnection connection, Guid projectId, Marks marks, CancellationToken ct)
    {
        var moved = (await connection.QueryAsync<Guid>(new CommandDefinition(Match, new { projectId }, cancellationToken: ct))).ToArray();
        if (moved.Length == 0) return;
        var days = await connection.QueryAsync<(DateOnly Day, int What)>(new CommandDefinition(DaysOf, new { projectId, moved }, cancellationToken: ct));
        foreach (var (day, what) in days) (what == 0 ? marks.VisitDays : what == 1 ? marks.LeadDays : marks.DealDays).Add(day);
    }

    /// <summary>Says to which node of origins each campaign's spend belongs.</summary>
    /// <remarks>A campaign that neither a lead nor a visit came from stands by the source that its spend names; without one under the channel <c>spend</c>, for all to see.</remarks>
    public static async Task PlaceAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Place, new { projectId }, tx, cancellationToken: ct));
        foreach (var (key, source, medium, name) in (await connection.QueryAsync<(string, string, string, string?)>(new CommandDefinition(
            "select campaign_key, source, medium, campaign_name from spend_nodes where project_id = @projectId and origin_id is null", new { projectId }, cancellationToken: ct))).ToList())
        {
            var (channel, shown, way) = (UnknownChannel, source, medium.ToLowerInvariant());
            if (SourceDictionary.Default.TryFind(source.ToLowerInvariant(), medium.Length == 0 ? null : medium.ToLowerInvariant(), out var entry)) (channel, shown) = (PassportNames.ToWire(entry.Channel), entry.Name);
            await connection.ExecuteAsync(new CommandDefinition("""
                update spend_nodes set origin_id = spend_node(@projectId, @Channel, nullif(@Source, ''), nullif(@Medium, ''), @Name, nullif(@Key, ''))
                where project_id = @projectId and campaign_key = @Key and source = @OwnSource and medium = @OwnMedium
                """, new { projectId, Channel = source.Length == 0 ? UnknownChannel : channel, Source = shown, Medium = way, Name = name, Key = key, OwnSource = source, OwnMedium = medium }, cancellationToken: ct));
        }
        await tx.CommitAsync(ct);
    }

    /// <summary>Of spend that says nothing of its source, or names one that nobody knows.</summary>
    private const string UnknownChannel = "spend";

    // Only origins with a name at all can be matched; the rows of levels are made with their first origin.
    private const string Match = """
        with matched as materialized (
            select o.id, origin_campaign_key(@projectId, o.campaign, o.content, o.keyword, o.tag_id) as key from origins o
            where o.project_id = @projectId and o.id not in (select campaign_id from origins where project_id = @projectId and campaign_key is not null)
                and (o.campaign is not null or o.tag_id is not null or o.content is not null or o.keyword is not null)),
        moved as materialized (select o.*, m.key from matched m join origins o on o.project_id = @projectId and o.id = m.id where m.key is distinct from o.campaign_key),
        nodes as (
            insert into origins (project_id, id, channel, source, medium, campaign, source_id, campaign_id, campaign_key)
            select distinct on (n.id) @projectId, n.id, m.channel, m.source, m.medium, m.campaign, m.source_id, n.id, m.key
            from moved m cross join lateral (select origin_id(m.channel, m.source, m.medium, m.campaign, null, null, m.key) as id) n where m.key is not null order by n.id on conflict do nothing)
        update origins o set campaign_key = m.key, campaign_id = case when m.key is null then o.source_id else origin_id(o.channel, o.source, o.medium, o.campaign, null, null, m.key) end
        from moved m where o.project_id = @projectId and o.id = m.id returning o.id
        """;

    private const string DaysOf = """
        select distinct day, 0 from visit_days where project_id = @projectId and level = 2 and origin_id = any(@moved)
        union select distinct day, 1 from lead_days where project_id = @projectId and level = 2 and origin_id = any(@moved)
        union select made_day, 2 from deal_credits where project_id = @projectId and origin_id = any(@moved)
        union select won_day, 2 from deal_credits where project_id = @projectId and origin_id = any(@moved) and won_day is not null
        union select day, 2 from deal_moves where project_id = @projectId and origin_id = any(@moved)
        union select came_day, 2 from client_facts where project_id = @projectId and origin_id = any(@moved)
        """;

    private const string Place = """
        with keys as materialized (
            select campaign_key, source, medium, (array_agg(campaign_name order by day desc) filter (where campaign_name is not null))[1] as name from spend_days where project_id = @projectId group by 1, 2, 3),
        weights as (
            select o.campaign_key, o.campaign_id, sum(d.leads) as leads, 0 as visits from origins o join lead_days d on d.project_id = @projectId and d.level = 1 and d.origin_id = o.id
            where o.project_id = @projectId and o.campaign_id = o.id and o.campaign_key in (select campaign_key from keys) group by 1, 2
            union all
            select o.campaign_key, o.campaign_id, 0, sum(d.visits) from origins o join visit_days d on d.project_id = @projectId and d.level = 1 and d.origin_id = o.id
            where o.project_id = @projectId and o.campaign_id = o.id and o.campaign_key in (select campaign_key from keys) group by 1, 2),
        best as (
            select distinct on (campaign_key) campaign_key, campaign_id from (select campaign_key, campaign_id, sum(leads) as leads, sum(visits) as visits from weights group by 1, 2) w
            order by campaign_key, leads desc, visits desc, campaign_id),
        fresh as (select k.*, b.campaign_id from keys k left join best b using (campaign_key)),
        gone as (
            delete from spend_nodes n where n.project_id = @projectId
                and not exists (select 1 from fresh f where f.campaign_key = n.campaign_key and f.source = n.source and f.medium = n.medium))
        insert into spend_nodes (project_id, campaign_key, source, medium, origin_id, campaign_name)
        select @projectId, campaign_key, source, medium, campaign_id, name from fresh
        on conflict (project_id, campaign_key, source, medium) do update set origin_id = excluded.origin_id, campaign_name = excluded.campaign_name
        """;
}
