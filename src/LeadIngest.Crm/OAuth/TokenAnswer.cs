namespace LeadIngest.Crm.OAuth;

/// <summary>Keys of an integration (amoCRM) or application (Bitrix24), as its developer registered it.</summary>
/// <param name="ClientId">Public.</param>
/// <param name="ClientSecret">Never shown.</param>
/// <param name="RedirectUri">Exactly as registered; Bitrix24 does not ask for it.</param>
public sealed record OAuthKeys(string ClientId, string ClientSecret, string RedirectUri)
{
    public override string ToString() => $"keys of {ClientId}";
}

/// <summary>What a token endpoint answered.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer() { }

    /// <summary>A pair, to be stored before it is used: the pair before it is dead.</summary>
    /// <param name="Access">The access token.</param>
    /// <param name="Refresh">Works once.</param>
    /// <param name="ExpiresAt">When the access token ends, by our clock.</param>
    /// <param name="Endpoint">Bitrix24: the base address of calls, as the vendor gives it; not judged yet.</param>
    /// <param name="Account">amoCRM: the account's number. Bitrix24: member_id. Null when the answer does not say.</param>
    public sealed record Granted(string Access, string Refresh, DateTimeOffset ExpiresAt, Uri? Endpoint = null, string? Account = null) : TokenAnswer
    {
        public override string ToString() => nameof(Granted);
    }

    /// <summary>For good: a person has to log in again, or the keys are wrong.</summary>
    /// <param name="Why">The vendor's hint, in words.</param>
    /// <param name="IsElsewhere">The account may have been renamed.</param>
    public sealed record Refused(string Why, bool IsElsewhere = false) : TokenAnswer;

    /// <summary>The account or this address is blocked, or not paid.</summary>
    /// <param name="Why">The vendor's words.</param>
    /// <param name="MayPass">May pass by itself: the bill is paid.</param>
    public sealed record Blocked(string Why, bool MayPass = false) : TokenAnswer;

    /// <summary>Nobody knows, or not now: to be tried again.</summary>
    public sealed record Failed(string Why, TimeSpan? After = null) : TokenAnswer;
}
