using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24.OAuth;

/// <summary><c>/oauth/authorize/</c> of a portal and <c>/oauth/token/</c> of the vendor's authorisation server.</summary>
internal static class OAuthServer
{
    public const string Host = "oauth.bitrix24.tech";

    public static bool IsServer(string host) => host is Host or "oauth.bitrix.info";

    public static Answer Authorize(Portal portal, Call call, string standard)
    {
        if (portal.Home.Application(call.QueryText("client_id") ?? "") is not { } application)
            return Error(400, "invalid_client", "Invalid client");
        var decision = call.QueryText("decision") ?? standard;
        if (decision is not ("allow" or "deny"))
            return Ask(call, application, portal);
        var state = Uri.EscapeDataString(call.QueryText("state") ?? "");
        var join = application.RedirectUri.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        if (decision == "deny")
            return Answer.Redirect($"{application.RedirectUri}{join}error=access_denied&state={state}");
        lock (portal.Gate)
        {
            portal.BaseUrl = call.BaseUrl;
            portal.Install(application);
            var code = portal.Home.Tokens.NewCode(new Grant(portal, application, portal.OwnerId), portal.Now);
            return Answer.Redirect($"{application.RedirectUri}{join}code={code}&state={state}&domain={Uri.EscapeDataString(portal.Host)}"
                + $"&member_id={portal.MemberId}&scope={Uri.EscapeDataString(application.Scopes)}&server_domain={Host}");
        }
    }

    public static Answer Token(Bitrix24Crm home, Call call, TimeProvider clock)
    {
        var given = call.Query;
        if (call.Method == "POST" && !call.Body.IsEmpty)
            given = call.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true ? call.ReadJson() as JsonObject ?? [] : BracketForm.Parse(Encoding.UTF8.GetString(call.Body.Span));
        var kind = Json.Text(given["grant_type"]);
        if (kind is not ("authorization_code" or "refresh_token"))
            return Error(400, "invalid_request", "Unknown grant type");
        if (home.Application(Json.Text(given["client_id"]) ?? "") is not { } application || application.ClientSecret != Json.Text(given["client_secret"]))
            return Error(home.WrongClientStatus(call), "wrong_client", "Wrong client");
        var now = clock.GetUtcNow();
        var traded = kind == "refresh_token"
            ? home.Tokens.TradeRefresh(application, Json.Text(given["refresh_token"]) ?? "", now)
            : home.Tokens.TradeCode(application, Json.Text(given["code"]) ?? "", now);
        if (traded is not var (grant, access, refresh))
            return Error(400, "invalid_grant", "Invalid grant");
        var portal = grant.Portal;
        if (!portal.Options.Paid)
            return Error(402, "PAYMENT_REQUIRED", "Payment required");
        return portal.InstallationOf(application.ClientId) is null
            ? Error(400, "NOT_INSTALLED", "Application not installed")
            : Answer.Json(200, Envelope.ContentType, w =>
            {
                w.WriteStartObject();
                WritePair(w, portal, grant, access, refresh, now);
                w.WriteEndObject();
            });
    }

    /// <summary>The fields of an answer with tokens, in the order that the vendor writes them.</summary>
    private static void WritePair(Utf8JsonWriter w, Portal portal, Grant grant, string access, string refresh, DateTimeOffset now)
    {
        w.WriteString("access_token", access);
        w.WriteNumber("expires", now.ToUnixTimeSeconds() + Tokens.LifeSeconds);
        w.WriteNumber("expires_in", Tokens.LifeSeconds);
        w.WriteString("scope", grant.Application.Scopes);
        w.WriteString("domain", Host);
        w.WriteString("server_endpoint", $"https://{Host}/rest/");
        w.WriteString("status", "L");
        w.WriteString("client_endpoint", portal.Endpoint);
        w.WriteString("member_id", portal.MemberId);
        w.WriteNumber("user_id", grant.UserId);
        w.WriteString("refresh_token", refresh);
    }

    private static Answer Error(int status, string code, string text) => new RestException(status, code, text).ToAnswer();

    private static Answer Ask(Call call, Application application, Portal portal)
    {
        string Hidden(string name) => call.QueryText(name) is { } value ? $"<input type=hidden name={name} value=\"{WebUtility.HtmlEncode(value)}\">" : "";
        return Answer.Page(200, $"""
            <!doctype html><html lang="ru"><meta charset="utf-8"><title>Битрикс24: доступ</title>
            <style>body{"{"}font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem{"}"}button{"{"}font:inherit;padding:.3rem .6rem{"}"}</style>
            <h1>Предоставить доступ?</h1><p>Приложение <b>{WebUtility.HtmlEncode(application.ClientId)}</b> получит доступ к порталу <b>{WebUtility.HtmlEncode(portal.Host)}</b>.</p>
            <form method="get">{Hidden("client_id")}{Hidden("state")}{Hidden("response_type")}
            <button name="decision" value="allow">Разрешить</button> <button name="decision" value="deny">Отказать</button></form></html>
            """);
    }
}
