using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Access tokens, and the endpoint that trades a refresh token (good for one use) for a new pair.</summary>
internal sealed class Tokens(AmocrmOptions options)
{
    private const int LifeSeconds = 86_400;

    private readonly HashSet<string> _longLived = [.. options.Tokens.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    private readonly Dictionary<string, DateTimeOffset> _issued = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refresh = [options.RefreshToken];
    private readonly HashSet<string> _usedRefresh = [];
    private int _last;

    /// <param name="expiredAt">While <c>expire_tokens</c> is on: what was issued before is dead.</param>
    public bool IsValid(string token, DateTimeOffset now, DateTimeOffset? expiredAt) => _longLived.Contains(token)
        ? expiredAt is null
        : _issued.TryGetValue(token, out var at) && now < at.AddSeconds(LifeSeconds) && (expiredAt is null || at >= expiredAt);

    public Answer Exchange(Call call, DateTimeOffset now)
    {
        var body = call.ReadJson() as JsonObject ?? [];
        if (Json.Text(body["client_id"]) != options.ClientId)
            return Problem.OAuth(400, "Check the `client_id` parameter");
        if (Json.Text(body["client_secret"]) != options.ClientSecret)
            return Problem.OAuth(400, "Check the `client_secret` parameter");
        if (Json.Text(body["redirect_uri"]) != options.RedirectUri)
            return Problem.OAuth(400, "Redirect URI is not associated with client");
        var refresh = Json.Text(body["refresh_token"]) ?? "";
        if (Json.Text(body["grant_type"]) != "refresh_token" || (!_refresh.Contains(refresh) && !_usedRefresh.Contains(refresh)))
            return Problem.OAuth(401, "Cannot decrypt the refresh token");
        if (!_refresh.Remove(refresh))
            return Problem.OAuth(401, "Token has been revoked");
        _usedRefresh.Add(refresh);
        _last++;
        var (access, next) = ($"emulated-access-{_last}", $"emulated-refresh-{_last}");
        _issued[access] = now;
        _refresh.Add(next);
        return Answer.Json(200, "application/json", w =>
        {
            w.WriteStartObject();
            w.WriteString("token_type", "Bearer");
            w.WriteNumber("expires_in", LifeSeconds);
            w.WriteNumber("server_time", now.ToUnixTimeSeconds());
            w.WriteString("access_token", access);
            w.WriteString("refresh_token", next);
            w.WriteEndObject();
        });
    }
}
