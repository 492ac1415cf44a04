using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Imports;

/// <summary>Shows how far the reading of the CRM's people and firms has come.</summary>
internal sealed class GetImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/import", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await ImportProgress.FindAsync(connection, scope.ProjectId, id, ct) is { } progress ? TypedResults.Ok(progress) : Problems.NotFound("connection");
    }
}
