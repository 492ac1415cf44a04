using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Replaces a promotion.</summary>
internal sealed class UpdatePromotion : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/{id:guid}", HandleAsync).Validate(new PromotionAnswer.Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample(PromotionAnswer.Example);

    internal static async Task<Results<Ok<PromotionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, PromotionAnswer.Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await PromotionRows.SaveAsync(connection, scope.ProjectId, id, request, isNew: false, ct);
        return row is null ? Problems.NotFound("promotion") : TypedResults.Ok(row);
    }
}
