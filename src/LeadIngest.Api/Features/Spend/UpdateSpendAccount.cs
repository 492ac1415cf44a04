using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Replaces an account's settings. They hold for imports from now on; what is imported stays.</summary>
internal sealed class UpdateSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/accounts/{id:guid}", HandleAsync).Validate(new SpendAccountAnswer.Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).WithExample(SpendAccountAnswer.Example);

    internal static async Task<Results<Ok<SpendAccountAnswer>, ProblemHttpResult>> HandleAsync(Guid id, SpendAccountAnswer.Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        try
        {
            var row = await connection.QuerySingleOrDefaultAsync<SpendAccountAnswer>(new CommandDefinition(Update, request.Row(scope.ProjectId, id), cancellationToken: ct));
            return row is null ? Problems.NotFound("account") : TypedResults.Ok(row);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("spend-account-exists", "The account exists", "Another account of this project has the name.");
        }
    }

    private const string Update = $"""
        update spend_accounts a set name = @Name, source = @Source, medium = @Medium, currency = @Currency, vat_included = @VatIncluded where a.project_id = @ProjectId and a.id = @Id
        returning {SpendAccountAnswer.Columns}
        """;
}
