using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Sites;

/// <summary>Shows one website with the addresses that its forms post to.</summary>
internal sealed class GetSite : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<PublicAddress> address,
        HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SiteRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("site") : TypedResults.Ok(row.Answer(address.Value, http));
    }

    private const string One = $"select {SiteRow.Columns} from sites where project_id = @ProjectId and id = @Id";
}
