using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Adds a promotion.</summary>
internal sealed class CreatePromotion : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new PromotionAnswer.Validator()).WithExample(PromotionAnswer.Example);

    internal static async Task<Created<PromotionAnswer>> HandleAsync(PromotionAnswer.Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await PromotionRows.SaveAsync(connection, scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow()), request, isNew: true, ct);
        return TypedResults.Created($"/v1/promotions/{row!.Id}", row);
    }
}
