namespace LeadIngest.Core.Clients;

/// <summary>Whose a card of a CRM is: the rules of leads, for cards that were there before any lead.</summary>
public static class ContactBook
{
    /// <summary>More phones (or addresses) than this are a list, not a person: such a card joins nobody.</summary>
    public const int MostOfOneKind = 10;

    /// <summary>
    /// Gives a person's card to a client. Known by its id → that client. Else the strongest claimant that has no other card of the same account; else a new
    /// client: two cards of one account are two people until somebody says otherwise. Each other claimant is merged when nothing contradicts, else listed.
    /// A claimant whose own card of the account is gone was merged there, by a person: two phones of deals do not contradict that.
    /// </summary>
    /// <param name="book">Holds <see cref="KnownClient.Facts"/> of all claimants, unless the only one is known by the card's id.</param>
    /// <param name="card">The card, as an identity and by its parts.</param>
    /// <param name="reached">Phones and addresses, distinct, without shared ones.</param>
    /// <param name="newId">Makes the id of a new client.</param>
    public static ContactResolution AttachPerson(this ClientBook book, ContactCard card, IReadOnlyList<Identity> reached, Func<Guid> newId)
    {
        var claimants = book.Claimants([card.Identity, .. reached]);
        var winner = book.Owner(card.Identity) ?? claimants.FirstOrDefault(c => (c.Facts ?? MergeFacts.None).Contacts.All(k => k.Connection != card.Connection || k.Contact == card.RemoteId));
        var isNew = winner is null;
        winner ??= book.Make(newId());
        // Facts that were not asked for stay unknown: the only claimant is known by this very card.
        if (claimants.Count != 1 || book.Owner(card.Identity) is null)
            winner.Facts = (winner.Facts ?? MergeFacts.None).With(new([(card.Connection, card.RemoteId)], []));
        List<Merge> merges = [];
        List<Doubt> doubts = [];
        foreach (var other in claimants)
        {
            if (other == winner) continue;
            var why = MergeFacts.Contradiction(winner.Facts ?? MergeFacts.None, other.Facts ?? MergeFacts.None);
            // Its own card is gone and this one has what it was known by: somebody made one card of the two in the CRM, and knew what for.
            if (why == MergeFacts.DifferentPhones && (other.Facts ?? MergeFacts.None).HasLostItsCard(card.Connection)) why = null;
            if (why is null) merges.Add(book.Join(winner, other));
            else doubts.Add(new Doubt(winner.Id, other.Id, why));
        }
        return new(winner.Id, isNew, book.Learn(winner, [card.Identity, .. reached]), merges, doubts);
    }

    /// <summary>
    /// Gives a firm's card to a client: the one it is known to, the only claimant, or a new one. A firm never joins people: its phone is the reception's.
    /// </summary>
    public static ContactResolution AttachFirm(this ClientBook book, Identity card, IReadOnlyList<Identity> reached, Func<Guid> newId)
    {
        var claimants = book.Claimants([card, .. reached]);
        var winner = book.Owner(card) ?? (claimants.Count == 1 ? claimants[0] : null);
        var isNew = winner is null;
        winner ??= book.Make(newId());
        return new(winner.Id, isNew, book.Learn(winner, [card, .. reached]), [], []);
    }
}

/// <param name="Identity">Of the kind <see cref="IdentityKind.CrmContact"/>.</param>
/// <param name="Connection">The connection that it was read through.</param>
/// <param name="RemoteId">Its id in the CRM.</param>
public readonly record struct ContactCard(Identity Identity, Guid Connection, string RemoteId);

/// <param name="ClientId">Whose card it is.</param>
/// <param name="IsNewClient">The client was made for it.</param>
/// <param name="Learned">Identities that become the client's.</param>
/// <param name="Merges">Clients joined into this one.</param>
/// <param name="Doubts">Clients that look the same but contradict.</param>
public sealed record ContactResolution(Guid ClientId, bool IsNewClient, IReadOnlyList<Identity> Learned, IReadOnlyList<Merge> Merges, IReadOnlyList<Doubt> Doubts);
