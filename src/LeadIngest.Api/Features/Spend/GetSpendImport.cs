using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Shows one import: how its table was understood, and the rows that were refused.</summary>
internal sealed class GetSpendImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/imports/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<SpendImportAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SpendImportAnswer.Row>(new CommandDefinition(SpendImportAnswer.One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("import") : TypedResults.Ok(row.Answer());
    }
}
