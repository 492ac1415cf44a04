using System.Text.Json;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>The act of an erasure: who asked for it, when and why, what was taken away, and what people still have to erase in the CRMs. It holds nothing of the person.</summary>
/// <param name="Counts">Rows by kind: <c>{"leads":3,"calls":1,…}</c>.</param>
/// <param name="CrmObjects">Also those that the CRM told of only after the act: a lead may have been on its way.</param>
/// <param name="DueAt">By when they must be gone: the end of the tenth working day of the project.</param>
internal sealed record ErasureAct(Guid Id, DateTimeOffset At, string By, string Reason, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<CrmObject> CrmObjects, DateTimeOffset? DueAt)
{
    /// <summary>Reads acts, the newest first.</summary>
    /// <param name="id">Only this one; null: <paramref name="rows"/> of them before <paramref name="before"/>.</param>
    public static async Task<IReadOnlyList<ErasureAct>> ReadAsync(NpgsqlConnection connection, Guid project, Guid? id, Guid before, int rows, CancellationToken ct)
    {
        var args = new { ProjectId = project, Id = id, Before = before, Rows = rows };
        var acts = (await connection.QueryAsync<Row>(new CommandDefinition(Acts, args, cancellationToken: ct))).AsList();
        if (acts.Count == 0) return [];
        var known = await connection.QueryAsync<(Guid Id, string Crm, string Name, string Host)>(new CommandDefinition(
            "select id, crm, name, account_host from connections where project_id = @ProjectId", args, cancellationToken: ct));
        var connections = known.ToDictionary(k => k.Id);
        return [.. acts.Select(a => new ErasureAct(a.Id, a.At, a.ByName, a.Reason, JsonSerializer.Deserialize<Dictionary<string, long>>(a.Counts)!,
            [.. CrmCard.Read(a.CrmObjects).Concat(CrmCard.Read(a.Later)).Distinct().Select(c => connections.TryGetValue(c.ConnectionId, out var crm) ? c.Object(crm.Crm, crm.Name, crm.Host) : null).OfType<CrmObject>()], a.DueAt))];
    }

    private sealed class Row
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public string ByName { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Counts { get; init; } = "{}";
        public string CrmObjects { get; init; } = "[]";
        public string Later { get; init; } = "[]";
        public DateTimeOffset? DueAt { get; init; }
    }

    // What was on its way when the act was made got its ids in the CRM after it.
    private const string Acts = """
        select e.id, e.at, e.by_name, e.reason, e.counts::text as counts, e.crm_objects::text as crm_objects, e.due_at, later.cards::text as later
        from erasures e cross join lateral (
            select coalesce(jsonb_agg(distinct jsonb_build_object('connectionId', c.connection_id, 'kind', c.kind, 'remoteId', c.remote_id)), '[]') as cards from (
                select d.connection_id, 'contact' as kind, d.remote_contact_id as remote_id from deliveries d
                where d.project_id = e.project_id and d.remote_contact_id is not null and d.lead_id in (
                    select l.id from leads l where l.project_id = e.project_id and l.client_id = any(e.client_ids) and l.erasure_id = e.id)
                union all
                select d.connection_id, 'deal', d.remote_lead_id from deliveries d
                where d.project_id = e.project_id and d.remote_lead_id is not null and d.kind = 'deal' and d.lead_id in (
                    select l.id from leads l where l.project_id = e.project_id and l.client_id = any(e.client_ids) and l.erasure_id = e.id)
                    and not exists (select from deals x where x.project_id = d.project_id and x.connection_id = d.connection_id and x.kind = 'lead' and x.remote_id::text = d.remote_lead_id)) c) later
        where e.project_id = @ProjectId and (@Id::uuid is null or e.id = @Id) and e.id < @Before
        order by e.id desc limit @Rows
        """;
}

/// <summary>Something in a CRM that people have to erase there by hand.</summary>
/// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
/// <param name="Kind"><c>contact</c>, <c>company</c>, <c>deal</c> or <c>lead</c> (of Bitrix24).</param>
/// <param name="Url">Its page in the CRM; null where the account is no vendor's cloud.</param>
internal sealed record CrmObject(string Crm, Guid ConnectionId, string ConnectionName, string Kind, string RemoteId, string? Url);

/// <summary>The same as it is stored.</summary>
internal sealed record CrmCard(Guid ConnectionId, string Kind, string RemoteId)
{
    public static IReadOnlyList<CrmCard> Read(string json) => JsonSerializer.Deserialize<CrmCard[]>(json, JsonSerializerOptions.Web)!;

    public static string Write(IEnumerable<CrmCard> cards) => JsonSerializer.Serialize(cards, JsonSerializerOptions.Web);

    public CrmObject Object(string crm, string name, string host) => new(crm, ConnectionId, name, Kind, RemoteId, Url(crm, host));

    private string? Url(string crm, string host)
    {
        if (host.Contains(':', StringComparison.Ordinal) || !host.Contains('.', StringComparison.Ordinal) || !RemoteId.All(char.IsAsciiDigit)) return null;
        return (crm, Kind) switch
        {
            ("amocrm", "contact") => $"https://{host}/contacts/detail/{RemoteId}",
            ("amocrm", "company") => $"https://{host}/companies/detail/{RemoteId}",
            ("amocrm", _) => $"https://{host}/leads/detail/{RemoteId}",
            _ => $"https://{host}/crm/{Kind}/details/{RemoteId}/",
        };
    }
}
