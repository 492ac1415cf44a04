using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Sends one delivery again that was given up.</summary>
/// <remarks>One that may have arrived is looked up in the CRM first, so that no second deal is made.</remarks>
internal sealed class RetryDelivery : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/retry", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Accepted<Redelivery.Answer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, Redelivery redelivery,
        CancellationToken ct)
    {
        var moved = await redelivery.AgainAsync(new(scope.ProjectId, Id: id), ct);
        if (moved.Deliveries > 0) return TypedResults.Accepted((string?)null, moved);
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, new { scope.ProjectId, Id = id }, cancellationToken: ct))
            ? Redelivery.NothingToDo
            : Problems.NotFound("delivery");
    }

    private const string Exists = "select exists(select 1 from deliveries where project_id = @ProjectId and id = @Id)";
}
