using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Response;

/// <summary>A lead with the first contact that a person made after it.</summary>
/// <param name="At">When the visitor asked.</param>
/// <param name="IsTalk">A call that was answered: nobody had to wait.</param>
/// <param name="ContactedAt">Null: nobody has answered yet.</param>
/// <param name="How"><c>call</c>, <c>message</c>, <c>email</c>, <c>sms</c>, <c>stage</c> (a person moved the deal), <c>clientCalled</c> (the client called and was answered).</param>
/// <param name="Who">The PBX's name of the employee, or the id of the CRM's user.</param>
internal sealed record LeadContact(Guid Id, DateTimeOffset At, string Kind, string? Source, string? Campaign, Guid? ClientId, bool IsTalk, Guid? ConnectionId, string? ManagerId, DateTimeOffset? ContactedAt, string? How,
    string? Who, string? Key, Guid? Owner);

/// <summary>
/// Reads leads with their first contact: a call to the client whether it was taken or not, an outgoing message, e-mail or SMS by a person of the CRM, a person's first move of the deal, or a
/// call of the client that was answered. What programs do (robots, this service) has no person in the CRM and does not count.
/// </summary>
internal static class ResponseReading
{
    /// <summary>They were talking already: a contact so shortly before the lead answers it at once. Earlier ones belong to another matter.</summary>
    private const string TalkingAlready = "interval '1 hour'";

    private const string At = "(case when l.occurred_at is not null then l.occurred_at else l.received_at end)";

    private const string LocalTime = $"({At} at time zone @Zone)";

    public static readonly Dictionary<string, Dimension> Dimensions = new(
        [
            .. Dimension.OfPassport("l"), new("site", new("l.site_id::text")), new("kind", new("l.kind")), new("manager", new("deal.manager_id", IsOfConnection: true)),
            new("weekday", new($"extract(isodow from {LocalTime})::integer::text", IsPeriod: true)), new("hour", new($"to_char({LocalTime}, 'HH24')", IsPeriod: true)), .. Dimension.OfDay($"({LocalTime})::date"),
        ], StringComparer.Ordinal);

    /// <param name="kind">Only <c>form</c>, <c>call</c>, …; null: all.</param>
    /// <param name="then">SQL after the conditions: further ones, an order.</param>
    public static async Task ReadAsync(NpgsqlConnection connection, ReportProject project, ReportQuery query, string? kind, Dimension? dimension, DayRange range, object? more, string then, Action<LeadContact> each,
        CancellationToken ct)
    {
        var values = Filters.Values(project, query, range);
        values.AddDynamicParams(new { Kind = kind });
        if (more is not null) values.AddDynamicParams(more);
        var filters = Filters.OfPassport(query, "l").With("l.site_id", query.SiteId, "@SiteId").With("deal.connection_id", query.ConnectionId, "@ConnectionId")
            .With("deal.manager_id", query.Manager, "@Manager").With("nullif(deal.pipeline_id, '')", query.Pipeline, "@Pipeline").And(kind is null ? null : "l.kind = @Kind");
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition($"""
            select l.id, {At} as at, l.kind, l.source, l.campaign, l.client_id, coalesce(own.outcome = 'answered', false) as is_talk, deal.connection_id, deal.manager_id, contact.at as contacted_at, contact.how,
                contact.who, {dimension?.Key ?? "null::text"} as key, {dimension?.Owner("deal.connection_id") ?? "null::uuid"} as owner
            {From}
            where l.project_id = @ProjectId and {At} >= @Begin and {At} < @End and l.status in ('new', 'repeat'){filters} {then}
            """, values, cancellationToken: ct));
        var parse = reader.GetRowParser<LeadContact>();
        while (await reader.ReadAsync(ct)) each(parse(reader));
    }

    private const string IsPerson = "nullif(btrim({0}), '') is not null and {0} <> '0'";

    private static string Person(string column) => IsPerson.Replace("{0}", column, StringComparison.Ordinal);

    /// <summary>Each part finds its first by an index; the first of them all is the answer.</summary>
    private static readonly string From = $"""
        from leads l
        left join calls own on own.project_id = l.project_id and own.id = l.call_id
        left join clients k on k.project_id = l.project_id and k.id = l.client_id
        left join lateral (
            select d.connection_id, d.responsible_id as manager_id, d.pipeline_id from deals d
            where d.project_id = l.project_id and d.lead_id = l.id and d.deleted_at is null order by d.kind, d.id limit 1) deal on true
        left join lateral (
            select c.at, c.how, c.who from (
                select {CallAt} as at, case c.direction when 'out' then 'call' else 'clientCalled' end as how, nullif(btrim(c.employee), '') as who
                from calls c where c.project_id = l.project_id and c.client_phone = l.phone and c.id is distinct from l.call_id and {Speaks}
                union all
                select {CallAt}, case c.direction when 'out' then 'call' else 'clientCalled' end, nullif(btrim(c.employee), '')
                from calls c where c.project_id = l.project_id and c.id is distinct from l.call_id and {Speaks} and c.client_id in (
                    select m.id from clients m where m.project_id = k.project_id and (m.id = case when k.merged_into is not null then k.merged_into else k.id end or m.merged_into = case when k.merged_into is not null then k.merged_into else k.id end))
                union all
                select t.at, t.kind, t.by_id from deals d join crm_touches t on t.project_id = d.project_id and t.connection_id = d.connection_id and t.owner_kind = d.kind and t.owner_id = d.remote_id
                where d.project_id = l.project_id and d.lead_id = l.id and {Written}
                union all
                select t.at, t.kind, t.by_id from deals d join crm_touches t on t.project_id = d.project_id and t.connection_id = d.connection_id and t.owner_kind = 'contact' and t.owner_id::text = d.contact_id
                where d.project_id = l.project_id and d.lead_id = l.id and d.contact_id is not null and {Written}
                union all
                select t.at, t.kind, t.by_id from deliveries y join crm_touches t on t.project_id = y.project_id and t.connection_id = y.connection_id and t.owner_kind = 'contact' and t.owner_id::text = y.remote_contact_id
                where y.project_id = l.project_id and y.lead_id = l.id and {Written}
                union all
                select s.at, 'stage', s.by_id from deals d join stage_changes s on s.project_id = d.project_id and s.deal_id = d.id
                where d.project_id = l.project_id and d.lead_id = l.id and s.from_stage_id is not null and {Person("s.by_id")}) c
            where c.at >= {At} - {TalkingAlready} order by c.at limit 1) contact on true
        """;

    private const string CallAt = "(case when c.started_at is not null then c.started_at else c.first_seen_at end)";

    private const string Speaks = "(c.direction = 'out' or c.direction = 'in' and c.outcome = 'answered')";

    private static string Written => $"t.direction = 'out' and {Person("t.by_id")}";
}
