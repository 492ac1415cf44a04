using System.Security.Claims;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Stops sending to this CRM for a while; leads go on being accepted and wait.</summary>
internal sealed class PauseConnection : IEndpoint
{
    /// <param name="Reason">For those who wonder later; up to 500 characters, or absent.</param>
    internal sealed record Request(string? Reason);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/pause", HandleAsync)
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).WithExample("""{"reason":"Перенастраиваем воронки"}""");

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request? request, ClaimsPrincipal user, ProjectScope scope, Database db,
        CredentialsCipher cipher, CancellationToken ct)
    {
        // The body may be absent, so there is no validator in front.
        if (request?.Reason is { Length: > 500 }) return Problems.Invalid("reason", "At most 500 characters.");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(new CommandDefinition(Pause,
            new { scope.ProjectId, Id = id, Reason = request?.Reason?.Trim(), Key = Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!) }, cancellationToken: ct));
        return row is null ? Problems.NotFound("connection") : TypedResults.Ok(row.Answer(scope.ProjectId, cipher));
    }

    private const string Pause = $"""
        update connections set state = 'paused', state_reason = nullif(@Reason, ''), state_at = clock_timestamp(), probe_at = null,
            state_by = coalesce((select 'API key ' || a.name from api_keys a where a.project_id = @ProjectId and a.id = @Key), 'an API key')
        where project_id = @ProjectId and id = @Id returning {ConnectionRow.Columns};
        select pg_notify('connections', @ProjectId::text)
        """;
}
