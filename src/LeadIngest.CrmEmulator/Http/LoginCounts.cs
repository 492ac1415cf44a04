namespace LeadIngest.CrmEmulator.Http;

/// <summary>What became of the tokens of one account that work once.</summary>
/// <param name="Codes">Authorisation codes traded for a pair: somebody logged in.</param>
/// <param name="Refreshes">Refresh tokens traded for a pair, whether or not the answer arrived.</param>
/// <param name="Refused">Refresh tokens that were not accepted, used ones above all.</param>
/// <param name="Reused">Of these, how many were shown again although the pair that replaced them has arrived: somebody calls with it.</param>
/// <param name="RefreshedAt">When the last refresh token was traded.</param>
internal sealed record LoginCounts(int Codes, int Refreshes, int Refused, int Reused, DateTimeOffset? RefreshedAt)
{
    public static readonly LoginCounts None = new(0, 0, 0, 0, null);

    public LoginCounts PlusCode() => this with { Codes = Codes + 1 };

    public LoginCounts PlusRefresh(DateTimeOffset now) => this with { Refreshes = Refreshes + 1, RefreshedAt = now };

    public LoginCounts PlusRefused(bool hasArrived) => this with { Refused = Refused + 1, Reused = Reused + (hasArrived ? 1 : 0) };

    public LoginCounts PlusReused(int times) => this with { Reused = Reused + times };
}

/// <summary>A refresh token's pair: whether it is in use, and how often the token it replaced was shown again before that was known.</summary>
internal sealed class Succession
{
    public bool IsInUse { get; private set; }

    public int ShownAgain { get; private set; }

    /// <returns>How often the token before was shown again until now; 0 when that was told already.</returns>
    public int Use()
    {
        var told = IsInUse ? 0 : ShownAgain;
        IsInUse = true;
        return told;
    }

    /// <returns>True when the pair is in use by now.</returns>
    public bool Refuse()
    {
        ShownAgain++;
        return IsInUse;
    }
}
