using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.OAuth;

/// <summary>The vendor's authorisation server: one for all portals, in the cloud or on a server of their own, which need not pass such calls on.</summary>
public sealed class Bitrix24OAuth(TokenCalls calls)
{
    public const string Server = "oauth.bitrix24.tech";

    /// <summary>Older portals name the second; both are the vendor's.</summary>
    public static bool IsServer(string host) => host is Server or "oauth.bitrix.info";

    /// <summary>Where the portal's user is asked for consent.</summary>
    public static string ConsentAddress(Uri portal, string clientId, string state) =>
        new Uri(portal, $"oauth/authorize/?client_id={Uri.EscapeDataString(clientId)}&state={Uri.EscapeDataString(state)}").AbsoluteUri;

    public Task<TokenAnswer> ExchangeAsync(string server, OAuthKeys keys, string code, CancellationToken ct) => TradeAsync(server, keys, $"grant_type=authorization_code&code={Uri.EscapeDataString(code)}", ct);

    public Task<TokenAnswer> RefreshAsync(string server, OAuthKeys keys, string refreshToken, CancellationToken ct) =>
        TradeAsync(server, keys, $"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(refreshToken)}", ct);

    private async Task<TokenAnswer> TradeAsync(string server, OAuthKeys keys, string query, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"https://{server}/oauth/token/?client_id={Uri.EscapeDataString(keys.ClientId)}&client_secret={Uri.EscapeDataString(keys.ClientSecret)}&{query}");
        var (reply, why) = await calls.SendAsync(request, ct).ConfigureAwait(false);
        return reply is null ? new TokenAnswer.Failed(why!) : Read(reply, calls.Now);
    }

    /// <summary>By the code in <c>error</c>, which comes with any status, 200 among them.</summary>
    internal static TokenAnswer Read(HttpReply reply, DateTimeOffset now)
    {
        var json = reply.Json();
        if (json.Get("error").Text() is { } code)
        {
            var words = Words.Short($"{code} {json.Get("error_description").Text()}".Trim()).TrimEnd('.');
            return code switch
            {
                "PAYMENT_REQUIRED" => new TokenAnswer.Blocked($"The portal's plan has ended: {words}.", MayPass: true),
                "invalid_grant" => new TokenAnswer.Refused($"Bitrix24 does not accept the login any more ({words}). Install the application anew, or connect again."),
                "wrong_client" or "invalid_client" => new TokenAnswer.Refused($"Bitrix24 does not know the application's keys ({words}). Enter its id and secret anew."),
                "NOT_INSTALLED" => new TokenAnswer.Refused($"The application is not installed in the portal any more ({words})."),
                "QUERY_LIMIT_EXCEEDED" or "OVERLOAD_LIMIT" => new TokenAnswer.Failed($"The authorisation server asks for patience: {words}."),
                _ when reply.Status >= 500 => new TokenAnswer.Failed($"The authorisation server failed: {words}."),
                _ => new TokenAnswer.Refused($"Bitrix24 refused: {words}."),
            };
        }

        if (reply.IsSuccess)
        {
            return json.Get("access_token").Text() is { } access && json.Get("refresh_token").Text() is { } refresh
                ? new TokenAnswer.Granted(access, refresh, now + Life(JsonRead.Number(json.Get("expires_in"))),
                    Uri.TryCreate(json.Get("client_endpoint").Text(), UriKind.Absolute, out var endpoint) ? endpoint : null, json.Get("member_id").Text())
                : new TokenAnswer.Failed("The authorisation server's answer cannot be read.");
        }

        return reply.Status is 408 or 429 or >= 500 or (>= 300 and < 400)
            ? new TokenAnswer.Failed($"The authorisation server failed: {reply.Sketch()}.", RetryTime.Read(reply.RetryAfter, json, now))
            : new TokenAnswer.Refused($"Bitrix24 refused: {reply.Sketch()}.");
    }

    private static TimeSpan Life(double? seconds) => TimeSpan.FromSeconds(seconds is > 0 and < 1e9 ? seconds.Value : 3_600);
}
