namespace LeadIngest.Api.Access;

/// <summary>A person who is signed in, whatever the project; a handler takes it as a parameter.</summary>
/// <param name="ConfirmedAt">When the password was last given.</param>
/// <param name="CsrfToken">What a state-changing request must bring along.</param>
/// <param name="Memberships">Those that count now.</param>
internal sealed record SignedIn(Guid SessionId, Guid UserId, string Email, string Name, string Language, bool HasTotp, DateTimeOffset ConfirmedAt, string CsrfToken,
    IReadOnlyList<Membership> Memberships)
{
    public void KeepIn(HttpContext context) => context.Features.Set(this);

    /// <summary>Null: nobody, or an API key.</summary>
    public static SignedIn? In(HttpContext context) => context.Features.Get<SignedIn>();

    /// <exception cref="InvalidOperationException">Nobody is signed in: the route is not of a person.</exception>
    public static ValueTask<SignedIn> BindAsync(HttpContext context) => ValueTask.FromResult(In(context) ?? throw new InvalidOperationException("Nobody is signed in."));

    // A record prints its members: the token must never get into a log.
    public override string ToString() => $"{nameof(SignedIn)} {UserId}";
}
