using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Shows an account.</summary>
internal sealed class GetSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/accounts/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<SpendAccountAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SpendAccountAnswer>(new CommandDefinition(
            $"select {SpendAccountAnswer.Columns} from spend_accounts a where a.project_id = @ProjectId and a.id = @Id", new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("account") : TypedResults.Ok(row);
    }
}
