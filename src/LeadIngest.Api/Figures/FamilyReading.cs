using LeadIngest.Api.Ingest;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Figures;

/// <summary>Reads families whole, hundreds at a time, and interns the origins of their touches.</summary>
internal static class FamilyReading
{
    /// <param name="connection">In the transaction that writes what is made of this.</param>
    /// <param name="project">The project.</param>
    /// <param name="roots">Clients that no one else stands for.</param>
    /// <param name="alone">Deals without a client.</param>
    public static async Task<IReadOnlyList<Family>> ReadAsync(NpgsqlConnection connection, Guid project, Guid[] roots, Guid[] alone, CancellationToken ct)
    {
        await using (var intern = new NpgsqlCommand(Origins, connection) { Parameters = { new() { Value = project }, new() { Value = roots }, new() { Value = alone } } })
            await intern.ExecuteNonQueryAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[Touches, Deals, Stages, Amounts, Contacts])
            batch.BatchCommands.Add(new(sql) { Parameters = { Columns.Of(project), Columns.Of(roots, NpgsqlDbType.Uuid), Columns.Of(alone, NpgsqlDbType.Uuid) } });
        await using var reader = await batch.ExecuteReaderAsync(ct);

        var families = roots.ToDictionary(r => r, r => new Family(r));
        var singles = new Dictionary<Guid, Family>();
        while (await reader.ReadAsync(ct))
        {
            var touch = Touch(reader);
            var family = reader.IsDBNull(1) ? families[reader.GetGuid(0)] : Single(reader.GetGuid(1));
            family.Touches.Add(touch);
        }
        await reader.NextResultAsync(ct);
        var deals = new Dictionary<Guid, FamilyDeal>();
        while (await reader.ReadAsync(ct))
        {
            var deal = Deal(reader);
            deals.Add(deal.Id, deal);
            (reader.IsDBNull(0) ? Single(deal.Id) : families[reader.GetGuid(0)]).Deals.Add(deal);
        }
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) deals[reader.GetGuid(0)].Stages.Add(new(reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) deals[reader.GetGuid(0)].Amounts.Add(new(reader.GetFieldValue<DateTimeOffset>(1), reader.GetDecimal(2), Text(reader, 3)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) families[reader.GetGuid(0)].ContactAt = reader.GetFieldValue<DateTimeOffset>(1);
        return [.. families.Values, .. singles.Values];

        Family Single(Guid deal) => singles.TryGetValue(deal, out var family) ? family : singles[deal] = new Family(null);
    }

    private static FamilyTouch Touch(NpgsqlDataReader reader)
    {
        _ = PassportNames.TryParse(reader.GetString(8), out Channel channel);
        var kind = reader.GetInt32(2) switch { 0 => TouchKind.Visit, 1 => TouchKind.Call, _ => TouchKind.Lead };
        var source = new TouchSource(channel, Text(reader, 9), Text(reader, 10), Text(reader, 11), Text(reader, 12), Text(reader, 13));
        return new(new(kind, reader.GetGuid(3), reader.GetFieldValue<DateTimeOffset>(4), source, reader.IsDBNull(6) ? null : reader.GetGuid(6), reader.IsDBNull(7) ? null : reader.GetGuid(7)),
            reader.GetGuid(14), reader.GetGuid(5), reader.GetFieldValue<DateOnly>(15));
    }

    private static FamilyDeal Deal(NpgsqlDataReader reader) => new(reader.GetGuid(1), reader.GetGuid(2), Id(reader, 0), Id(reader, 3), Id(reader, 4),
        reader.IsDBNull(5) ? null : reader.GetFieldValue<DateOnly>(5), reader.GetString(6), reader.GetString(7), Text(reader, 8), reader.GetString(9), reader.GetFieldValue<DateTimeOffset>(10),
        Moment(reader, 11), Moment(reader, 12), Text(reader, 13), reader.GetDecimal(14), Text(reader, 15));

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static Guid? Id(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetGuid(at);

    private static DateTimeOffset? Moment(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetFieldValue<DateTimeOffset>(at);

    // $1 project, $2 roots, $3 deals without a client.
    private const string Members = """
        members as materialized (
            select c.id, c.id as root from clients c where c.project_id = $1 and c.id = any($2)
            union all
            select c.id, c.merged_into from clients c where c.project_id = $1 and c.merged_into = any($2))
        """;

    /// <summary>Touches with their passports; a deal without a client has its own lead.</summary>
    private static readonly string TouchRows = $$"""
        with {{Members}},
        touches as (
            select t.root, null::uuid as deal_id, t.kind, t.id, t.at, t.site_id, t.visit_id, t.call_id, t.channel, t.source, t.medium, t.campaign, t.content, t.keyword, t.passport
            from ({{ClientTouches.Of("$1")}}) t
            union all
            select null, d.id, 2, l.id, coalesce(l.occurred_at, l.received_at), l.site_id, case when l.visit_id ~ '{{ClientTouches.Uuid}}' then l.visit_id::uuid end, l.call_id,
                l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, l.passport
            from deals d join leads l on l.project_id = $1 and l.id = d.lead_id where d.project_id = $1 and d.id = any($3) and l.status not in ('spam', 'test'))
        """;

    private static readonly string Origins = $"""
        {TouchRows}
        select intern_origins($1, array_agg(distinct row(channel, source, medium, campaign, content, keyword, passport -> 'utm' ->> 'utm_id')::origin_names)) from touches having count(*) > 0
        """;

    private static readonly string Touches = $"""
        {TouchRows}
        select t.root, t.deal_id, t.kind, t.id, t.at, t.site_id, t.visit_id, t.call_id, t.channel, t.source, t.medium, t.campaign, t.content, t.keyword,
            origin_id(t.channel, t.source, t.medium, t.campaign, t.content, t.keyword, t.passport -> 'utm' ->> 'utm_id'), day_in(t.at, p.time_zone)
        from touches t cross join (select time_zone from projects where project_id = $1) p
        """;

    // A deal of kind lead is a request that the CRM has not made a deal of; what was deleted or merged is none any more.
    private static readonly string Chosen = $"""
        {Members},
        chosen as materialized (
            select m.root, d.* from members m join deals d on d.project_id = $1 and d.client_id = m.id where d.kind = 'deal' and d.deleted_at is null
            union all
            select null, d.* from deals d where d.project_id = $1 and d.id = any($3) and d.client_id is null and d.kind = 'deal' and d.deleted_at is null)
        """;

    private static readonly string Deals = $"""
        with {Chosen}
        select d.root, d.id, d.connection_id, l.id, l.site_id, day_in(coalesce(l.occurred_at, l.received_at), p.time_zone), d.pipeline_id, d.stage_id, d.responsible_id, d.state,
            coalesce(d.created_at, d.first_seen_at), d.closed_at, d.moved_at, d.lost_reason_id, d.amount, d.currency
        from chosen d cross join (select time_zone from projects where project_id = $1) p
            left join deals f on f.project_id = $1 and f.connection_id = d.connection_id and f.kind = 'lead' and f.remote_id = d.from_lead_id
            left join leads l on l.project_id = $1 and l.id = coalesce(d.lead_id, f.lead_id)
        """;

    // A stage that no dictionary knows is open, unless the deal stands there.
    private static readonly string Stages = $"""
        with {Chosen}
        select d.id, s.at, s.stage_id, coalesce(x.state, case when s.pipeline_id = d.pipeline_id and s.stage_id = d.stage_id then d.state else 'open' end)
        from chosen d join stage_changes s on s.project_id = $1 and s.deal_id = d.id
            left join crm_stages x on x.project_id = $1 and x.connection_id = d.connection_id and x.kind = 'deal' and x.pipeline_id = s.pipeline_id and x.id = s.stage_id
        order by d.id, s.n
        """;

    private static readonly string Amounts = $"""
        with {Chosen}
        select d.id, s.at, s.amount, s.currency from chosen d join deal_changes s on s.project_id = $1 and s.deal_id = d.id order by d.id, s.n
        """;

    private static readonly string Contacts = $$"""
        with {{Members}},
        contacts as (
            select m.root, coalesce(c.started_at, c.first_seen_at) as at from members m join calls c on c.project_id = $1 and c.client_id = m.id and c.direction in ('in', 'out')
            union all
            select m.root, t.at from members m join deals d on d.project_id = $1 and d.client_id = m.id
                join crm_touches t on t.project_id = $1 and t.connection_id = d.connection_id and t.owner_kind = d.kind and t.owner_id = d.remote_id
            union all
            select m.root, t.at from members m join identities i on i.project_id = $1 and i.client_id = m.id and i.kind = 'crm_contact' and i.value ~ '^[0-9a-f-]{36}/[0-9]{1,18}$'
                join crm_touches t on t.project_id = $1 and t.connection_id = split_part(i.value, '/', 1)::uuid and t.owner_kind = 'contact' and t.owner_id = split_part(i.value, '/', 2)::bigint)
        select root, max(at) from contacts group by root
        """;
}
