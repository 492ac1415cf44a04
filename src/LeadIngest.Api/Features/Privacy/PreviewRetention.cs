using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Tells what the next night will take away by the terms as they are set now. Nothing is changed by asking.</summary>
internal sealed class PreviewRetention : IEndpoint
{
    internal sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Kind">
    /// <c>callBodies</c> (messages of call providers), <c>rejectBodies</c> (of rejects that are settled), <c>rejects</c>, <c>attempts</c>, <c>visits</c>, <c>leads</c>, <c>calls</c>, <c>clients</c> (of these
    /// three what names a person), <c>audit</c>, <c>acts</c>. Kinds without a term are left out.
    /// </param>
    /// <param name="OlderThan">What is older goes.</param>
    internal sealed record Item(string Kind, DateTimeOffset OlderThan, long Rows);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/retention", HandleAsync);

    internal static async Task<Ok<Response>> HandleAsync(ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var due = await Retention.CountAsync(connection, scope.ProjectId, clock.GetUtcNow(), ct);
        return TypedResults.Ok(new Response([.. due.Select(d => new Item(d.Kind, d.Before, d.Rows))]));
    }
}
