using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Shows one reject whole: the body as it came, its headers, and what was wrong with it.</summary>
internal sealed class GetReject : IEndpoint
{
    /// <param name="Headers">The request's headers, without credentials.</param>
    internal sealed record Response(RejectSummary Reject, [property: Contact(MaskKind.Whole)] IReadOnlyDictionary<string, string[]> Headers, RejectBody Body);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<RejectRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null) return Problems.NotFound("reject");
        return TypedResults.Ok(new Response(row.Summary(), row.HeadersByName(), RejectBody.Of(row.Body)));
    }

    private const string One = $"select {RejectRow.Columns}, headers::text as headers, body from rejects where project_id = @ProjectId and id = @Id";
}
