using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Lists what leads' campaigns are mapped to by hand, newest first.</summary>
internal sealed class ListSpendMappings : IEndpoint
{
    /// <param name="Limit">Mappings a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(int? Limit, string? Cursor) : IPageQuery;

    /// <summary>Leads of this <c>utm_campaign</c> belong to that campaign of the spend.</summary>
    internal sealed record MappingAnswer
    {
        public required Guid Id { get; init; }

        /// <summary><c>utm_campaign</c> as leads have it; case and spaces mean nothing.</summary>
        public required string LeadCampaign { get; init; }

        public string? CampaignId { get; init; }
        public string? Campaign { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }

    public const string Columns = "id, lead_campaign, campaign_id, campaign_name as campaign, created_at";

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/mappings", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<MappingAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<MappingAnswer>(new CommandDefinition(
            $"select {Columns} from spend_mappings where project_id = @ProjectId and id < @Before order by id desc limit @Rows",
            new { scope.ProjectId, Before = before, Rows = limit + 1 }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, m => m.Id));
    }
}
