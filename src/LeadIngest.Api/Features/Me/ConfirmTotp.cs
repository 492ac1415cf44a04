using Dapper;
using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Switches the second factor on by a first code, and gives ten recovery codes, each of which stands in for a code once.</summary>
internal sealed class ConfirmTotp : IEndpoint
{
    /// <param name="Code">Six digits.</param>
    internal sealed record Request(string Code);

    /// <param name="RecoveryCodes">Shown once.</param>
    internal sealed record Response(IReadOnlyList<string> RecoveryCodes);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Code).NotEmpty().MaximumLength(20);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/totp/confirm", HandleAsync).Validate(new Validator()).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status429TooManyRequests).WithExample("""{"code":"492039"}""");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, SignedIn person, HttpContext context, Database db, AddressLimits addresses, TotpSecrets totp, Sessions sessions,
        CancellationToken ct)
    {
        var address = context.Connection.RemoteIpAddress;
        if (addresses.Take(address) is { } after) return PasswordCheck.TooMany(context, after);
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var pending = await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition("select totp_pending from users where id = @UserId and totp is null", new { person.UserId }, cancellationToken: ct));
        if (pending is null) return Problems.Conflict("totp-not-started", "Nothing to confirm", "Begin with POST /v1/me/totp.");
        if (totp.StepOf(person.UserId, pending, request.Code) is not { } step) return Problems.Invalid("code", "Not the code of now. Is the clock of the device right?");
        addresses.GiveBack(address);
        string[] codes = [.. Enumerable.Range(0, TotpSecrets.RecoveryCodes).Select(_ => Secrets.NewCode())];
        var rows = await connection.ExecuteAsync(new CommandDefinition("""
            update users set totp = totp_pending, totp_pending = null, totp_step = @step, recovery_codes = @Codes where id = @UserId and totp is null and totp_pending = @pending
            """, new { person.UserId, step, pending, Codes = codes.Select(Secrets.HashOfCode).ToArray() }, cancellationToken: ct));
        if (rows == 0) return Problems.Conflict("totp-not-started", "Nothing to confirm", "The secret was made anew in the meantime.");
        sessions.Clear();
        return TypedResults.Ok(new Response(codes));
    }
}
