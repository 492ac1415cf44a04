using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>Shows how far a rebuild is; of a preview that is done, what it found.</summary>
internal sealed class GetRebuild : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<RebuildAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await RebuildAnswer.FindAsync(connection, scope.ProjectId, id, ct) is { } answer ? TypedResults.Ok(answer) : Problems.NotFound("rebuild");
    }
}
