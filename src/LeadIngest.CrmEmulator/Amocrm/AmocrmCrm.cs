using System.Collections.Concurrent;
using LeadIngest.CrmEmulator.Amocrm.OAuth;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>amoCRM's door: which account, its state, token, limit, then the table of calls.</summary>
internal sealed class AmocrmCrm : ICrm
{
    private readonly EmulatorOptions _options;
    private readonly FaultBoard _faults;
    private readonly HookSender _hooks;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _left = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Integration> _integrations = new(StringComparer.Ordinal);

    public AmocrmCrm(EmulatorOptions options, FaultBoard faults, HookSender hooks, TimeProvider clock)
    {
        (_options, _faults, _hooks, _clock) = (options, faults, hooks, clock);
        Tokens = new Tokens(options.Amocrm);
        RegisterStandard();
    }

    public string Name => AccountHosts.Amocrm;

    public bool NamesRequests => true;

    public IReadOnlyList<string> Nouns => Amocrm.Account.Nouns;

    public Tokens Tokens { get; }

    public IReadOnlyList<ICrmAccount> Accounts
    {
        get
        {
            Account(AccountHosts.Standard(Name));
            return [.. _accounts.Values.OrderBy(a => a.Host, StringComparer.Ordinal)];
        }
    }

    public ICrmAccount At(string host) => Account(host);

    public Account Account(string host) =>
        _accounts.TryGetValue(host, out var known) ? known : _accounts.GetOrAdd(host, h => new Account(h, this, _options, _clock, _faults, _hooks));

    public Integration? Integration(string clientId) => _integrations.GetValueOrDefault(clientId);

    public void Register(Integration integration) => _integrations[integration.ClientId] = integration;

    /// <returns>False when the name is taken.</returns>
    public bool Rename(Account account, string host, int oldAnswer)
    {
        var old = account.Host;
        if (!_accounts.TryAdd(host, account))
            return false;
        account.Host = host;
        _left.TryRemove(host, out _);
        _left[old] = oldAnswer;
        _accounts.TryRemove(old, out _);
        return true;
    }

    public Answer Handle(Call call)
    {
        // A host that an account has left is nobody's: no account is made for it.
        if (_left.TryGetValue(call.Host, out var left) && !_accounts.ContainsKey(call.Host))
            return left == 401 ? Problem.Unauthorized() : Problem.Plain(left, "Account not found");
        switch (call.Path.TrimEnd('/'))
        {
            case "oauth" when call.Method == "GET":
                return ConsentPage.Show(this, call, _options.Amocrm.Consent);
            case "oauth2/account/current/subdomain":
                return TokenEndpoint.Subdomain(call.RefreshToken is { Length: > 0 } refresh ? Tokens.AccountOf(Standing(call.Host), refresh, _clock.GetUtcNow()) : null);
            case "oauth2/account/subdomain":
                return TokenEndpoint.Subdomain(Bearer(call) is { } access ? Tokens.AccountOfAccess(access, _clock.GetUtcNow()) : null);
            default:
                return ConsentPage.IsShared(call.Host) ? Problem.Plain(404, "Not found") : HandleOf(Account(call.Host), call);
        }
    }

    public Answer Malformed(string why) => Problem.Plain(400, why);

    public Answer Failure(int status) => Problem.Plain(status, "Emulated failure");

    public string Mask(string path) => path;

    public void Clear()
    {
        foreach (var account in _accounts.Values)
            account.Clear();
    }

    public void Forget()
    {
        _accounts.Clear();
        _left.Clear();
        _integrations.Clear();
        Tokens.Forget();
        RegisterStandard();
    }

    private void RegisterStandard() => Register(new Integration
    {
        ClientId = _options.Amocrm.ClientId,
        ClientSecret = _options.Amocrm.ClientSecret,
        RedirectUri = _options.Amocrm.RedirectUri,
        DisconnectUri = _options.Amocrm.DisconnectUri,
    });

    /// <summary>A shard's host stands for no account of its own.</summary>
    private Account Standing(string host) => Account(ConsentPage.IsShared(host) ? AccountHosts.Standard(Name) : host);

    private static string? Bearer(Call call) =>
        call.Authorization is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private Answer HandleOf(Account account, Call call)
    {
        var now = _clock.GetUtcNow();
        lock (account.Gate)
        {
            var settings = account.Options;
            if (settings.Blocked || account.Limit.IsBlocked)
                return Answer.Html(403);
            if (call.Path == "oauth2/access_token")
                return TokenEndpoint.Trade(account, call);
            if (Bearer(call) is not { } token || Tokens.Check(account, token, now, call.TokensExpiredAt) is not var (key, integration))
                return Problem.Unauthorized();
            if (_faults.RateLimits(Name, account.Host) && account.Limit.Take(key, now) is { } refusal)
                return refusal;
            if (!settings.Paid)
                return Problem.Plain(402, "Account is not paid");
            if (Rights.Refuse(account, call, integration) is { } noRight)
                return noRight;
            account.Instead = null;
            var answer = Routes.Dispatch(account, call);
            return account.Instead ?? answer;
        }
    }
}
