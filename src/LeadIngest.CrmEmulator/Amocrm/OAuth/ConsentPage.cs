using System.Net;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm.OAuth;

/// <summary><c>/oauth</c>: an administrator picks the account and allows the integration, or does not; the browser goes back with a code.</summary>
internal static class ConsentPage
{
    public static Answer Show(AmocrmCrm home, Call call, string standard)
    {
        if (home.Integration(call.QueryText("client_id") ?? "") is not { } integration)
            return Answer.Page(400, "<!doctype html><meta charset=utf-8><title>amoCRM</title><p>Интеграция не найдена");
        var host = AccountHosts.Named(call.QueryText("account") is { Length: > 0 } named ? named : IsShared(call.Host) ? AccountHosts.Standard(AccountHosts.Amocrm) : call.Host);
        var decision = call.QueryText("decision") ?? standard;
        if (decision is not ("allow" or "deny"))
            return Ask(call, integration, host);
        var state = call.QueryText("state") is { Length: > 0 } given ? "&state=" + Uri.EscapeDataString(given) : "";
        var join = integration.RedirectUri.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        if (decision == "deny")
            return Answer.Redirect($"{integration.RedirectUri}{join}error=access_denied{state}");
        var account = home.Account(host);
        account.SwitchOn(integration.ClientId);
        var code = home.Tokens.NewCode(new Grant(account, integration, account.Directory.Users[0].Id), account.Clock.GetUtcNow());
        var platform = AccessToken.BaseDomain(account.Host) is "kommo.com" or "amocrm.com" ? 2 : 1;
        return Answer.Redirect($"{integration.RedirectUri}{join}code={code}{state}&referer={Uri.EscapeDataString(account.Host)}&platform={platform}");
    }

    /// <summary>Not an account's host but one of the vendor's own.</summary>
    public static bool IsShared(string host) => host.StartsWith("www.", StringComparison.Ordinal) || host.StartsWith("api-", StringComparison.Ordinal);

    private static Answer Ask(Call call, Integration integration, string host)
    {
        string Hidden(string name) => call.QueryText(name) is { } value ? $"<input type=hidden name={name} value=\"{WebUtility.HtmlEncode(value)}\">" : "";
        return Answer.Page(200, $"""
            <!doctype html><html lang="ru"><meta charset="utf-8"><title>amoCRM: доступ</title>
            <style>body{"{"}font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem{"}"}input,button{"{"}font:inherit;padding:.3rem .6rem{"}"}</style>
            <h1>Предоставить доступ?</h1><p>Интеграция <b>{WebUtility.HtmlEncode(integration.ClientId)}</b> получит доступ к данным аккаунта.</p>
            <form method="get">{Hidden("client_id")}{Hidden("state")}{Hidden("mode")}
            <p><label>Аккаунт <input name="account" value="{WebUtility.HtmlEncode(host)}"></label></p>
            <button name="decision" value="allow">Разрешить</button> <button name="decision" value="deny">Отказать</button></form></html>
            """);
    }
}
