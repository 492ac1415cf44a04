using FluentValidation;
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
/// <remarks>A POST, although it changes nothing: addresses are written into logs by every proxy on the way, and the token is as good as a password until it is used.</remarks>
internal sealed class ShowInvitation : IEndpoint
{
    /// <param name="Token">The end of the link, behind the <c>#</c>.</param>
    internal sealed record Request(string Token);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Token).NotEmpty().MaximumLength(100);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/invitations/show", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"token":"q8Xw0cE1b7m2Zk5tYh3uVn6rLs9dPf4gJa8xQe1wCy0"}""");

    internal static async Task<Results<Ok<InvitationAnswer>, ProblemHttpResult>> HandleAsync(Request request, Database db, Invitations invitations, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        return await invitations.FindAsync(connection, request.Token, ct) is { } found ? TypedResults.Ok(new InvitationAnswer(found.Email, found.Name, found.ProjectName, found.Role, found.HasPassword)) : Gone();
    }

    public static ProblemHttpResult Gone() => Problems.Of(404, "link-gone", "The link does not work any more", "The invitation was accepted, taken back, or is older than 72 hours: ask for a new one.");
}
