using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Sends again everything that was given up, of the whole project or of one connection.</summary>
/// <remarks>For the day after: the CRM was unpaid or a field was wrong, it is mended, and all leads go in. Answers with 0 when nothing was given up.</remarks>
internal sealed class RetryDeliveries : IEndpoint
{
    /// <param name="State">Always <c>dead</c>: only what was given up is sent again.</param>
    /// <param name="ConnectionId">Only those to this connection; absent: all.</param>
    internal sealed record Request(string State, Guid? ConnectionId);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.State).Equal("dead").WithMessage("Only 'dead' deliveries can be sent again.");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/retry", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"state":"dead"}""");

    internal static async Task<Results<Accepted<Redelivery.Answer>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db,
        Redelivery redelivery, CancellationToken ct)
    {
        if (request.ConnectionId is not null)
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, new { scope.ProjectId, request.ConnectionId }, cancellationToken: ct)))
                return Problems.NotFound("connection");
        }
        return TypedResults.Accepted((string?)null, await redelivery.AgainAsync(new(scope.ProjectId, ConnectionId: request.ConnectionId), ct));
    }

    private const string Exists = "select exists(select 1 from connections where project_id = @ProjectId and id = @ConnectionId)";
}
