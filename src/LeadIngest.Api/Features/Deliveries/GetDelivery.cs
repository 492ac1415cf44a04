using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Shows one delivery with the history of its attempts.</summary>
internal sealed class GetDelivery : IEndpoint
{
    /// <param name="Attempts">Every attempt that is still kept, oldest first.</param>
    internal sealed record Response(DeliveryAnswer Delivery, IReadOnlyList<Attempt> Attempts);

    /// <summary>One call to the CRM about this delivery.</summary>
    internal sealed record Attempt
    {
        public required Guid Id { get; init; }

        /// <summary>Which attempt it belonged to, from 1.</summary>
        public required int Number { get; init; }

        /// <summary>What was done: sent, or looked up.</summary>
        public required string Action { get; init; }

        public required DateTimeOffset StartedAt { get; init; }
        public required DateTimeOffset EndedAt { get; init; }
        public required string Outcome { get; init; }

        /// <summary>The CRM's own words.</summary>
        [Contact(MaskKind.Free)] public string? Error { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var delivery = await connection.QuerySingleOrDefaultAsync<DeliveryAnswer>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (delivery is null) return Problems.NotFound("delivery");
        var attempts = await connection.QueryAsync<Attempt>(new CommandDefinition(Attempts, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return TypedResults.Ok(new Response(delivery, attempts.AsList()));
    }

    private const string One = $"{DeliveryAnswer.Select} where d.project_id = @ProjectId and d.id = @Id";

    private const string Attempts = """
        select id, attempt as number, action, started_at, ended_at, outcome, error from delivery_attempts
        where project_id = @ProjectId and delivery_id = @Id order by id
        """;
}
