using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Stops sending to this CRM for a while; leads go on being accepted and wait.</summary>
internal sealed class PauseConnection : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/pause", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CredentialsCipher cipher,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(new CommandDefinition(Pause, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return row is null ? Problems.NotFound("connection") : TypedResults.Ok(row.Answer(scope.ProjectId, cipher));
    }

    private const string Pause = $"""
        update connections set state = 'paused', state_reason = null where project_id = @ProjectId and id = @Id returning {ConnectionRow.Columns};
        select pg_notify('connections', @ProjectId::text)
        """;
}
