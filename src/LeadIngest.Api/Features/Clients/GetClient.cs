using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Deals;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Shows one client: how it is known, where it first came from, its last leads, its calls, its contacts in the CRMs.</summary>
/// <remarks>The id of a client that was merged answers with the one that was kept.</remarks>
internal sealed class GetClient : IEndpoint
{
    private const int LastLeads = 20;

    /// <param name="CallCount">Calls with this client, in and out; one by one: <c>/v1/calls?clientId=</c>.</param>
    /// <param name="LastCallAt">When the last of them began, by this service's clock; null without calls.</param>
    /// <param name="LastContactAt">The later of the last lead and the last call, be it ours to the client; null before any.</param>
    /// <param name="Acquisition">The passport of the first lead: where this client came from. Null without leads.</param>
    /// <param name="Leads">The last 20 leads, newest first; all of them: <c>/v1/leads?clientId=</c>.</param>
    /// <param name="Deals">The last 20 deals of the CRMs that became known, newest first; all of them: <c>/v1/deals?clientId=</c>. Leads of Bitrix24 are among them.</param>
    /// <param name="Won">What the won deals sum up to, by currency; deleted ones and leads of Bitrix24 do not count.</param>
    /// <param name="Merged">Clients that were found to be this one; each merge can be undone.</param>
    internal sealed record Response(
        Guid Id, [property: Contact(MaskKind.Free)] string? Name, DateTimeOffset CreatedAt, int LeadCount, DateTimeOffset? LastLeadAt, int CallCount, DateTimeOffset? LastCallAt,
        DateTimeOffset? LastContactAt, IReadOnlyList<Identity> Identities,
        IReadOnlyList<CrmContact> CrmContacts, PassportAnswer? Acquisition, IReadOnlyList<LeadAnswer> Leads, IReadOnlyList<MergedClient> Merged,
        IReadOnlyList<DealAnswer> Deals, IReadOnlyList<WonSum> Won);

    /// <param name="Kind"><c>phone</c>, <c>email</c>, <c>messenger</c> or <c>visitor</c>.</param>
    internal sealed record Identity(string Kind, [property: Contact(MaskKind.Any)] string Value);

    /// <param name="Currency">ISO 4217; null for deals of which the CRM does not say it.</param>
    internal sealed record WonSum(string? Currency, decimal Amount, int Deals);

    /// <param name="RemoteId">The contact's id in the CRM.</param>
    internal sealed record CrmContact(Guid ConnectionId, string Crm, string ConnectionName, string RemoteId);

    /// <param name="MergeId">For <c>POST /v1/clients/merges/{id}/undo</c>.</param>
    internal sealed record MergedClient(Guid MergeId, Guid ClientId, [property: Contact(MaskKind.Free)] string? Name, [property: Contact(MaskKind.Free)] string Reason, DateTimeOffset MergedAt);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Client, id, ct)) return Problems.NotFound("client");
        var client = await connection.QuerySingleOrDefaultAsync<ClientSummary>(new CommandDefinition(Root, new { caller.ProjectId, Id = id }, cancellationToken: ct));
        if (client is null) return Problems.NotFound("client");
        // A client may be of several managers: each sees the leads and deals that are his own.
        var onlyOwn = caller.OnlyOf is not null;
        CommandDefinition Of(string sql) => new(sql, new { caller.ProjectId, client.Id, LastLeads, caller.OwnConnections, caller.OwnUsers }, cancellationToken: ct);
        var identities = await connection.QueryAsync<Identity>(Of(Identities));
        var contacts = await connection.QueryAsync<CrmContact>(Of(Contacts));
        var (calls, lastCall) = await connection.QuerySingleAsync<(int, DateTimeOffset?)>(Of(Calls));
        var first = await connection.QueryFirstOrDefaultAsync<LeadRow>(Of(First));
        var last = await connection.QueryAsync<LeadRow>(Of(Last(onlyOwn)));
        var deals = await connection.QueryAsync<DealRow>(Of(Deals(onlyOwn)));
        var won = await connection.QueryAsync<WonSum>(Of(Won(onlyOwn)));
        var merged = await connection.QueryAsync<(Guid, Guid, string?, string, DateTimeOffset)>(Of(Merges));
        return TypedResults.Ok(new Response(client.Id, client.Name, client.CreatedAt, client.LeadCount, client.LastLeadAt, calls, lastCall,
            client.LastLeadAt > lastCall ? client.LastLeadAt : lastCall ?? client.LastLeadAt, identities.AsList(), contacts.AsList(), first?.PassportOf(), await LeadRow.AnswerAsync(connection, caller.ProjectId, last.AsList(), ct),
            [.. merged.Select(m => new MergedClient(m.Item1, m.Item2, m.Item3, m.Item4, m.Item5))], [.. deals.Select(d => d.Answer())], won.AsList()));
    }

    private const string Root = $"""
        select {ClientSummary.Columns} from clients asked join clients c on c.project_id = asked.project_id and c.id = case when asked.merged_into is not null then asked.merged_into else asked.id end
        {ClientSummary.Joins} where asked.project_id = @ProjectId and asked.id = @Id
        """;

    private const string Family = "(select f.id from clients f where f.project_id = @ProjectId and (f.id = @Id or f.merged_into = @Id))";

    private const string Identities = $"""
        select kind, value from identities where project_id = @ProjectId and kind <> 'crm_contact' and client_id in {Family}
        order by array_position(array['phone', 'email', 'messenger', 'visitor'], kind), created_at, value
        """;

    private const string Contacts = $"""
        select k.id as connection_id, k.crm, k.name as connection_name, substr(i.value, 38) as remote_id
        from identities i join connections k on k.project_id = i.project_id and k.id::text = left(i.value, 36)
        where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id in {Family} order by i.created_at, i.value
        """;

    private const string Calls = $"""
        select count(*)::int, max(first_seen_at) from calls where project_id = @ProjectId and direction <> 'internal' and client_id in {Family}
        """;

    // A client's own first step: what was spam or a test brought nobody.
    private const string First = $"""
        {LeadRow.Select} where l.project_id = @ProjectId and l.client_id in {Family} and l.status not in ('spam', 'test') order by l.id limit 1
        """;

    private static string Last(bool onlyOwn) => $"""
        {LeadRow.Select} where l.project_id = @ProjectId and l.client_id in {Family} {(onlyOwn ? $"and l.id = any(array({OwnRows.Leads}))" : "")} order by l.id desc limit @LastLeads
        """;

    private static string Deals(bool onlyOwn) => $"""
        {DealRow.Select} where d.project_id = @ProjectId and d.client_id in {Family} and d.deleted_at is null {(onlyOwn ? $"and {OwnRows.Deal}" : "")} order by d.id desc limit @LastLeads
        """;

    private static string Won(bool onlyOwn) => $"""
        select d.currency, sum(d.amount) as amount, count(*)::int as deals from deals d
        where d.project_id = @ProjectId and d.client_id in {Family} and d.kind = 'deal' and d.state = 'won' and d.deleted_at is null {(onlyOwn ? $"and {OwnRows.Deal}" : "")}
        group by d.currency order by d.currency
        """;

    private const string Merges = $"""
        select m.id, m.merged_id, c.name, m.reason, m.created_at from client_merges m join clients c on c.project_id = m.project_id and c.id = m.merged_id
        where m.project_id = @ProjectId and m.undone_at is null and m.merged_id in {Family} and m.merged_id <> @Id order by m.id
        """;
}
