using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Imports;

/// <summary>Shows how far the reading of the CRM's people, firms and deals has come.</summary>
internal sealed class GetImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/import", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await ImportProgress.FindAsync(connection, scope.ProjectId, id, options.Value.Deals, ct) is { } progress ? TypedResults.Ok(progress) : Problems.NotFound("connection");
    }
}
