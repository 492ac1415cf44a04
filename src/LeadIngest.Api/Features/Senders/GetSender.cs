using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Shows one sender with the address to paste over there.</summary>
internal sealed class GetSender : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<SenderAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CredentialsCipher cipher,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SenderRow>(new CommandDefinition(SenderRow.One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("sender") : TypedResults.Ok(row.Answer(scope.ProjectId, cipher, address.Value, http));
    }
}
