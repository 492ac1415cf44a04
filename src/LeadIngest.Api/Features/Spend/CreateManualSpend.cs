using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Adds an amount by hand over a day or a period.</summary>
internal sealed class CreateManualSpend : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/manual", HandleAsync).Validate(new ManualSpendAnswer.Validator()).WithExample(ManualSpendAnswer.Example);

    internal static async Task<Created<ManualSpendAnswer>> HandleAsync(ManualSpendAnswer.Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await ManualSpendRows.SaveAsync(connection, scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow()), request, isNew: true, ct);
        return TypedResults.Created($"/v1/spend/manual/{row!.Id}", row);
    }
}
