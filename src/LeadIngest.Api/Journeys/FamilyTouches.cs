using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Journeys;

/// <summary>Reads what may be touches of a client and of all those merged with it; see <see cref="DealPath"/> for the rule.</summary>
internal static class FamilyTouches
{
    /// <summary>Touches of one client; a greater history than this is a robot's or a shared contact's, and its oldest ones are left out.</summary>
    public const int Most = 10_000;

    /// <param name="client">Any of the family.</param>
    /// <returns>The newest first; at most <see cref="Most"/>.</returns>
    public static async Task<IReadOnlyList<DealTouch>> ReadAsync(NpgsqlConnection connection, Guid project, Guid client, CancellationToken ct) =>
        [.. (await connection.QueryAsync<TouchRow>(new CommandDefinition(Of, new { ProjectId = project, ClientId = client, Most }, cancellationToken: ct))).Select(r => r.Touch())];

    /// <summary>Rows of <see cref="TouchRow"/> of clients out of <c>family (id, root)</c>.</summary>
    private static readonly string FromFamily = $$"""
        select f.root, 'visit' as kind, v.id, v.started_at as at, {{Columns("v")}}, null::uuid as visit, null::uuid as call
        from family f
            join identities i on i.project_id = @ProjectId and i.client_id = f.id and i.kind = 'visitor' and i.value ~ '{{VisitorId}}'
            join visits v on v.project_id = @ProjectId and v.visitor_id = i.value::uuid and not v.is_bot
        union all
        select f.root, 'lead', l.id, coalesce(l.occurred_at, l.received_at), {{Columns("l")}}, case when l.visit_id ~ '{{VisitorId}}' then l.visit_id::uuid end, l.call_id
        from family f join leads l on l.project_id = @ProjectId and l.client_id = f.id and l.status not in ('spam', 'test', 'duplicate')
        union all
        -- Without a passport of its own: its visit's, else what the number that was dialled stands for. A call with a lead is the lead.
        select f.root, 'call', c.id, coalesce(c.started_at, c.first_seen_at), coalesce(v.channel, n.passport ->> 'channel', case when n.id is null then 'unknown' else 'offline' end),
            case when v.id is not null then v.source else coalesce(n.passport ->> 'source', n.name, n.number) end,
            case when v.id is not null then v.medium else n.passport ->> 'medium' end,
            case when v.id is not null then v.campaign else n.passport ->> 'campaign' end,
            case when v.id is not null then v.content else n.passport ->> 'content' end,
            case when v.id is not null then v.keyword else n.passport ->> 'keyword' end, c.visit_id, null
        from family f join calls c on c.project_id = @ProjectId and c.client_id = f.id and c.direction = 'in'
            left join visits v on v.project_id = c.project_id and v.id = c.visit_id
            left join tracking_numbers n on n.project_id = c.project_id and n.id = c.number_id and n.kind = 'static'
        """;

    private static readonly string Of = $"""
        with family as (select f.id, @ClientId::uuid as root from unnest(array{ClientFamily.Ids}) f (id))
        select * from ({FromFamily}) t order by at desc, id desc limit @Most
        """;

    /// <summary>Visitors and visits of our own tracker; whatever else was posted in their place names none.</summary>
    public const string VisitorId = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

    private static string Columns(string alias) => $"{alias}.channel, {alias}.source, {alias}.medium, {alias}.campaign, {alias}.content, {alias}.keyword";
}

/// <summary>A row of what <see cref="FamilyTouches"/> reads.</summary>
internal sealed class TouchRow
{
    public Guid Root { get; init; }
    public string Kind { get; init; } = "";
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Channel { get; init; } = "unknown";
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Content { get; init; }
    public string? Keyword { get; init; }
    public Guid? Visit { get; init; }
    public Guid? Call { get; init; }

    public DealTouch Touch()
    {
        _ = PassportNames.TryParse(Channel, out Channel channel);
        return new(Kind switch { "visit" => TouchKind.Visit, "call" => TouchKind.Call, _ => TouchKind.Lead }, Id, At, new(channel, Source, Medium, Campaign, Content, Keyword), Visit, Call);
    }
}
