using System.Globalization;
using System.Text.Json;
using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>
/// The access token of one VK Ads cabinet. Few may live at a time and each lives for a day, so one is used until it ends, by whichever node asks; a new one is
/// stored before it is used. Only the holder of the cabinet's lease may ask for one.
/// </summary>
/// <param name="credentials">As stored.</param>
/// <param name="address">Of the vendor.</param>
/// <param name="save">Stores them anew; null: no new token may be asked for. False: the cabinet is somebody else's by now.</param>
internal sealed class VkToken(CabinetCredentials credentials, Uri address, CabinetHttp http, TimeProvider clock, Func<CabinetCredentials, CancellationToken, Task<bool>>? save)
{
    /// <summary>A token that ends sooner is not begun with.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private CabinetCredentials _credentials = credentials;

    internal abstract record Outcome
    {
        private Outcome() { }

        internal sealed record Given(string AccessToken) : Outcome
        {
            public override string ToString() => nameof(Given);
        }

        internal sealed record NotGiven(CabinetEnd End) : Outcome;
    }

    /// <summary>What the vendor counts calls by.</summary>
    public string Account => $"vk_ads\n{_credentials.ClientId}";

    /// <param name="isRefused">The stored one does not work.</param>
    public async Task<Outcome> GetAsync(bool isRefused, CancellationToken ct)
    {
        if (!isRefused && _credentials.Live is { } live && live.ExpiresAt - Margin > clock.GetUtcNow()) return new Outcome.Given(live.AccessToken);
        if (save is null) return new Outcome.NotGiven(new CabinetEnd.TryLater("The cabinet is being loaded at this moment, and its token is being renewed: try again in a minute."));
        if ((_credentials.Live?.RefreshToken ?? _credentials.RefreshToken) is not { } refresh) return (await AskAsync(Client, ct)).Outcome;
        var (outcome, isTokenRefused) = await AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = _credentials.ClientId!, ["client_secret"] = _credentials.ClientSecret! }, ct);
        // A refresh token that is dead leaves the client's own way; a login that somebody else consented to has no other.
        return isTokenRefused && _credentials.RefreshToken is null ? (await AskAsync(Client, ct)).Outcome : outcome;
    }

    private Dictionary<string, string> Client => new() { ["grant_type"] = "client_credentials", ["client_id"] = _credentials.ClientId!, ["client_secret"] = _credentials.ClientSecret! };

    /// <summary>What an answer means that is not what was asked for.</summary>
    public CabinetEnd Read(CabinetReply reply)
    {
        var said = reply.Json() is { } json ? Words(json) : null;
        var why = _credentials.Hide(said is null ? reply.Sketch("VK Ads") : $"VK Ads refused the request: HTTP {reply.Status}, {said}");
        return reply.Status is 401 or 403 ? new CabinetEnd.Refused(why) : reply.Status == 429 ? new CabinetEnd.TryLater(why, reply.After ?? TimeSpan.FromMinutes(1)) : new CabinetEnd.TryLater(why, reply.After);
    }

    private async Task<(Outcome Outcome, bool IsTokenRefused)> AskAsync(Dictionary<string, string> form, CancellationToken ct)
    {
        var reply = await http.SendAsync(Account, VkAds.NewPace, () => new HttpRequestMessage(HttpMethod.Post, new Uri(address, "api/v2/oauth2/token.json")) { Content = new FormUrlEncodedContent(form) }, mayRepeat: false, ct);
        var json = reply.Json();
        if (reply.Status != 200 || json is not { } answer)
        {
            var code = json is { } error && error.TryGetProperty("error", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            var isTokenRefused = reply.Status is 400 or 401 or 403 && code is "invalid_grant" or "invalid_token" or "expired_token";
            CabinetEnd end = code switch
            {
                "invalid_client" or "invalid_grant" or "invalid_token" or "expired_token" or "unauthorized_client" => new CabinetEnd.Refused(_credentials.Hide($"VK Ads does not accept the login ({code}): enter its keys anew.")),
                "token_limit_exceeded" => new CabinetEnd.Refused("VK Ads gives no more tokens to this client: take back those that nobody uses in the cabinet's settings, then let this check run again."),
                _ => Read(reply),
            };
            return (new Outcome.NotGiven(end), isTokenRefused);
        }
        if (!answer.TryGetProperty("access_token", out var access) || access.GetString() is not { Length: > 0 } token) return (new Outcome.NotGiven(new CabinetEnd.TryLater("The answer of VK Ads has no token in it.")), false);
        var lives = answer.TryGetProperty("expires_in", out var seconds) && double.TryParse(seconds.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var told) && told is > 0 and < 1e8 ? told : 86_400;
        var refresh = answer.TryGetProperty("refresh_token", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        // A login by consent lives on in the newest refresh token.
        var fresh = _credentials with
        {
            RefreshToken = _credentials.RefreshToken is null ? null : refresh ?? _credentials.RefreshToken,
            Live = new(token, refresh, clock.GetUtcNow().AddSeconds(lives)),
        };
        if (!await save!(fresh, ct)) return (new Outcome.NotGiven(new CabinetEnd.TryLater("Another node took the cabinet over.")), false);
        _credentials = fresh;
        return (new Outcome.Given(token), false);
    }

    private static string? Words(JsonElement json)
    {
        if (!json.TryGetProperty("error", out var error)) return null;
        var words = error.ValueKind == JsonValueKind.Object
            ? string.Join(": ", new[] { "code", "message" }.Select(n => error.TryGetProperty(n, out var part) ? part.ToString() : null).Where(w => !string.IsNullOrEmpty(w)))
            : $"{error} {(json.TryGetProperty("error_description", out var more) ? more.ToString() : "")}";
        return Text.CleanLine(words, 300);
    }
}
