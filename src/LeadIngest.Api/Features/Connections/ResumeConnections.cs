using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Releases all connections that were paused because the database was restored from a backup.</summary>
/// <remarks>What may have been sent since the backup is looked up in the CRMs first. Connections that a person paused stay paused.</remarks>
internal sealed class ResumeConnections : IEndpoint
{
    /// <param name="Connections">How many send again.</param>
    internal sealed record Response(int Connections);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/resume", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(ProjectScope scope, Database db, DeliverySignal signal, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var released = await connection.ExecuteAsync(new CommandDefinition(Release, new { scope.ProjectId, RestoredCommand.By }, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition("select pg_notify('connections', @Project), pg_notify('deliveries', '')",
            new { Project = scope.ProjectId.ToString() }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        signal.Wake();
        return TypedResults.Ok(new Response(released));
    }

    private const string Release = """
        update connections set state = 'active', state_reason = null, state_by = null, state_at = clock_timestamp()
        where project_id = @ProjectId and state = 'paused' and state_by = @By
        """;
}
