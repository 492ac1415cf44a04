using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Sends again to a CRM that was paused, or that had refused its credentials or the account: what waited goes first.</summary>
internal sealed class ResumeConnection : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/resume", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CredentialsCipher cipher,
        DeliverySignal signal, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(new CommandDefinition(Resume, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null) return Problems.NotFound("connection");
        signal.Wake();
        return TypedResults.Ok(row.Answer(scope.ProjectId, cipher));
    }

    private const string Resume = $"""
        update connections set state = 'active', state_reason = null, state_by = null, state_at = clock_timestamp(), probe_at = null
        where project_id = @ProjectId and id = @Id returning {ConnectionRow.Columns};
        select pg_notify('connections', @ProjectId::text), pg_notify('deliveries', '')
        """;
}
