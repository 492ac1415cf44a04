using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Shows one act of erasure: the proof that it was done, without the data itself.</summary>
internal sealed class GetErasureAct : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/acts/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ErasureAct>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await ErasureAct.ReadAsync(connection, scope.ProjectId, id, Guid.AllBitsSet, 1, ct) is [var act] ? TypedResults.Ok(act) : Problems.NotFound("act");
    }
}
