using System.Security.Cryptography;
using System.Text;
using Dapper;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Crm.OAuth;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>The handler of a local Bitrix24 application: an installation brings the first login, its end stops the connection.</summary>
/// <remarks>
/// The secret in the address is the proof. It stays good for later installations of the same application in the same portal, which bring new tokens.
/// </remarks>
internal sealed class InstallBitrix24 : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/bitrix24/{connectionId:guid}/{secret}", HandleAsync).DisableAntiforgery()
        .Produces(StatusCodes.Status200OK, contentType: "text/html").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> HandleAsync(Guid connectionId, string secret, HttpRequest request, Database db, CredentialsCipher cipher,
        Authorizations authorizations, NewLogin logins, ConnectingMetrics metrics, IOptions<CrmHosts> hosts, IOptions<PublicAddress> own, TimeProvider clock, ILogger<InstallBitrix24> log, CancellationToken ct)
    {
        if (!request.HasFormContentType) return Problems.Invalid("body", "A form is expected, as Bitrix24 posts it.");
        var form = await request.ReadFormAsync(ct);
        string? Auth(string name) => form[$"auth[{name}]"].ToString() is { Length: > 0 and <= 4_000 } text ? text : null;
        var known = await FindAsync(db, cipher, connectionId, secret, ct);
        switch (form["event"].ToString().ToUpperInvariant())
        {
            case "ONAPPINSTALL":
                break;
            case "ONAPPUNINSTALL" when known is not null:
                return await StopAsync(db, known, Auth("application_token"), metrics, log, ct);
            default:
                return known is null ? Problems.NotFound("installation") : Problems.Invalid("event", "Only ONAPPINSTALL and ONAPPUNINSTALL are told here.");
        }

        if (Auth("access_token") is not { } access || Auth("refresh_token") is not { } refresh || Auth("member_id") is not { } member)
            return Problems.Invalid("auth", "Bitrix24's access_token, refresh_token and member_id are missing.");
        if (!CrmAddress.TryReadHost("bitrix24", Auth("domain"), hosts.Value, out var portal)) return Problems.Invalid("auth[domain]", "Not a portal of Bitrix24, or one that the operator allowed.");
        var authorization = known?.Authorization ?? await authorizations.TakeInstallAsync(connectionId, secret, ct);
        if (authorization is null) return Problems.NotFound("installation");
        var endpoint = Uri.TryCreate(Auth("server_endpoint"), UriKind.Absolute, out var server) && Bitrix24OAuth.IsServer(server.Host) ? server.Host : Bitrix24OAuth.Server;
        var seconds = int.TryParse(Auth("expires_in"), out var life) && life is > 0 and <= 86_400 ? life : 3_600;
        var row = await logins.KeepAsync(authorization, portal, new Credentials(portal.Base.AbsoluteUri, access)
        {
            Login = new Login(authorization.Keys, refresh, clock.GetUtcNow().AddSeconds(seconds))
            {
                RefreshedAt = clock.GetUtcNow(),
                Server = endpoint,
                ApplicationToken = Auth("application_token"),
                InstallSecretHash = Convert.ToHexStringLower(Authorizations.Hash(secret)),
            },
            // The portal itself has just reached us at this address.
        }, member, isProven: false, own.Value.For(request), CancellationToken.None);
        return CodeOutcome.Kept(row).Page(log, "bitrix24");
    }

    private sealed record Known(Authorization Authorization, string? ApplicationToken);

    private static async Task<Known?> FindAsync(Database db, CredentialsCipher cipher, Guid id, string secret, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid ProjectId, string Name, string Settings, byte[] Credentials)>(new CommandDefinition(Find, new { Id = id }, cancellationToken: ct));
        foreach (var row in rows)
        {
            try
            {
                if (Credentials.FromBytes(cipher.Decrypt(row.ProjectId, id, row.Credentials)).Login is { InstallSecretHash: { } hash } login && Same(hash, Convert.ToHexStringLower(Authorizations.Hash(secret))))
                    return new(new(row.ProjectId, Guid.Empty, id, "bitrix24", row.Name, row.Settings, login.Keys), login.ApplicationToken);
            }
            catch (CryptographicException)
            {
                // Its key is gone: the connection is to be mended by a new login, begun in the project.
            }
        }
        return null;
    }

    private static async Task<IResult> StopAsync(Database db, Known known, string? token, ConnectingMetrics metrics, ILogger log, CancellationToken ct)
    {
        if (known.ApplicationToken is { } right && (token is null || !Same(right, token)))
        {
            log.Refused("bitrix24", "the application token of an end of installation is wrong");
            return Problems.Of(401, "bad-application-token", "Wrong application token", "The application token is not this installation's.");
        }
        const string why = "The application was removed from the portal. Install it anew.";
        var (projectId, id) = (known.Authorization.ProjectId, known.Authorization.ConnectionId);
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Stop, new { ProjectId = projectId, Id = id, Why = why }, cancellationToken: ct)) is not null)
        {
            metrics.Stop("bitrix24", "needs_reauth");
            log.Stopped(id, "needs_reauth", why);
        }
        return TypedResults.Ok();
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private const string Find = """
        select project_id, name, settings::text as settings, credentials from connections where id = @Id and crm = 'bitrix24' and auth = 'oauth'
        """;

    private const string Stop = """
        update connections set state = 'needs_reauth', state_reason = @Why, state_by = 'crm', state_at = clock_timestamp(), probe_at = null
        where project_id = @ProjectId and id = @Id and state in ('active', 'blocked') returning 1::bigint
        """;
}
