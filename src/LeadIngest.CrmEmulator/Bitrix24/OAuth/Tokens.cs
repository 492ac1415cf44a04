using System.Security.Cryptography;

namespace LeadIngest.CrmEmulator.Bitrix24.OAuth;

/// <summary>Codes and tokens of all portals, kept by the vendor's authorisation server.</summary>
internal sealed class Tokens
{
    public const int LifeSeconds = 3_600;

    private static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(180);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Issued> _access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Issued> _refresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Issued> _codes = new(StringComparer.Ordinal);

    private sealed record Issued(Grant Grant, DateTimeOffset At)
    {
        public bool IsSpent { get; set; }

        /// <summary>Of an access token: the trade it came from. Of a refresh token: the one it went into.</summary>
        public Http.Succession? Trade { get; set; }
    }

    /// <returns>The grant of a token, and whether it is too old; null for a token that was never given or is dead.</returns>
    public (Grant Grant, bool IsOld)? Check(string access, DateTimeOffset now, DateTimeOffset? expiredAt)
    {
        lock (_gate)
        {
            if (!_access.TryGetValue(access, out var issued) || issued.IsSpent)
                return null;
            var portal = issued.Grant.Portal;
            if (issued.Trade?.Use() is > 0 and var times)
                portal.Logins = portal.Logins.PlusReused(times);
            return (issued.Grant, now >= issued.At.AddSeconds(LifeSeconds) || issued.At < expiredAt);
        }
    }

    public string NewCode(Grant grant, DateTimeOffset now)
    {
        var code = Text(35);
        lock (_gate)
            _codes[code] = new Issued(grant, now);
        return code;
    }

    public (Grant Grant, string Access, string Refresh)? TradeCode(Application application, string code, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (Trade(_codes, application, code, now, CodeLife) is not { } traded)
                return null;
            traded.Grant.Portal.Logins = traded.Grant.Portal.Logins.PlusCode();
            return traded;
        }
    }

    public (Grant Grant, string Access, string Refresh)? TradeRefresh(Application application, string token, DateTimeOffset now)
    {
        lock (_gate)
        {
            var traded = Trade(_refresh, application, token, now, RefreshLife);
            // A token that nobody was ever given says nothing about any portal.
            if (_refresh.GetValueOrDefault(token) is not { Grant.Portal: var portal } known)
                return traded;
            portal.Logins = traded is null ? portal.Logins.PlusRefused(known.Trade?.Refuse() == true) : portal.Logins.PlusRefresh(now);
            if (traded is { Access: var access })
                known.Trade = _access[access].Trade = new Http.Succession();
            return traded;
        }
    }

    public (string Access, string Refresh) Issue(Grant grant, DateTimeOffset now)
    {
        lock (_gate)
        {
            var (access, refresh) = (Text(35), Text(35));
            _access[access] = new Issued(grant, now);
            _refresh[refresh] = new Issued(grant, now);
            return (access, refresh);
        }
    }

    public void Revoke(Portal portal, string clientId)
    {
        lock (_gate)
        {
            foreach (var issued in _access.Values.Concat(_refresh.Values).Concat(_codes.Values))
                issued.IsSpent |= issued.Grant.Portal == portal && issued.Grant.Application.ClientId == clientId;
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            _access.Clear();
            _refresh.Clear();
            _codes.Clear();
        }
    }

    public static string Text(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    private (Grant Grant, string Access, string Refresh)? Trade(Dictionary<string, Issued> from, Application application, string text, DateTimeOffset now, TimeSpan life)
    {
        if (!from.TryGetValue(text, out var issued) || issued.IsSpent || now >= issued.At + life || issued.Grant.Application.ClientId != application.ClientId)
            return null;
        issued.IsSpent = true;
        var (access, refresh) = Issue(issued.Grant, now);
        return (issued.Grant, access, refresh);
    }
}
