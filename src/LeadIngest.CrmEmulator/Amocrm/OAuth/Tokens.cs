namespace LeadIngest.CrmEmulator.Amocrm.OAuth;

/// <summary>Codes and tokens of all accounts, whether alive, used or revoked.</summary>
internal sealed class Tokens(AmocrmOptions options)
{
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan AccessLife = TimeSpan.FromSeconds(AccessToken.LifeSeconds);
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(90);

    private readonly HashSet<string> _longLived = [.. options.Tokens.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Issued> _access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Issued> _refresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Issued> _codes = new(StringComparer.Ordinal);
    private readonly HashSet<long> _started = [];

    private sealed record Issued(Grant Grant, DateTimeOffset At)
    {
        public bool IsSpent { get; set; }

        /// <summary>When it was traded; null while it was not, or when it was revoked.</summary>
        public DateTimeOffset? TradedAt { get; set; }

        /// <summary>Of an access token: the trade it came from. Of a refresh token: the one it went into.</summary>
        public Http.Succession? Trade { get; set; }
    }

    /// <param name="expiredAt">While <c>expire_tokens</c> is on: what was issued before is dead.</param>
    /// <returns>Whose limit the call counts against, and the integration (null for a long-lived token), or null when the token is not good here.</returns>
    public (string Key, Integration? Integration)? Check(Account account, string token, DateTimeOffset now, DateTimeOffset? expiredAt)
    {
        if (_longLived.Contains(token))
            return expiredAt is null && !account.IsOff(token) ? (token, null) : null;
        lock (_gate)
        {
            if (!_access.TryGetValue(token, out var issued) || issued.Grant.Account != account || issued.IsSpent
                || now >= issued.At + AccessLife || issued.At < expiredAt)
                return null;
            if (issued.Trade?.Use() is > 0 and var times)
                account.Logins = account.Logins.PlusReused(times);
            return (issued.Grant.Integration.ClientId, issued.Grant.Integration);
        }
    }

    public string NewCode(Grant grant, DateTimeOffset now)
    {
        var code = AccessToken.MakeOpaque();
        lock (_gate)
            _codes[code] = new Issued(grant, now);
        return code;
    }

    /// <returns>A new pair and no hint, or the vendor's words for what is wrong.</returns>
    public (string Access, string Refresh, string? Hint) TradeCode(Account account, Integration integration, string code, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var issued) || issued.Grant.Integration.ClientId != integration.ClientId)
                return ("", "", Hints.BrokenCode);
            if (issued.IsSpent)
                return ("", "", Hints.UsedCode);
            if (now >= issued.At + CodeLife)
                return ("", "", Hints.OldCode);
            if (issued.Grant.Account != account)
                return ("", "", Hints.WrongAccount);
            issued.IsSpent = true;
            account.Logins = account.Logins.PlusCode();
            return Issue(issued.Grant, now);
        }
    }

    /// <summary>The old refresh token is dead from here on, whether or not the answer arrives.</summary>
    public (string Access, string Refresh, string? Hint) TradeRefresh(Account account, Integration integration, string token, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (Fault(account, integration, token, now, out var issued) is { } hint)
            {
                account.Logins = account.Logins.PlusRefused(issued?.Trade?.Refuse() == true);
                return ("", "", hint);
            }
            issued!.IsSpent = true;
            issued.TradedAt ??= now;
            account.Logins = account.Logins.PlusRefresh(now);
            issued.Trade ??= new Http.Succession();
            return Issue(issued.Grant, now, issued.Trade);
        }
    }

    private string? Fault(Account account, Integration integration, string token, DateTimeOffset now, out Issued? issued)
    {
        issued = FindRefresh(account, token);
        if (issued is null)
            return Hints.BrokenRefresh;
        if (issued.Grant.Integration.ClientId != integration.ClientId)
            return Hints.ForeignRefresh;
        var isForgiven = issued.TradedAt is { } traded && now < traded.AddSeconds(account.Options.RefreshGraceSeconds);
        if ((issued.IsSpent && !isForgiven) || now >= issued.At + RefreshLife)
            return Hints.Revoked;
        return issued.Grant.Account != account ? Hints.WrongAccount : null;
    }

    /// <summary>The account of a refresh token that still works; asking does not use it up.</summary>
    public Account? AccountOf(Account asked, string token, DateTimeOffset now)
    {
        lock (_gate)
            return FindRefresh(asked, token) is { IsSpent: false } issued && now < issued.At + RefreshLife ? issued.Grant.Account : null;
    }

    /// <summary>The account of a living access token, wherever it is asked.</summary>
    public Account? AccountOfAccess(string token, DateTimeOffset now)
    {
        lock (_gate)
            return _access.TryGetValue(token, out var issued) && !issued.IsSpent && now < issued.At + AccessLife ? issued.Grant.Account : null;
    }

    /// <summary>Switched off: everything the account ever granted to this integration is dead at once.</summary>
    public void Revoke(Account account, string clientId)
    {
        lock (_gate)
        {
            FindRefresh(account, options.RefreshToken);
            foreach (var issued in _access.Values.Concat(_refresh.Values).Concat(_codes.Values))
            {
                if (issued.Grant.Account == account && issued.Grant.Integration.ClientId == clientId)
                    (issued.IsSpent, issued.TradedAt) = (true, null);
            }
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            _access.Clear();
            _refresh.Clear();
            _codes.Clear();
            _started.Clear();
        }
    }

    /// <summary>Every account starts with one refresh token from the options, so that nobody has to consent first.</summary>
    private Issued? FindRefresh(Account account, string token)
    {
        if (token != options.RefreshToken)
            return _refresh.GetValueOrDefault(token);
        var key = $"{account.Id} {token}";
        if (_started.Add(account.Id) && account.Home.Integration(options.ClientId) is { } integration)
            _refresh[key] = new Issued(new Grant(account, integration, account.Directory.Users[0].Id), account.Clock.GetUtcNow());
        return _refresh.GetValueOrDefault(key);
    }

    private (string Access, string Refresh, string? Hint) Issue(Grant grant, DateTimeOffset now, Http.Succession? trade = null)
    {
        var (access, refresh) = (AccessToken.Make(grant, now), AccessToken.MakeOpaque());
        _access[access] = new Issued(grant, now) { Trade = trade };
        _refresh[refresh] = new Issued(grant, now);
        return (access, refresh, null);
    }
}

/// <summary>What the token endpoint says in <c>hint</c>, in English on the Russian site too.</summary>
internal static class Hints
{
    public const string Revoked = "Token has been revoked", ForeignRefresh = "Invalid refresh token", BrokenRefresh = "Cannot decrypt the refresh token",
        OldCode = "Authorization code has expired", UsedCode = "Authorization code has been revoked", BrokenCode = "Cannot decrypt the authorization code",
        WrongClient = "Check the `client_id` parameter", WrongSecret = "Check the `client_secret` parameter", WrongGrant = "Check the `grant_type` parameter",
        WrongRedirect = "Redirect URI is not associated with client", WrongAccount = "Invalid account";

    /// <summary>The status most often told of for a hint; users have seen both 400 and 401 for the same class.</summary>
    public static int Status(string hint) => hint is Revoked or ForeignRefresh or BrokenRefresh ? 401 : 400;
}
