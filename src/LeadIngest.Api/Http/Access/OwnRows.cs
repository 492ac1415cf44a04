using Dapper;
using Npgsql;

namespace LeadIngest.Api.Http.Access;

/// <summary>
/// What belongs to a caller with <see cref="Caller.OnlyOf"/>, as SQL; callers without it are answered by the same SQL without these conditions. Each set is an expression for <c>id = any(array(…))</c>:
/// it is found by the deals of its users first, a few thousand rows, and then looked up by key, however large the project is.
/// </summary>
/// <remarks>
/// Parameters: <c>@ProjectId</c>, <c>@OwnConnections</c> and <c>@OwnUsers</c> (<see cref="Caller.OwnConnections"/>). A deal is own that one of the users answers for and that is not deleted. A lead is own that
/// became such a deal or stands in its card. A client is own that has an own deal or lead, with everybody merged with it; a call and a visit, that are of an own client or lead. Who answered a call decides
/// nothing: PBXs name people in words of their own, which say nothing certain about users of a CRM.
/// </remarks>
internal static class OwnRows
{
    /// <summary>Of deals under the name <c>d</c>.</summary>
    public const string Deal = "d.deleted_at is null and (d.connection_id, d.responsible_id) in (select * from unnest(@OwnConnections::uuid[], @OwnUsers::text[]))";

    // Numbers of Bitrix24 are not enough to know a deal by (leads and deals count apart), but there every card carries our own id. What stands in a card later is of the same client as its first lead.
    private const string With = $"""
        with own_deals as materialized (
            select d.connection_id, d.lead_id, d.client_id, d.remote_id::text as remote_id from deals d where d.project_id = @ProjectId and {Deal}),
        own_cards as materialized (
            select o.lead_id from own_deals o where o.lead_id is not null
            union
            select v.lead_id from own_deals o
                join connections k on k.project_id = @ProjectId and k.id = o.connection_id and k.crm = 'amocrm'
                join deliveries v on v.project_id = @ProjectId and v.connection_id = o.connection_id and v.remote_lead_id = o.remote_id and v.kind = 'deal'
            where o.lead_id is null),
        own_leads as materialized (
            select c.lead_id from own_cards c
            union
            select n.lead_id from own_cards c
                join deliveries v on v.project_id = @ProjectId and v.lead_id = c.lead_id and v.kind = 'deal'
                join deliveries n on n.project_id = @ProjectId and n.connection_id = v.connection_id and n.remote_lead_id = v.remote_lead_id and n.kind <> 'deal' and n.client_id = v.client_id)
        """;

    private const string WithClients = $"""
        {With},
        own_clients as materialized (
            select case when c.merged_into is not null then c.merged_into else c.id end as id from clients c where c.project_id = @ProjectId and c.id = any(array(
                select o.client_id from own_deals o where o.client_id is not null
                union select l.client_id from leads l where l.project_id = @ProjectId and l.id = any(array(select lead_id from own_leads)))))
        """;

    private const string WithFamilies = $"""
        {WithClients},
        own_families as materialized (
            select id from own_clients union select c.id from clients c where c.project_id = @ProjectId and c.merged_into = any(array(select id from own_clients)))
        """;

    public const string Leads = $"{With} select lead_id from own_leads";

    /// <summary>Those that were kept when clients were merged.</summary>
    public const string Clients = $"{WithClients} select id from own_clients";

    public const string Calls = $"""
        {WithFamilies}
        select c.id from calls c where c.project_id = @ProjectId and c.client_id = any(array(select id from own_families))
        union select l.call_id from leads l where l.project_id = @ProjectId and l.id = any(array(select lead_id from own_leads)) and l.call_id is not null
        """;

    private static string Sql(Own kind) => kind switch
    {
        Own.Lead => $"select @Id = any(array({Leads}))",
        Own.Client => $"select case when c.merged_into is not null then c.merged_into else c.id end = any(array({Clients})) from clients c where c.project_id = @ProjectId and c.id = @Id",
        Own.Call => $"select @Id = any(array({Calls}))",
        Own.Deal => $"select exists (select 1 from deals d where d.project_id = @ProjectId and d.id = @Id and {Deal})",
        Own.Merge => $"""
            select case when c.merged_into is not null then c.merged_into else c.id end = any(array({Clients}))
            from client_merges m join clients c on c.project_id = m.project_id and c.id = m.kept_id where m.project_id = @ProjectId and m.id = @Id
            """,
        Own.Suggestion => $"""
            select array[case when a.merged_into is not null then a.merged_into else a.id end, case when b.merged_into is not null then b.merged_into else b.id end] <@ array({Clients})
            from merge_suggestions s join clients a on a.project_id = s.project_id and a.id = s.client_a join clients b on b.project_id = s.project_id and b.id = s.client_b
            where s.project_id = @ProjectId and s.id = @Id
            """,
        Own.Visit => $"""
            {WithFamilies}
            select exists (
                select 1 from identities i where i.project_id = @ProjectId and i.kind = 'visitor' and i.client_id = any(array(select id from own_families))
                    and i.value = (select v.visitor_id::text from visits v where v.project_id = @ProjectId and v.id = @Id))
                or exists (select 1 from leads l where l.project_id = @ProjectId and l.id = any(array(select lead_id from own_leads)) and l.visit_id = @Id::text)
                or exists (select 1 from calls c where c.project_id = @ProjectId and c.client_id = any(array(select id from own_families)) and c.visit_id = @Id)
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Whether the caller may see this row. Of one that is not there: true for callers who see everything, who then do not find it; else false.</summary>
    /// <param name="tx">The connection's, where one was begun.</param>
    public static async ValueTask<bool> MaySeeAsync(this Caller caller, NpgsqlConnection connection, Own kind, Guid id, CancellationToken ct, NpgsqlTransaction? tx = null)
    {
        if (caller.OnlyOf is null) return true;
        if (caller.OnlyOf.Count == 0) return false;
        return await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(Sql(kind), new { caller.ProjectId, Id = id, caller.OwnConnections, caller.OwnUsers }, tx, cancellationToken: ct)) ?? false;
    }
}

/// <summary>A kind of row that may be a caller's own.</summary>
internal enum Own
{
    Lead,
    Client,
    Call,
    Deal,
    Visit,
    Merge,
    Suggestion,
}
