using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Takes an import back: what it replaced counts again. The import stays in the list, marked.</summary>
internal sealed class UndoSpendImport : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapDelete("/imports/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        // The account's row makes imports and their taking back wait for each other.
        var account = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Lock, new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (account is null) return Problems.NotFound("import");
        await SpendStore.UndoAsync(connection, tx, scope.ProjectId, account.Value, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private const string Lock = """
        select a.id from spend_accounts a join spend_imports i on i.project_id = a.project_id and i.account_id = a.id where i.project_id = @ProjectId and i.id = @Id for update of a
        """;
}
