namespace LeadIngest.Crm;

/// <summary>The access to one account as its calls need it: where, and with which token. Who stores and refreshes the token is behind it.</summary>
public interface ICrmTokens
{
    /// <summary>The access to call with now. Refreshed before it is handed out when its time is over.</summary>
    ValueTask<AccessOutcome> GetAsync(CancellationToken ct);

    /// <summary>The CRM refused this token before it did anything: another one, or why there is none. One that cannot be refreshed is <see cref="AccessOutcome.Kept"/>.</summary>
    ValueTask<AccessOutcome> RefreshAsync(string? refused, CancellationToken ct);

    /// <summary>The account is not where it was: its new address, once it has been looked up, judged and stored.</summary>
    /// <param name="from">The base address that was called.</param>
    /// <param name="location">Where the CRM points to, as the base of further calls; null when it only says that nothing is here.</param>
    /// <param name="ct">The caller's.</param>
    ValueTask<AccessOutcome> MovedAsync(Uri from, Uri? location, CancellationToken ct);
}

/// <summary>What came of asking for an access.</summary>
public abstract record AccessOutcome
{
    private AccessOutcome() { }

    /// <param name="BaseAddress">As <see cref="CrmConnection.BaseAddress"/>, with a closing slash.</param>
    /// <param name="Token">As <see cref="CrmConnection.Token"/>.</param>
    public sealed record Access(Uri BaseAddress, string? Token) : AccessOutcome
    {
        public override string ToString() => $"access to {BaseAddress.Host}";
    }

    /// <summary>Nothing can be done about it here: the CRM's own answer stands.</summary>
    public sealed record Kept : AccessOutcome;

    /// <summary>The CRM gives no token any more; a person has to log in again.</summary>
    public sealed record Refused(string Why) : AccessOutcome;

    /// <summary>The account is blocked or not paid.</summary>
    /// <param name="Why">The CRM's own words.</param>
    /// <param name="MayPass">May pass by itself: the bill is paid.</param>
    public sealed record Blocked(string Why, bool MayPass = false) : AccessOutcome;

    /// <summary>No token now; nothing is lost by waiting.</summary>
    public sealed record Unavailable(string Why, TimeSpan? After = null) : AccessOutcome;
}

/// <summary>A credential that stays as it is: a long-lived token, a webhook's address.</summary>
public sealed class FixedAccess(Uri baseAddress, string? token) : ICrmTokens
{
    private readonly AccessOutcome.Access _access = new(new Uri(baseAddress.AbsoluteUri.TrimEnd('/') + "/"), token);

    public ValueTask<AccessOutcome> GetAsync(CancellationToken ct) => new(_access);

    public ValueTask<AccessOutcome> RefreshAsync(string? refused, CancellationToken ct) => new(new AccessOutcome.Kept());

    public ValueTask<AccessOutcome> MovedAsync(Uri from, Uri? location, CancellationToken ct) => new(new AccessOutcome.Kept());
}
