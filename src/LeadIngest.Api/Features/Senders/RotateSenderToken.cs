using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Gives a call sender a new address; the old one stops working within seconds.</summary>
internal sealed class RotateSenderToken : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/token", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<SenderAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CredentialsCipher cipher,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SenderRow>(
            new CommandDefinition(SenderRow.One + " for update", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (row is null) return Problems.NotFound("sender");
        if (row.Kind != "call") return Problems.Conflict("no-token", "No token", "A form's address holds the key of its site and no token.");
        // Secrets that cannot be read any more are lost either way; they are to be entered anew.
        var secrets = (row.Secrets(scope.ProjectId, cipher) ?? new()) with { Token = SenderRules.NewToken() };
        var changed = await connection.QuerySingleAsync<SenderRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            TokenHash = SenderDirectory.Hash(secrets.Token),
            Credentials = cipher.Encrypt(scope.ProjectId, id, secrets.ToBytes()),
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed.Answer(scope.ProjectId, cipher, address.Value, http));
    }

    private const string Update = $"""
        update senders s set token_hash = @TokenHash, credentials = @Credentials where s.project_id = @ProjectId and s.id = @Id
        returning {SenderRow.Columns};
        select pg_notify('senders', @ProjectId::text)
        """;
}
