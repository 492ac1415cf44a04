using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Session;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Takes the second factor off, with its recovery codes.</summary>
internal sealed class RemoveTotp : IEndpoint
{
    internal sealed record Request(string Password);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Password).NotEmpty().MaximumLength(PasswordRules.Longest);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/totp/remove", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"password":"three quiet rivers"}""");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, SignedIn person, HttpContext context, Database db, PasswordCheck check, Sessions sessions, CancellationToken ct)
    {
        var verdict = await check.RunAsync(context, person.Email, request.Password, null, ct, wantsCode: false);
        if (verdict is PasswordVerdict.Wait) return PasswordCheck.Refusal(context, verdict);
        if (verdict is not PasswordVerdict.Right) return Problems.Invalid("password", "Not the password.");
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update users set totp = null, totp_pending = null, recovery_codes = '{}' where id = @UserId", new { person.UserId }, cancellationToken: ct));
        sessions.Clear();
        return TypedResults.NoContent();
    }
}
