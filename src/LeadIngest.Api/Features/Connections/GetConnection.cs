using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Shows one CRM connection, without its secrets.</summary>
internal sealed class GetConnection : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CredentialsCipher cipher,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(new CommandDefinition(ConnectionRow.One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("connection") : TypedResults.Ok(row.Answer(scope.ProjectId, cipher));
    }
}
