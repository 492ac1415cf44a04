using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Gives the password once more: for 15 minutes the session may then do what the problem <c>confirm-needed</c> held up.</summary>
internal sealed class ConfirmSession : IEndpoint
{
    /// <param name="Code">Of the second factor, when there is one.</param>
    internal sealed record Request(string Password, string? Code = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Password).NotEmpty().MaximumLength(PasswordRules.Longest);
            RuleFor(r => r.Code).MaximumLength(40);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/confirm", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"password":"three quiet rivers"}""");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, SignedIn person, HttpContext context, PasswordCheck check, Sessions sessions, CancellationToken ct)
    {
        var verdict = await check.RunAsync(context, person.Email, request.Password, request.Code, ct);
        if (verdict is PasswordVerdict.Wait) return PasswordCheck.Refusal(context, verdict);
        // The session itself is good: a 401 would say that it is not.
        if (verdict is not PasswordVerdict.Right) return verdict is PasswordVerdict.CodeNeeded ? Problems.Invalid("code", "The code of the second factor is missing.") : Problems.Invalid("password", "The password or the code is wrong.");
        await sessions.ConfirmAsync(person.SessionId, ct);
        return TypedResults.NoContent();
    }
}
