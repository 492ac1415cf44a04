using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Accepts an invitation and signs in: somebody new chooses a password, who has one gives it.</summary>
internal sealed class AcceptInvitation : IEndpoint
{
    /// <param name="Token">The end of the link, behind the <c>#</c>.</param>
    /// <param name="Name">How somebody new is called; as the invitation says when absent.</param>
    /// <param name="Password">A new one of 12 to 128 characters, or the one that there is.</param>
    /// <param name="Code">Of the second factor, where there is one.</param>
    internal sealed record Request(string Token, string? Name, string Password, string? Code = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Token).NotEmpty().MaximumLength(100);
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.Password).NotEmpty().MaximumLength(PasswordRules.Longest);
            RuleFor(r => r.Code).MaximumLength(40);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/invitations/accept", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample("""{"token":"q8Xw0cE1b7m2Zk5tYh3uVn6rLs9dPf4gJa8xQe1wCy0","name":"Борис","password":"three quiet rivers"}""");

    internal static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, Database db, Invitations invitations, PasswordCheck check,
        Passwords passwords, Sessions sessions, People people, AuditLog audit, CancellationToken ct)
    {
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        if (await invitations.FindAsync(connection, request.Token, ct) is not { } invitation) return ShowInvitation.Gone();
        string? hash = null;
        if (invitation.HasPassword)
        {
            await connection.CloseAsync();
            if (await check.RunAsync(context, invitation.Email, request.Password, request.Code, ct) is var verdict && verdict is not PasswordVerdict.Right) return PasswordCheck.Refusal(context, verdict);
            await connection.OpenAsync(ct);
        }
        else if (PasswordRules.FaultOf(request.Password, invitation.Email, request.Name ?? invitation.Name) is { } fault) return Problems.Invalid("password", fault);
        else
        {
            try
            {
                // Hashing takes its turn, and must not hold a session meanwhile.
                await connection.CloseAsync();
                hash = await passwords.HashAsync(request.Password, ct);
                await connection.OpenAsync(ct);
            }
            catch (TooBusyException)
            {
                return PasswordCheck.TooMany(context, TimeSpan.FromSeconds(3));
            }
        }
        if (!await invitations.AcceptAsync(connection, invitation, request.Token, request.Name?.Trim(), hash, ct)) return ShowInvitation.Gone();
        var person = await sessions.StartAsync(context, invitation.UserId, ct);
        await audit.AddAsync(new Caller(invitation.ProjectId, invitation.Role, invitation.UserId, null, person.Name), context, nameof(AcceptInvitation), "users", invitation.UserId.ToString(), new() { ["outcome"] = 200 }, ct);
        return TypedResults.Ok(await people.AnswerAsync(person, ct));
    }
}
