using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>What an invitation offers.</summary>
/// <param name="Role"><c>owner</c>, <c>marketer</c>, <c>manager</c> or <c>operator</c>.</param>
/// <param name="HasPassword">True: the address signs in already; its password is asked for, not a new one.</param>
internal sealed record InvitationAnswer(string Email, string Name, string ProjectName, string Role, bool HasPassword);

/// <summary>Shows an invitation to whoever has its link, which works once and for 72 hours.</summary>
internal sealed class GetInvitation : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/invitations/{token}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<InvitationAnswer>, ProblemHttpResult>> HandleAsync(string token, Database db, Invitations invitations, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await invitations.FindAsync(connection, token, ct) is { } found ? TypedResults.Ok(new InvitationAnswer(found.Email, found.Name, found.ProjectName, found.Role, found.HasPassword)) : Gone();
    }

    public static ProblemHttpResult Gone() => Problems.Of(404, "link-gone", "The link does not work any more", "The invitation was accepted, taken back, or is older than 72 hours: ask for a new one.");
}
