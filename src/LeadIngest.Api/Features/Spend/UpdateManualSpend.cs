using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Replaces an amount by hand.</summary>
internal sealed class UpdateManualSpend : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/manual/{id:guid}", HandleAsync).Validate(new ManualSpendAnswer.Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample(ManualSpendAnswer.Example);

    internal static async Task<Results<Ok<ManualSpendAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ManualSpendAnswer.Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await ManualSpendRows.SaveAsync(connection, scope.ProjectId, id, request, isNew: false, ct);
        return row is null ? Problems.NotFound("amount") : TypedResults.Ok(row);
    }
}
