using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Bitrix24.OAuth;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Tells who calls.</summary>
internal sealed class Login(Bitrix24Options options, Tokens tokens, TimeProvider clock)
{
    private readonly HashSet<string> _secrets = [.. Words(options.Secrets)];
    private readonly HashSet<string> _applicationTokens = [.. Words(options.ApplicationTokens)];

    /// <summary>A webhook by its path, or an application by the parameter <c>auth</c>: <c>/rest/{method}</c>.</summary>
    public (string Method, Caller Caller) Authorize(Portal portal, Call call, JsonObject parameters)
    {
        var parts = call.Path.TrimEnd('/').Split('/');
        if (parts[0] != "rest" || parts.Length < 2)
            throw new RestException(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
        if (parts.Length == 2 && Json.Text(parameters["auth"]) is { Length: > 0 } token)
        {
            parameters.Remove("auth");
            return (Bitrix24Crm.MethodName(parts[1]), OfApplication(portal, call, token));
        }
        if (parts.Length < 4)
            throw new RestException(401, "NO_AUTH_FOUND", "Wrong authorization data");
        if (!int.TryParse(parts[1], out var user) || user != options.User || !_secrets.Contains(parts[2]))
            throw new RestException(401, "INVALID_CREDENTIALS", "Invalid request credentials");
        if (!portal.IsActive(user))
            throw new RestException(401, "authorization_error", "Unable to authorize user");
        if (call.TokensExpiredAt is not null)
            throw Expired();
        return (Bitrix24Crm.MethodName(parts[3]), new Caller(user, parts[2], null, Words(portal.Options.Scopes)));
    }

    private Caller OfApplication(Portal portal, Call call, string token)
    {
        if (_applicationTokens.Contains(token))
            return call.TokensExpiredAt is null ? new Caller(options.User, token, options.ClientId, Words(portal.Options.Scopes)) : throw Expired();
        if (tokens.Check(token, clock.GetUtcNow(), call.TokensExpiredAt) is not var (grant, isOld) || grant.Portal != portal)
            throw new RestException(401, "invalid_token", "Unable to get application by token");
        if (isOld)
            throw Expired();
        if (!portal.IsActive(grant.UserId))
            throw new RestException(401, "authorization_error", "Unable to authorize user");
        return new Caller(grant.UserId, grant.Application.ClientId, grant.Application.ClientId, Words(grant.Application.Scopes));
    }

    private static RestException Expired() => new(401, "expired_token", "The access token provided has expired");

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
