using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Sets a new password by a link that works once and for 30 minutes; ends every session of its owner. A second factor stays.</summary>
internal sealed class ResetPassword : IEndpoint
{
    /// <param name="Token">The end of the link, behind the <c>#</c>.</param>
    /// <param name="Password">12 to 128 characters.</param>
    internal sealed record Request(string Token, string Password);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Token).NotEmpty().MaximumLength(100);
            RuleFor(r => r.Password).NewPassword(_ => []);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/password/reset", HandleAsync).Validate(new Validator()).ProducesPasswordProblems()
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample("""{"token":"q8Xw0cE1b7m2Zk5tYh3uVn6rLs9dPf4gJa8xQe1wCy0","password":"three quiet rivers"}""");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, Database db, AddressLimits addresses, AccountLimits accounts, Passwords passwords,
        Sessions sessions, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var address = context.Connection.RemoteIpAddress;
        if (addresses.Take(address) is { } after) return PasswordCheck.TooMany(context, after);
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var args = new { Hash = Secrets.Hash(request.Token), Now = clock.GetUtcNow() };
        if (await connection.QuerySingleOrDefaultAsync<(Guid Id, string Email, string Name)?>(new CommandDefinition(Find, args, cancellationToken: ct)) is not { } user) return Gone();
        addresses.GiveBack(address);
        if (PasswordRules.FaultOf(request.Password, user.Email, user.Name) is { } fault) return Problems.Invalid("password", fault);
        string hash;
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
        await using (var tx = await connection.BeginTransactionAsync(ct))
        {
            if (await connection.ExecuteAsync(new CommandDefinition("delete from password_resets where token_hash = @Hash and expires_at > @Now", args, tx, cancellationToken: ct)) == 0) return Gone();
            await connection.ExecuteAsync(new CommandDefinition("update users set password_hash = @hash where id = @Id; delete from password_resets where user_id = @Id", new { user.Id, hash }, tx, cancellationToken: ct));
            await sessions.EndAsync(connection, tx, user.Id, null, null, ct);
            await tx.CommitAsync(ct);
        }
        sessions.Clear();
        await accounts.ClearAsync(user.Email, ct);
        await audit.AddToAllAsync(user.Id, user.Name, context, nameof(ResetPassword), new() { ["outcome"] = 204 }, ct);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Gone() => Problems.Of(404, "link-gone", "The link does not work any more", "It was used already or is older than 30 minutes: ask for a new one.");

    private const string Find = "select u.id, u.email, u.name from password_resets r join users u on u.id = r.user_id where r.token_hash = @Hash and r.expires_at > @Now";
}
