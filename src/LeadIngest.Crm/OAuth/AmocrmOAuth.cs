using System.Net.Http.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.OAuth;

/// <summary>amoCRM's token endpoint, which every account has at its own address.</summary>
public sealed class AmocrmOAuth(TokenCalls calls)
{
    /// <summary>Where the account's administrator is asked for consent.</summary>
    /// <param name="clientId">The integration.</param>
    /// <param name="state">Comes back with the code.</param>
    /// <param name="isKommo">The global product instead of the Russian one.</param>
    public static string ConsentAddress(string clientId, string state, bool isKommo) =>
        $"https://www.{(isKommo ? "kommo.com" : "amocrm.ru")}/oauth?client_id={Uri.EscapeDataString(clientId)}&state={Uri.EscapeDataString(state)}&mode=popup";

    public Task<TokenAnswer> ExchangeAsync(Uri account, OAuthKeys keys, string code, CancellationToken ct) => TradeAsync(account, new
    {
        client_id = keys.ClientId,
        client_secret = keys.ClientSecret,
        grant_type = "authorization_code",
        code,
        redirect_uri = keys.RedirectUri,
    }, ct);

    public Task<TokenAnswer> RefreshAsync(Uri account, OAuthKeys keys, string refreshToken, CancellationToken ct) => TradeAsync(account, new
    {
        client_id = keys.ClientId,
        client_secret = keys.ClientSecret,
        grant_type = "refresh_token",
        refresh_token = refreshToken,
        redirect_uri = keys.RedirectUri,
    }, ct);

    /// <summary>The account's present host; the refresh token is not used up. Null when nobody knows.</summary>
    public async Task<string?> CurrentHostAsync(string apiDomain, string refreshToken, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{apiDomain}/oauth2/account/current/subdomain");
        request.Headers.Add("X-Refresh-Token", refreshToken);
        var (reply, _) = await calls.SendAsync(request, ct).ConfigureAwait(false);
        return reply is { IsSuccess: true } ? reply.Json().Get("domain").Text() : null;
    }

    /// <summary>The same by a living access token, which is all that a connection by a long-lived token has. Deprecated by the vendor, and still answered.</summary>
    public async Task<string?> CurrentHostOfAsync(string accessToken, bool isKommo, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://www.{(isKommo ? "kommo.com" : "amocrm.ru")}/oauth2/account/subdomain");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", accessToken);
        var (reply, _) = await calls.SendAsync(request, ct).ConfigureAwait(false);
        return reply is { IsSuccess: true } ? reply.Json().Get("domain").Text() : null;
    }

    private async Task<TokenAnswer> TradeAsync(Uri account, object body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(account, "oauth2/access_token")) { Content = JsonContent.Create(body) };
        // A length, not chunks: some gateways do not take them.
        await request.Content.LoadIntoBufferAsync(ct).ConfigureAwait(false);
        var (reply, why) = await calls.SendAsync(request, ct).ConfigureAwait(false);
        return reply is null ? new TokenAnswer.Failed(why!) : Read(reply, calls.Now);
    }

    /// <summary>By the body where there is one: one class of failure comes as 400 and as 401.</summary>
    internal static TokenAnswer Read(HttpReply reply, DateTimeOffset now)
    {
        var json = reply.Json();
        if (reply.IsSuccess)
        {
            return json.Get("access_token").Text() is { } access && json.Get("refresh_token").Text() is { } refresh
                ? new TokenAnswer.Granted(access, refresh, now + Life(JsonRead.Number(json.Get("expires_in"))), Account: AccessTokenClaims.Read(access)?.AccountId)
                : new TokenAnswer.Failed($"The token endpoint's answer cannot be read: {(json is null ? reply.Sketch() : "no tokens in it")}.");
        }

        var words = json is null ? reply.Sketch() : Words.Short(json.Get("hint").Text() ?? json.Get("title").Text() ?? json.Get("detail").Text() ?? $"HTTP {reply.Status}").TrimEnd('.');
        return reply.Status switch
        {
            402 => new TokenAnswer.Blocked($"The account is not paid: {words}.", MayPass: true),
            403 => new TokenAnswer.Blocked($"The account, or this service's address, is blocked: {words}."),
            404 => new TokenAnswer.Refused($"There is no account at this address: {words}.", IsElsewhere: true),
            408 or 429 => new TokenAnswer.Failed($"The token endpoint asks for patience: {words}.", RetryTime.Read(reply.RetryAfter, json, now)),
            >= 500 => new TokenAnswer.Failed($"The token endpoint failed: {words}."),
            >= 300 and < 400 => new TokenAnswer.Refused($"The account answers with a redirect to {reply.Location?.Host ?? "another place"}.", IsElsewhere: true),
            _ => new TokenAnswer.Refused(Advice(words), IsElsewhere: reply.Status == 401 || words.Contains("Invalid account", StringComparison.OrdinalIgnoreCase)),
        };
    }

    private static string Advice(string hint)
    {
        bool Says(string words) => hint.Contains(words, StringComparison.OrdinalIgnoreCase);
        return Says("refresh token") || Says("Token has been revoked")
            ? $"amoCRM does not accept the login any more ({hint}): the integration was switched off, or its login was used elsewhere. Connect the account anew."
            : Says("authorization code") ? $"amoCRM does not accept the code ({hint}). Begin again."
            : Says("client_id") || Says("client_secret") ? $"amoCRM does not know the integration's keys ({hint}). Enter its id and secret anew."
            : Says("Redirect URI") ? $"The redirect address is not the one registered in the integration ({hint}). Both must be the same to the letter."
            : $"amoCRM refused: {hint}.";
    }

    private static TimeSpan Life(double? seconds) => TimeSpan.FromSeconds(seconds is > 0 and < 1e9 ? seconds.Value : 86_400);
}
