namespace LeadIngest.CrmEmulator.Http;

/// <summary>What became of the tokens of one account that work once.</summary>
/// <param name="Codes">Authorisation codes traded for a pair: somebody logged in.</param>
/// <param name="Refreshes">Refresh tokens traded for a pair, whether or not the answer arrived.</param>
/// <param name="Refused">Refresh tokens that were not accepted, used ones above all.</param>
/// <param name="RefreshedAt">When the last refresh token was traded.</param>
internal sealed record LoginCounts(int Codes, int Refreshes, int Refused, DateTimeOffset? RefreshedAt)
{
    public static readonly LoginCounts None = new(0, 0, 0, null);

    public LoginCounts PlusCode() => this with { Codes = Codes + 1 };

    public LoginCounts PlusRefresh(DateTimeOffset now) => this with { Refreshes = Refreshes + 1, RefreshedAt = now };

    public LoginCounts PlusRefused() => this with { Refused = Refused + 1 };
}
