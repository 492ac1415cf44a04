using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Crm.OAuth;
using ConnectionRow = LeadIngest.Api.Features.Connections.ConnectionRow;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>What came of a code.</summary>
internal abstract record CodeOutcome
{
    private CodeOutcome() { }

    internal sealed record Connected(ConnectionRow Row) : CodeOutcome;

    internal sealed record OtherAccount : CodeOutcome;

    internal sealed record Refused(string Why, bool IsTransient) : CodeOutcome;

    public static async Task<CodeOutcome> OfAmocrmAsync(Authorization authorization, CrmAddress account, string code, CrmHttp http, NewLogin logins, PublicAddress own, TimeProvider clock)
    {
        // Not cancelled by a browser that leaves: the code is spent by now.
        var answer = await http.Amocrm.ExchangeAsync(account.Base, authorization.Keys!, code, CancellationToken.None);
        return answer is TokenAnswer.Granted granted
            ? Kept(await logins.KeepAsync(authorization, account, new Credentials(account.Base.AbsoluteUri, granted.Access)
            {
                Login = new Login(authorization.Keys, granted.Refresh, granted.ExpiresAt) { RefreshedAt = clock.GetUtcNow() },
            }, granted.Account, isProven: true, own.PublicUrl?.TrimEnd('/'), CancellationToken.None))
            : Of(answer);
    }

    public static CodeOutcome Kept(ConnectionRow? row) => row is null ? new OtherAccount() : new Connected(row);

    public static Refused Of(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Refused refused => new(refused.Why, false),
        TokenAnswer.Blocked blocked => new(blocked.Why, false),
        TokenAnswer.Failed failed => new(failed.Why, true),
        _ => throw new InvalidOperationException("A grant is no refusal."),
    };

    public IResult Page(ILogger log, string crm)
    {
        if (this is Refused told) log.Refused(crm, told.Why);
        return this switch
        {
            Connected connected => OutcomePage.Connected(connected.Row.AccountHost),
            OtherAccount => OutcomePage.OtherAccount(),
            Refused refused => OutcomePage.Refused(refused.Why, refused.IsTransient),
            _ => throw new InvalidOperationException("Unknown outcome."),
        };
    }
}
