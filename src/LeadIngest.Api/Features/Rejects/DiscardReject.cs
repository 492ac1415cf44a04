using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Closes a reject that is not worth mending: a scanner's probe, an empty post.</summary>
internal sealed class DiscardReject : IEndpoint
{
    /// <param name="Comment">Why, for whoever looks later; 1 to 500 characters.</param>
    internal sealed record Request(string Comment);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Comment).NotEmpty().MaximumLength(500);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/discard", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""{"comment":"Проверка сканером, контактов нет"}""");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, Id = id, Key = RejectRow.CommentKey, request.Comment };
        if (await connection.ExecuteAsync(new CommandDefinition(Discard, args, cancellationToken: ct)) > 0) return TypedResults.NoContent();
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(State, args, cancellationToken: ct)) is { } state
            ? Problems.Conflict("reject-closed", "Already closed", $"This reject is {state}.")
            : Problems.NotFound("reject");
    }

    private const string Discard = """
        update rejects set state = 'discarded', closed_at = clock_timestamp(), errors = errors || jsonb_build_object(@Key, jsonb_build_array(@Comment))
        where project_id = @ProjectId and id = @Id and state = 'open'
        """;

    private const string State = "select state from rejects where project_id = @ProjectId and id = @Id";
}
