using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Shows whose data the project works with, on what ground, and how long what is kept.</summary>
internal sealed class GetPrivacy : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync);

    internal static async Task<Ok<PrivacySettings>> HandleAsync(ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return TypedResults.Ok(await PrivacySettings.ReadAsync(connection, scope.ProjectId, ct));
    }
}
