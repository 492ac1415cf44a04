using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>amoCRM says that an account has switched the integration off: the connection stops at once and waits for a new login, its leads stay queued.</summary>
/// <remarks>Signed: <c>hex(HMAC-SHA256(client secret, "client_uuid|account_id"))</c>.</remarks>
internal sealed class SwitchOffAmocrm : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/amocrm/off", HandleAsync)
        .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> HandleAsync([Microsoft.AspNetCore.Mvc.FromQuery(Name = "account_id")] string? account,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "client_uuid")] string? client, string? signature, Database db, CredentialsCipher cipher, ConnectingMetrics metrics,
        ILogger<SwitchOffAmocrm> log, CancellationToken ct)
    {
        if (account is not { Length: > 0 and <= 50 } || client is not { Length: > 0 and <= 200 } || signature is not { Length: 64 }) return Problems.NotFound("account");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Find, new { Account = account, Client = client }, cancellationToken: ct))).AsList();
        if (rows.Count == 0) return Problems.NotFound("account");
        var proven = rows.Where(r => IsSigned(r, cipher, $"{client}|{account}", signature)).ToList();
        if (proven.Count == 0)
        {
            log.Refused("amocrm", "the signature of a switched-off integration is wrong");
            return Problems.Of(401, "bad-signature", "Wrong signature", "The signature is not made with the integration's secret.");
        }
        foreach (var row in proven)
        {
            const string why = "The integration was switched off in the account. Connect it anew.";
            if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Stop, new { row.ProjectId, row.Id, Why = why }, cancellationToken: ct)) is null) continue;
            metrics.Stop("amocrm", "needs_reauth");
            log.Stopped(row.Id, "needs_reauth", why);
        }
        return TypedResults.Ok();
    }

    private static bool IsSigned(Row row, CredentialsCipher cipher, string message, string signature)
    {
        try
        {
            if (Credentials.FromBytes(cipher.Decrypt(row.ProjectId, row.Id, row.Credentials)).Login?.Keys is not { } keys) return false;
            var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(keys.ClientSecret), Encoding.UTF8.GetBytes(message)));
            return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(right), Encoding.ASCII.GetBytes(signature.ToLowerInvariant()));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row(Guid ProjectId, Guid Id, byte[] Credentials);

    private const string Find = """
        select project_id, id, credentials from connections where crm = 'amocrm' and remote_account = @Account and client_id = @Client and auth = 'oauth' limit 100
        """;

    private const string Stop = """
        update connections set state = 'needs_reauth', state_reason = @Why, state_by = 'crm', state_at = clock_timestamp(), probe_at = null
        where project_id = @ProjectId and id = @Id and state in ('active', 'blocked') returning 1::bigint
        """;
}
