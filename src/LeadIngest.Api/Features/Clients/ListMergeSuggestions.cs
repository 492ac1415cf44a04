using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Lists pairs of clients that look like one person although something contradicts: a person decides.</summary>
internal sealed class ListMergeSuggestions : IEndpoint
{
    /// <param name="Limit">Pairs a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    /// <param name="Reason">What they share and what contradicts.</param>
    /// <param name="LeadId">The lead that brought it to light.</param>
    internal sealed record Suggestion(Guid Id, ClientSummary ClientA, ClientSummary ClientB, [property: Contact(MaskKind.Free)] string Reason, Guid? LeadId, DateTimeOffset CreatedAt);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/suggestions", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<Suggestion>>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var pairs = await connection.QueryAsync<Pair>(new CommandDefinition(Pairs(caller.OnlyOf is not null), new { caller.ProjectId, Before = before, Rows = limit + 1, caller.OwnConnections, caller.OwnUsers }, cancellationToken: ct));
        var page = Cursor.Page(pairs.AsList(), limit, p => p.Id);
        var clients = (await connection.QueryAsync<ClientSummary>(new CommandDefinition(Clients,
            new { caller.ProjectId, Ids = page.Items.SelectMany(p => new[] { p.A, p.B }).Distinct().ToArray() }, cancellationToken: ct))).ToDictionary(c => c.Id);
        return TypedResults.Ok(new Page<Suggestion>(
            [.. page.Items.Select(p => new Suggestion(p.Id, clients[p.A], clients[p.B], p.Reason, p.LeadId, p.CreatedAt))], page.NextCursor));
    }

    private sealed class Pair
    {
        public Guid Id { get; init; }
        public Guid A { get; init; }
        public Guid B { get; init; }
        public string Reason { get; init; } = "";
        public Guid? LeadId { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }

    // Merged since, by way of a third client: nothing is left to decide.
    private static string Pairs(bool onlyOwn) => $"""
        select s.id, case when a.merged_into is not null then a.merged_into else a.id end as a, case when b.merged_into is not null then b.merged_into else b.id end as b, s.reason, s.lead_id, s.created_at
        from merge_suggestions s
            join clients a on a.project_id = s.project_id and a.id = s.client_a
            join clients b on b.project_id = s.project_id and b.id = s.client_b
        where s.project_id = @ProjectId and s.resolved_at is null and s.id < @Before and case when a.merged_into is not null then a.merged_into else a.id end <> case when b.merged_into is not null then b.merged_into else b.id end
            {(onlyOwn ? $"and array[case when a.merged_into is not null then a.merged_into else a.id end, case when b.merged_into is not null then b.merged_into else b.id end] <@ array({OwnRows.Clients})" : "")}
        order by s.id desc limit @Rows
        """;

    private const string Clients = $"select {ClientSummary.Columns} from clients c {ClientSummary.Joins} where c.project_id = @ProjectId and c.id = any(@Ids)";
}
