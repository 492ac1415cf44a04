using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm.OAuth;

/// <summary><c>/oauth2/access_token</c> and the two calls that tell an account's present name.</summary>
internal static class TokenEndpoint
{
    public static Answer Trade(Account account, Call call)
    {
        if (call.Method != "POST")
            return Problem.Plain(405, "Method not allowed");
        var body = call.ReadJson() as JsonObject ?? [];
        if (account.Home.Integration(Json.Text(body["client_id"]) ?? "") is not { } integration)
            return Refuse(account, Hints.WrongClient, isClient: true);
        if (Json.Text(body["client_secret"]) != integration.ClientSecret)
            return Refuse(account, Hints.WrongSecret, isClient: true);
        if (Json.Text(body["redirect_uri"]) != integration.RedirectUri)
            return Refuse(account, Hints.WrongRedirect);
        var now = account.Clock.GetUtcNow();
        var tokens = account.Home.Tokens;
        var (access, refresh, hint) = Json.Text(body["grant_type"]) switch
        {
            "authorization_code" => tokens.TradeCode(account, integration, Json.Text(body["code"]) ?? "", now),
            "refresh_token" => tokens.TradeRefresh(account, integration, Json.Text(body["refresh_token"]) ?? "", now),
            _ => ("", "", Hints.WrongGrant),
        };
        return hint is not null ? Refuse(account, hint) : Answer.Json(200, "application/json", w =>
        {
            w.WriteStartObject();
            w.WriteString("token_type", "Bearer");
            w.WriteNumber("expires_in", AccessToken.LifeSeconds);
            w.WriteNumber("server_time", now.ToUnixTimeSeconds());
            w.WriteString("access_token", access);
            w.WriteString("refresh_token", refresh);
            w.WriteEndObject();
        });
    }

    /// <summary>Where the account of this token lives now; the token is not used up.</summary>
    public static Answer Subdomain(Account? account) => account is null ? Problem.Unauthorized() : Answer.Json(200, "application/json", w =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", account.Id);
        w.WriteString("subdomain", account.Subdomain);
        w.WriteString("domain", account.Host);
        w.WriteString("top_level_domain", account.Host[(account.Host.LastIndexOf('.') + 1)..]);
        w.WriteEndObject();
    });

    private static Answer Refuse(Account account, string hint, bool isClient = false)
    {
        if (isClient && !account.Options.ClientErrorHint)
            return Problem.OAuth(401, null, "Ошибка аутентификации клиента");
        return Problem.OAuth(account.Options.TokenErrorStatus is > 0 and var status ? status : Hints.Status(hint), hint);
    }
}
