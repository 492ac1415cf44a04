using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Signs a person in and sets the cookie.</summary>
/// <remarks>Five failures of one account make it wait 5 minutes, then longer, up to an hour; twenty failures of one address within 10 minutes make that wait. It is not told whether an account exists.</remarks>
internal sealed class SignIn : IEndpoint
{
    /// <param name="Code">Of the second factor, six digits, or one of the recovery codes; asked for by the problem <c>code-needed</c>.</param>
    internal sealed record Request(string Email, string Password, string? Code = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Email).NotEmpty().MaximumLength(254);
            RuleFor(r => r.Password).NotEmpty().MaximumLength(PasswordRules.Longest);
            RuleFor(r => r.Code).MaximumLength(40);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/session", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"email":"olga@okna-plus.ru","password":"three quiet rivers","code":"492039"}""");

    internal static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, PasswordCheck check, Sessions sessions, People people, AuditLog audit,
        CancellationToken ct)
    {
        if (await check.RunAsync(context, request.Email, request.Password, request.Code, ct) is var verdict && verdict is not PasswordVerdict.Right)
            return PasswordCheck.Refusal(context, verdict);
        var person = await sessions.StartAsync(context, ((PasswordVerdict.Right)verdict).UserId, ct);
        await audit.AddToAllAsync(person.UserId, person.Name, context, nameof(SignIn), new() { ["outcome"] = 200 }, ct);
        return TypedResults.Ok(await people.AnswerAsync(person, ct));
    }
}
