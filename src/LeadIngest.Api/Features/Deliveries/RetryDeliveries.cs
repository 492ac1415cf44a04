using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Deliveries;

/// <summary>Sends again what was given up: all of the project, or what a filter leaves.</summary>
/// <remarks>For the day after: the CRM was unpaid or a field was wrong, it is mended, and all leads go in. Answers with 0 when nothing was given up.</remarks>
internal sealed class RetryDeliveries : IEndpoint
{
    /// <param name="State">Always <c>dead</c>: only what was given up is sent again.</param>
    /// <param name="ConnectionId">Only those to this connection; absent: all.</param>
    /// <param name="From">Only leads that arrived at this time or later.</param>
    /// <param name="To">Only leads that arrived before this time.</param>
    /// <param name="ErrorContains">Only those whose last error contains this text, whatever its case; 1 to 200 characters.</param>
    /// <param name="Limit">At most so many, oldest first: 1 to 100,000, which is the default. <c>more</c> in the answer says whether some are left.</param>
    /// <param name="DryRun">True: only count.</param>
    internal sealed record Request(string State, Guid? ConnectionId, DateTimeOffset? From, DateTimeOffset? To, string? ErrorContains, int? Limit, bool? DryRun);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.State).Equal("dead").WithMessage("Only 'dead' deliveries can be sent again.");
            RuleFor(r => r.ErrorContains).Length(1, 200).When(r => r.ErrorContains is not null);
            RuleFor(r => r.Limit).InclusiveBetween(1, Redelivery.MostAtOnce).When(r => r.Limit is not null);
            RuleFor(r => r.To).GreaterThan(r => r.From).When(r => r.From is not null && r.To is not null);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/retry", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"state":"dead","from":"2026-03-02T00:00:00+03:00","errorContains":"CRM_FIELD_ERROR_REQUIRED","dryRun":true}""");

    internal static async Task<Results<Accepted<Redelivery.Answer>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db,
        Redelivery redelivery, CancellationToken ct)
    {
        if (request.ConnectionId is not null)
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, new { scope.ProjectId, request.ConnectionId }, cancellationToken: ct)))
                return Problems.NotFound("connection");
        }
        var selection = new Redelivery.Selection(scope.ProjectId, ConnectionId: request.ConnectionId, From: request.From, To: request.To, Error: request.ErrorContains);
        var limit = request.Limit ?? Redelivery.MostAtOnce;
        return TypedResults.Accepted((string?)null, request.DryRun == true
            ? await redelivery.CountAsync(selection, ct, limit)
            : await redelivery.AgainAsync(selection, ct, limit));
    }

    private const string Exists = "select exists(select 1 from connections where project_id = @ProjectId and id = @ConnectionId)";
}
