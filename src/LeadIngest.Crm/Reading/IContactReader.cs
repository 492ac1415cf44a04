namespace LeadIngest.Crm;

/// <summary>
/// Reads the people and firms of a CRM account: all of them once, later those that changed. Its requests come out of the account's own budget and leave
/// the part of it free that a burst of leads needs. Like <see cref="ICrmAccount"/> it throws for nothing but the caller's own cancellation.
/// </summary>
public interface IContactReader
{
    /// <summary>One page. A page may show a card again that an earlier one had; none is left out but those removed or hidden in the CRM meanwhile.</summary>
    Task<ContactsRead> ReadAsync(ContactQuery query, ICallGuard guard, CancellationToken ct);

    /// <summary>
    /// Cards by their ids. May answer for a part of what was asked, to keep the call short: what is neither found nor gone nor hidden is to be asked for again.
    /// </summary>
    Task<ContactsRead> GetAsync(IReadOnlyList<ContactKey> keys, ICallGuard guard, CancellationToken ct);

    /// <summary>
    /// One page of what lists do not show: which cards were deleted since (<see cref="ContactsRead.Page.Gone"/>), and which came back or swallowed others
    /// (<see cref="ContactsRead.Page.Told"/>), from the CRM's own log. No proof of how a card stands now: to be asked for by id.
    /// </summary>
    /// <param name="since">From then on, by our clock.</param>
    /// <param name="cursor"><see cref="ContactsRead.Page.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="guard">Asked before each request.</param>
    /// <param name="ct">The caller's.</param>
    /// <returns><see cref="ContactsRead.Refused"/> where there is no such log, or no right to it: compare the lists themselves now and then.</returns>
    Task<ContactsRead> ReadLogAsync(DateTimeOffset since, string? cursor, ICallGuard guard, CancellationToken ct);

    /// <summary>Makes sure that the CRM sends its webhooks to this address.</summary>
    /// <param name="address">Ours, with its secret: <c>https://leads.example.ru/v1/crm/{connection}/{secret}</c>.</param>
    /// <param name="guard">Asked before each request.</param>
    /// <param name="ct">The caller's.</param>
    Task<HookSubscription> SubscribeAsync(Uri address, ICallGuard guard, CancellationToken ct);
}

/// <summary>A person or a firm. Bitrix24 and amoCRM count their ids apart.</summary>
public enum ContactKind { Contact, Company }

/// <param name="Kind">A person's card or a firm's.</param>
/// <param name="Id">Decimal digits.</param>
public readonly record struct ContactKey(ContactKind Kind, string Id);

/// <summary>A card as far as recognising a client needs it.</summary>
/// <param name="Key">Its kind and id.</param>
/// <param name="Name">As one text; null when there is none.</param>
/// <param name="Phones">As typed.</param>
/// <param name="Emails">As typed.</param>
/// <param name="UpdatedAt">Last change by the CRM's clock; null when it does not say.</param>
public sealed record RemoteContact(ContactKey Key, string? Name, IReadOnlyList<string> Phones, IReadOnlyList<string> Emails, DateTimeOffset? UpdatedAt);

/// <param name="Kind">Which cards.</param>
/// <param name="Since">Only those changed at or after this moment; null: all.</param>
/// <param name="Cursor"><see cref="ContactsRead.Page.Next"/> of the page before; null: from the beginning.</param>
public sealed record ContactQuery(ContactKind Kind, DateTimeOffset? Since = null, string? Cursor = null);

/// <summary>How a reading ended.</summary>
public abstract record ContactsRead
{
    private ContactsRead() { }

    /// <param name="Contacts">In no order that means anything.</param>
    /// <param name="Next">Where to go on; null: that was all. Text of at most 100 characters, valid for days.</param>
    public sealed record Page(IReadOnlyList<RemoteContact> Contacts, string? Next) : ContactsRead
    {
        /// <summary>Not there any more when asked for by id, or deleted by the CRM's log: deleted, or merged into another.</summary>
        public IReadOnlyList<ContactKey> Gone { get; init; } = [];

        /// <summary>Asked for by id, and these credentials may not see them.</summary>
        public IReadOnlyList<ContactKey> Hidden { get; init; } = [];

        /// <summary>Named by the CRM's log as restored or merged.</summary>
        public IReadOnlyList<ContactKey> Told { get; init; } = [];
    }

    /// <summary>Not now: to be tried again, not before <paramref name="After"/> when it is given.</summary>
    public sealed record Failed(string Why, TimeSpan? After = null) : ContactsRead;

    /// <summary>The CRM will not answer this question, however often it is asked.</summary>
    public sealed record Refused(string Why) : ContactsRead;

    /// <summary>The credentials do not work any more.</summary>
    public sealed record CredentialsRefused(string Why) : ContactsRead;

    /// <summary>The account is blocked, unpaid or gone.</summary>
    public sealed record AccountBlocked(string Why) : ContactsRead;
}

/// <param name="State"><c>on</c>, <c>disabled</c> (the CRM has switched it off: a person switches it on there), <c>manual</c> (these credentials cannot
/// subscribe: a person makes the webhook in the CRM), <c>refused</c> (no right, or the plan has no webhooks), <c>failed</c> (not now).</param>
/// <param name="Why">In words; null when it is on.</param>
public sealed record HookSubscription(string State, string? Why = null);
