using Dapper;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Me;

/// <summary>Makes the secret of a second factor, for an authenticator application. It counts from the first right code on.</summary>
internal sealed class StartTotp : IEndpoint
{
    /// <param name="Secret">To be typed where no picture can be scanned; shown here only.</param>
    /// <param name="Uri">The same as <c>otpauth://</c> address, to be shown as a QR code.</param>
    internal sealed record Response(string Secret, string Uri);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/totp", HandleAsync).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(SignedIn person, Database db, TotpSecrets totp, CancellationToken ct)
    {
        var secret = Totp.NewSecret();
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var rows = await connection.ExecuteAsync(new CommandDefinition("update users set totp_pending = @Pending where id = @UserId and totp is null",
            new { person.UserId, Pending = totp.Encrypt(person.UserId, secret) }, cancellationToken: ct));
        return rows == 0 ? Problems.Conflict("totp-on", "There is one already", "Remove the second factor first.") : TypedResults.Ok(new Response(Totp.Text(secret), Totp.Uri(secret, person.Email)));
    }
}
