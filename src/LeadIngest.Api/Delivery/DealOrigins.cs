using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>What we know of the deals that notes and calls' entries go to: who made them, what their cards show, and which others the client has.</summary>
internal static class DealOrigins
{
    /// <param name="MadeBy">The lead that made the deal; null when a person did, or nobody knows.</param>
    /// <param name="Others">Other deals of the client, for a repeat's note; the latest first.</param>
    /// <param name="First">The passport of the first enquiry, for a note; null when nobody knows it.</param>
    internal sealed record Origin(Guid? MadeBy, IReadOnlyList<string> Others, PassportRow? First);

    public static async Task<IReadOnlyDictionary<Guid, Origin>> ReadAsync(NpgsqlConnection session, ConnectionRow connection, IReadOnlyList<Claim> claims, CancellationToken ct)
    {
        var wanted = claims.Where(c => c.Kind != OutgoingKind.Deal && c.DealId is not null).ToList();
        if (wanted.Count == 0) return new Dictionary<Guid, Origin>();
        var rows = await session.QueryAsync<Row>(new CommandDefinition(Select, new
        {
            connection.ProjectId,
            Connection = connection.Id,
            Ids = wanted.Select(c => c.Id).ToArray(),
            Leads = wanted.Select(c => c.LeadId).ToArray(),
            Clients = wanted.Select(c => c.ClientId).ToArray(),
            Deals = wanted.Select(c => c.DealId).ToArray(),
            IsNote = wanted.Select(c => c.Kind == OutgoingKind.Note).ToArray(),
            MostOthers,
        }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Id, r => new Origin(r.MadeBy, r.Others ?? [],
            r.Passport is null ? null : new PassportRow(r.Channel!, r.Source, r.Medium, r.Campaign, r.Content, r.Keyword, r.Passport)));
    }

    /// <summary>Each costs the CRM's reading a row when the client's last deal is closed.</summary>
    private const int MostOthers = 3;

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row
    {
        public required Guid Id { get; init; }
        public Guid? MadeBy { get; init; }
        public string[]? Others { get; init; }
        public string? Channel { get; init; }
        public string? Source { get; init; }
        public string? Medium { get; init; }
        public string? Campaign { get; init; }
        public string? Content { get; init; }
        public string? Keyword { get; init; }
        public string? Passport { get; init; }
    }

    // The client's leads by key, from the oldest for who made the deal, from the latest for the others: the length of the history hardly matters.
    private const string Select = """
        select n.id, made.id as made_by, others.deals as others, f.channel, f.source, f.medium, f.campaign, f.content, f.keyword, f.passport::text as passport
        from unnest(@Ids::uuid[], @Leads::uuid[], @Clients::uuid[], @Deals::text[], @IsNote::boolean[]) n (id, lead_id, client_id, deal, is_note)
        join leads l on l.project_id = @ProjectId and l.id = n.lead_id
        cross join lateral (
            select array_append(array(select m.id from clients m where m.project_id = @ProjectId and m.merged_into = n.client_id), n.client_id) as members) family
        left join lateral (
            select own.id from unnest(family.members) member (id) cross join lateral (
                select e.id from leads e join deliveries p on p.project_id = e.project_id and p.lead_id = e.id
                where e.project_id = @ProjectId and e.client_id = member.id and p.connection_id = @Connection and p.kind = 'deal' and p.state = 'delivered'
                    and p.remote_lead_id = n.deal
                order by e.id limit 1) own
            order by own.id limit 1) made on true
        left join lateral (
            select array_agg(o.deal order by o.latest desc) as deals from (
                select p.remote_lead_id as deal, max(e.id::text) as latest
                from unnest(case when n.is_note and l.status = 'repeat' then family.members end) member (id) cross join lateral (
                    select id, project_id from leads where project_id = @ProjectId and client_id = member.id and id < n.lead_id order by id desc limit 50) e
                join deliveries p on p.project_id = e.project_id and p.lead_id = e.id
                where p.connection_id = @Connection and p.kind = 'deal' and p.state = 'delivered' and p.remote_lead_id <> n.deal
                group by 1 order by 2 desc limit @MostOthers) o) others on true
        left join leads f on f.project_id = @ProjectId and f.id = coalesce(l.duplicate_of, made.id) and n.is_note
        """;
}
