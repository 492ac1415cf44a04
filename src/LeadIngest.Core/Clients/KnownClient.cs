namespace LeadIngest.Core.Clients;

/// <summary>What is known of one client when a lead is resolved. Mutable: a batch of leads is resolved one after another over the same facts.</summary>
public sealed class KnownClient(Guid id)
{
    public Guid Id { get; } = id;

    /// <summary>Leads before this one, merged clients' included.</summary>
    public int LeadCount { get; set; }

    /// <summary>The row's version as read; null for a client made in this batch.</summary>
    public int? Version { get; set; }

    /// <summary>Leads of the last duplicate window that are not duplicates themselves, oldest first.</summary>
    public List<RecentLead> Recent { get; } = [];

    /// <summary>Facts that only a merge asks for; null until they are loaded.</summary>
    public MergeFacts? Facts { get; set; }
}

/// <param name="LeadId">The lead.</param>
/// <param name="SiteId">Its site.</param>
/// <param name="Form">Its form: the form's id, else its name, else empty.</param>
/// <param name="ReceivedAt">When it came.</param>
public readonly record struct RecentLead(Guid LeadId, Guid SiteId, string Form, DateTimeOffset ReceivedAt);

/// <summary>What may contradict that two clients are one person.</summary>
/// <param name="Contacts">The client's contacts: (connection, remote id).</param>
/// <param name="ConfirmedPhones">Phones of leads that became deals.</param>
public sealed record MergeFacts(IReadOnlyCollection<(Guid Connection, string Contact)> Contacts, IReadOnlyCollection<string> ConfirmedPhones)
{
    public const string DifferentContacts = "different contacts in one CRM account";
    public const string DifferentPhones = "different phones, both confirmed by deals";

    public static readonly MergeFacts None = new([], []);

    /// <summary>Connections in whose account a card of the client is gone: deleted, or merged into another.</summary>
    public IReadOnlyCollection<Guid> Vanished { get; init; } = [];

    /// <summary>
    /// Why the two cannot be joined without a person's word: different contacts in one CRM account, or different phones that both stand behind
    /// deals. Null: nothing contradicts.
    /// </summary>
    public static string? Contradiction(MergeFacts a, MergeFacts b)
    {
        foreach (var (connection, contact) in a.Contacts)
            foreach (var other in b.Contacts)
                if (other.Connection == connection && other.Contact != contact) return DifferentContacts;
        return a.ConfirmedPhones.Count > 0 && b.ConfirmedPhones.Count > 0 && !a.ConfirmedPhones.Any(b.ConfirmedPhones.Contains)
            ? DifferentPhones : null;
    }

    public MergeFacts With(MergeFacts other) => new([.. Contacts, .. other.Contacts], [.. ConfirmedPhones, .. other.ConfirmedPhones])
    {
        Vanished = [.. Vanished, .. other.Vanished],
    };

    /// <summary>The same after these cards have gone.</summary>
    public MergeFacts Without(IReadOnlySet<(Guid Connection, string Contact)> gone) => Contacts.Any(gone.Contains)
        ? this with { Contacts = [.. Contacts.Where(c => !gone.Contains(c))], Vanished = [.. Vanished, .. Contacts.Where(gone.Contains).Select(c => c.Connection)] }
        : this;

    /// <summary>The client had a card in the account and has none now.</summary>
    internal bool HasLostItsCard(Guid connection) => Vanished.Contains(connection) && Contacts.All(c => c.Connection != connection);
}
