using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Removes an account. Refused while it has spend that counts, unless that is to go with it: take its imports back first, or pass <c>withSpend</c>.</summary>
internal sealed class DeleteSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/accounts/{id:guid}", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    /// <param name="WithSpend">All that was imported into it is removed too, for good: a wrong cabinet was connected.</param>
    internal sealed record Query(bool? WithSpend);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, [AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var args = new { scope.ProjectId, Id = id };
        // Imports hold the same row: none can begin between the look and the deletion.
        if (await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition("select id from spend_accounts where project_id = @ProjectId and id = @Id for update", args, tx, cancellationToken: ct)) is null)
            return Problems.NotFound("account");
        if (query.WithSpend is not true && await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select 1 from spend where project_id = @ProjectId and account_id = @Id and current)", args, tx, cancellationToken: ct)))
            return Problems.Conflict("spend-counts", "The account has spend", "Reports would lose it. Take the account's imports back first, or pass `withSpend=true`.");
        await connection.ExecuteAsync(new CommandDefinition("delete from spend_accounts where project_id = @ProjectId and id = @Id", args, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
