using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>amoCRM's door: token, limit, then the table of calls.</summary>
internal sealed partial class AmocrmCrm(EmulatorOptions options, FaultBoard faults, HookSender hooks, TimeProvider clock) : ICrm
{
    private readonly RateLimit _limit = new(options.Amocrm);

    public Account Account { get; } = new(options.Amocrm, clock, () => faults.SearchLag("amocrm"), hooks, options.HookPauseScale);

    public string Name => "amocrm";

    public RateLimit Limit => _limit;

    public Answer Handle(Call call)
    {
        var now = clock.GetUtcNow();
        lock (Account.Gate)
        {
            if (call.Path == "oauth2/access_token")
                return call.Method == "POST" ? Account.Tokens.Exchange(call, now) : Problem.Plain(405, "Method not allowed");
            var token = call.Authorization is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
            if (token is null || !Account.Tokens.IsValid(token, now, call.TokensExpiredAt))
                return Problem.Unauthorized();
            if (faults.RateLimits(Name) && _limit.Take(token, now) is { } refusal)
                return refusal;
            return Routes.Dispatch(Account, call);
        }
    }

    public Answer Malformed(string why) => Problem.Plain(400, why);

    public Answer Failure(int status) => Problem.Plain(status, "Emulated failure");

    public string Mask(string path) => path;

    public void Clear()
    {
        Account.Clear();
        lock (Account.Gate)
            _limit.Reset();
    }
}
