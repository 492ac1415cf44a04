using System.Collections.Concurrent;
using LeadIngest.CrmEmulator.Bitrix24.OAuth;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Bitrix24's door: which portal, who calls, the limits, then the table of methods.</summary>
internal sealed class Bitrix24Crm : ICrm
{
    private readonly EmulatorOptions _options;
    private readonly FaultBoard _faults;
    private readonly HookSender _hooks;
    private readonly TimeProvider _clock;
    private readonly Login _login;
    private readonly ConcurrentDictionary<string, Portal> _portals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _moved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Application> _applications = new(StringComparer.Ordinal);

    public Bitrix24Crm(EmulatorOptions options, FaultBoard faults, HookSender hooks, TimeProvider clock)
    {
        (_options, _faults, _hooks, _clock) = (options, faults, hooks, clock);
        _login = new Login(options.Bitrix24, Tokens, clock);
        RegisterStandard();
    }

    public string Name => AccountHosts.Bitrix24;

    public bool NamesRequests => false;

    public IReadOnlyList<string> Nouns => Bitrix24.Portal.Nouns;

    public Tokens Tokens { get; } = new();

    public IReadOnlyList<ICrmAccount> Accounts
    {
        get
        {
            Portal(AccountHosts.Standard(Name));
            return [.. _portals.Values.OrderBy(p => p.Host, StringComparer.Ordinal)];
        }
    }

    public ICrmAccount At(string host) => Portal(host);

    public Portal Portal(string host) =>
        _portals.TryGetValue(host, out var known) ? known : _portals.GetOrAdd(host, h => new Portal(h, this, _options, _clock, _faults, _hooks));

    public Application? Application(string clientId) => _applications.GetValueOrDefault(clientId);

    public void Register(Application application) => _applications[application.ClientId] = application;

    public int WrongClientStatus(Call call) => _portals.TryGetValue(call.Host, out var portal) ? portal.Options.WrongClientStatus : new PortalSettings().WrongClientStatus;

    /// <returns>False when the name is taken.</returns>
    public bool Rename(Portal portal, string host)
    {
        var old = portal.Host;
        if (!_portals.TryAdd(host, portal))
            return false;
        portal.Host = host;
        portal.BaseUrl = portal.BaseUrl.Replace(old, host, StringComparison.Ordinal);
        _moved.TryRemove(host, out _);
        _moved[old] = host;
        _portals.TryRemove(old, out _);
        return true;
    }

    public Answer Handle(Call call)
    {
        if (OAuthServer.IsServer(call.Host))
            return call.Path.TrimEnd('/') == "oauth/token" ? OAuthServer.Token(this, call, _clock) : new RestException(404, "invalid_request", "Not found").ToAnswer();
        if (_moved.TryGetValue(call.Host, out var host) && !_portals.ContainsKey(call.Host))
            return Answer.Redirect($"{Moved(call, host)}/{call.Path}{call.QueryString}");
        var portal = Portal(call.Host);
        switch (call.Path.TrimEnd('/'))
        {
            case "oauth/authorize":
                return OAuthServer.Authorize(portal, call, _options.Bitrix24.Consent);
            // A portal on its owner's server need not pass this on.
            case "oauth/token" when !portal.Options.IsBox:
                return OAuthServer.Token(this, call, _clock);
            default:
                break;
        }
        try
        {
            return Run(portal, call);
        }
        catch (RestException e)
        {
            return e.ToAnswer(StatusTable.Of(e, portal.Options));
        }
    }

    /// <summary>Without the suffix, without a trailing slash, in lower case.</summary>
    public static string MethodName(string text)
    {
        var name = text.Trim().TrimEnd('/').ToLowerInvariant();
        return name.EndsWith(".json", StringComparison.Ordinal) ? name[..^5] : name;
    }

    public Answer Malformed(string why) => new RestException(400, "INVALID_REQUEST", why).ToAnswer();

    public Answer Failure(int status) => (status switch
    {
        401 => new RestException(401, "expired_token", "The access token provided has expired"),
        402 => new RestException(402, "PAYMENT_REQUIRED", "Payment required"),
        403 => new RestException(403, "ACCESS_DENIED", "REST is available only on commercial plans"),
        429 => new RestException(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."),
        // Not the limit's 503: that one promises that nothing was done.
        _ => new RestException(status, "INTERNAL_SERVER_ERROR", "Internal server error"),
    }).ToAnswer();

    public string Mask(string path)
    {
        var parts = path.Split('/');
        var at = Array.IndexOf(parts, "rest");
        if (at >= 0 && parts.Length > at + 2)
            parts[at + 2] = "***";
        return string.Join('/', parts);
    }

    public void Clear()
    {
        foreach (var portal in _portals.Values)
            portal.Clear();
    }

    public void Forget()
    {
        _portals.Clear();
        _moved.Clear();
        _applications.Clear();
        Tokens.Forget();
        RegisterStandard();
    }

    private void RegisterStandard() => Register(new Application
    {
        ClientId = _options.Bitrix24.ClientId,
        ClientSecret = _options.Bitrix24.ClientSecret,
        RedirectUri = _options.Bitrix24.RedirectUri,
        InstallUri = _options.Bitrix24.InstallUri,
        Scopes = _options.Bitrix24.Scopes,
    });

    /// <summary>The address of the request with the portal's new name in it.</summary>
    private static string Moved(Call call, string host)
    {
        var moved = call.BaseUrl.Replace(call.Host, host, StringComparison.OrdinalIgnoreCase);
        return moved == call.BaseUrl ? $"{call.BaseUrl}@{host}" : moved;
    }

    private Answer Run(Portal portal, Call call)
    {
        var parameters = Parameters.Read(call);
        var (method, caller) = _login.Authorize(portal, call, parameters);
        lock (portal.Gate)
        {
            CheckPortal(portal.Options);
            var isLimited = _faults.RateLimits(Name, portal.Host) && !portal.Options.IsBox;
            if (isLimited && !portal.Bucket.TryTake(call.ClientIp, _clock.GetUtcNow()))
                throw new RestException(503, "QUERY_LIMIT_EXCEEDED", "Too many requests");
            portal.Caller = caller;
            if (method != "batch")
            {
                var (reply, timing) = portal.RunTimed(method, parameters);
                return Envelope.Success(reply, timing);
            }
            // A batch as such costs nothing of the operating time; its commands do.
            var start = _clock.GetUtcNow();
            return Envelope.Success(new BatchCall(portal).Run(parameters), new Timing(start, _clock.GetUtcNow(), portal.Options.ShowOperating ? 0 : null, start.ToUnixTimeSeconds() + 600));
        }
    }

    private static void CheckPortal(PortalSettings settings)
    {
        if (settings.Deleted)
            throw new RestException(403, "PORTAL_DELETED", "Portal was deleted");
        if (settings.Overload)
            throw new RestException(401, "OVERLOAD_LIMIT", "REST API is blocked due to overload.");
        if (!settings.Paid)
            throw new RestException(401, "ACCESS_DENIED", "REST is available only on commercial plans.");
    }
}
