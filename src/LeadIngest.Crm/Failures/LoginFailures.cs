namespace LeadIngest.Crm.Failures;

/// <summary>The ends of a call that had no token to go with: one table for both CRMs.</summary>
internal static class LoginFailures
{
    public static readonly Failure Refused = new("login.refused", Meaning.Credentials, "the refresh token is used up, the keys are wrong, the application was removed");

    public static readonly Failure Unpaid = new("login.unpaid", Meaning.Unpaid, "the token endpoint says that the account is not paid");

    public static readonly Failure Blocked = new("login.blocked", Meaning.Blocked, "the token endpoint refuses the account, or our address");

    public static readonly Failure NotNow = new("login.not_now", Meaning.NotExecuted, "the token endpoint or our database does not answer, or another node is logging in");

    public static IReadOnlyList<Failure> All { get; } = [Refused, Unpaid, Blocked, NotNow];
}
