using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Session;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Changes one's own password; ends every other session of this person.</summary>
internal sealed class ChangePassword : IEndpoint
{
    /// <param name="Current">The one of now.</param>
    /// <param name="Password">The new one, 12 to 128 characters.</param>
    internal sealed record Request(string Current, string Password);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Current).NotEmpty().MaximumLength(PasswordRules.Longest);
            RuleFor(r => r.Password).NewPassword(_ => []);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/password", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"current":"five calm lakes of old","password":"four loud mountains"}""");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, SignedIn person, HttpContext context, Database db, PasswordCheck check, Passwords passwords,
        Sessions sessions, CancellationToken ct)
    {
        if (PasswordRules.FaultOf(request.Password, person.Email, person.Name) is { } fault) return Problems.Invalid("password", fault);
        var verdict = await check.RunAsync(context, person.Email, request.Current, null, ct, wantsCode: false);
        if (verdict is PasswordVerdict.Wait) return PasswordCheck.Refusal(context, verdict);
        if (verdict is not PasswordVerdict.Right) return Problems.Invalid("current", "Not the password of now.");
        string hash;
        try
        {
            hash = await passwords.HashAsync(request.Password, ct);
        }
        catch (TooBusyException)
        {
            return PasswordCheck.TooMany(context, TimeSpan.FromSeconds(3));
        }
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update users set password_hash = @hash where id = @UserId; delete from password_resets where user_id = @UserId", new { hash, person.UserId }, tx, cancellationToken: ct));
        await sessions.EndAsync(connection, tx, person.UserId, null, person.SessionId, ct);
        await tx.CommitAsync(ct);
        sessions.Clear();
        return TypedResults.NoContent();
    }
}
