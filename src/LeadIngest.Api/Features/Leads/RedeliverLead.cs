using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Deliveries;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Sends a lead again to every CRM that it could not get into.</summary>
/// <remarks>
/// Only deliveries that were given up go back to the queue. One that may have arrived is looked up in the CRM first, so that no second deal is made.
/// </remarks>
internal sealed class RedeliverLead : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/redeliver", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Accepted<Redelivery.Answer>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, Redelivery redelivery,
        CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Lead, id, ct)) return Problems.NotFound("lead");
        var moved = await redelivery.AgainAsync(new(caller.ProjectId, LeadId: id), ct);
        if (moved.Deliveries > 0) return TypedResults.Accepted((string?)null, moved);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, new { caller.ProjectId, Id = id }, cancellationToken: ct))
            ? Redelivery.NothingToDo
            : Problems.NotFound("lead");
    }

    private const string Exists = "select exists(select 1 from leads where project_id = @ProjectId and id = @Id)";
}
