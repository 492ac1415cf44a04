namespace LeadIngest.Core.Clients;

/// <summary>
/// Decides whose lead it is. Holds what is known of one project's clients as far as a batch of leads needs it, and follows its own decisions, so
/// that leads of one batch are resolved as if they had come one by one.
/// </summary>
public sealed class ClientBook
{
    private readonly Dictionary<Identity, KnownClient> _owners = [];
    private readonly Dictionary<Guid, KnownClient> _clients = [];

    /// <summary>Tells the book that the identity is this client's. The client is the book's own from now on.</summary>
    public void Know(Identity identity, KnownClient owner) => _owners[identity] = _clients.TryGetValue(owner.Id, out var known) ? known : _clients[owner.Id] = owner;

    /// <returns>Null when nobody is known by this identity.</returns>
    public KnownClient? Owner(Identity identity) => _owners.GetValueOrDefault(identity);

    /// <returns>Null when the client is not known here, or was merged into another.</returns>
    public KnownClient? Find(Guid id) => _clients.GetValueOrDefault(id);

    public IEnumerable<KnownClient> Clients => _clients.Values;

    /// <summary>The clients that claim a lead with these identities, strongest claim first. More than one: <see cref="KnownClient.Facts"/> of each is needed.</summary>
    public IReadOnlyList<KnownClient> Claimants(IReadOnlyList<Identity> identities)
    {
        List<KnownClient>? found = null;
        // A handful of identities: by strength without sorting.
        for (var kind = IdentityKind.CrmContact; kind <= IdentityKind.Visitor; kind++)
            foreach (var identity in identities)
                if (identity.Kind == kind && _owners.TryGetValue(identity, out var owner) && found?.Contains(owner) != true)
                    (found ??= []).Add(owner);
        return found ?? (IReadOnlyList<KnownClient>)[];
    }

    /// <summary>
    /// Gives the lead to a client. None known → a new client. One → that client, and the lead's other identities become its own. Several → the
    /// strongest identity wins the lead; each other claimant is merged into the winner when nothing contradicts, else listed for a person.
    /// </summary>
    /// <param name="lead">The lead; its identities exclude shared contacts.</param>
    /// <param name="duplicateWindow">How long the same form of the same client counts as the same enquiry.</param>
    /// <param name="newId">Makes the id of a new client.</param>
    public Resolution Resolve(LeadToResolve lead, TimeSpan duplicateWindow, Func<Guid> newId)
    {
        var claimants = Claimants(lead.Identities);
        var winner = claimants.Count > 0 ? claimants[0] : Make(newId());
        List<Merge>? merges = null;
        List<Doubt>? doubts = null;
        for (var i = 1; i < claimants.Count; i++)
        {
            var other = claimants[i];
            var why = MergeFacts.Contradiction(winner.Facts ?? MergeFacts.None, other.Facts ?? MergeFacts.None);
            if (why is null) (merges ??= []).Add(Join(winner, other));
            else (doubts ??= []).Add(new Doubt(winner.Id, other.Id, why));
        }
        List<Identity>? learned = null;
        foreach (var identity in lead.Identities)
            if (_owners.TryAdd(identity, winner)) (learned ??= []).Add(identity);

        var original = Original(winner, lead, duplicateWindow);
        var status = original is not null ? LeadStatus.Duplicate : winner.LeadCount > 0 ? LeadStatus.Repeat : LeadStatus.New;
        if (original is null) winner.Recent.Add(new RecentLead(lead.LeadId, lead.SiteId, lead.Form, lead.ReceivedAt));
        winner.LeadCount++;
        return new Resolution(winner.Id, claimants.Count == 0, status, original?.LeadId, learned ?? [], merges ?? [], doubts ?? []);
    }

    /// <summary>A client that nobody knew.</summary>
    internal KnownClient Make(Guid id) => _clients[id] = new KnownClient(id);

    /// <summary>Makes those of the identities that are nobody's the client's.</summary>
    internal List<Identity> Learn(KnownClient client, IEnumerable<Identity> identities) => [.. identities.Where(i => _owners.TryAdd(i, client))];

    private static RecentLead? Original(KnownClient client, LeadToResolve lead, TimeSpan window)
    {
        for (var i = client.Recent.Count - 1; i >= 0; i--)
        {
            var recent = client.Recent[i];
            if (recent.SiteId == lead.SiteId && recent.Form == lead.Form && (lead.ReceivedAt - recent.ReceivedAt).Duration() < window) return recent;
        }
        return null;
    }

    internal Merge Join(KnownClient winner, KnownClient other)
    {
        foreach (var identity in _owners.Where(o => o.Value == other).Select(o => o.Key).ToList()) _owners[identity] = winner;
        _clients.Remove(other.Id);
        winner.LeadCount += other.LeadCount;
        winner.Recent.AddRange(other.Recent);
        winner.Recent.Sort((a, b) => a.ReceivedAt.CompareTo(b.ReceivedAt));
        winner.Facts = (winner.Facts ?? MergeFacts.None).With(other.Facts ?? MergeFacts.None);
        return new Merge(winner.Id, other.Id, other.Version);
    }
}

/// <param name="LeadId">The lead's id.</param>
/// <param name="Identities">By which its client may be known, distinct.</param>
/// <param name="SiteId">The site it came from.</param>
/// <param name="Form">The form: its id, else its name, else empty.</param>
/// <param name="ReceivedAt">When it came.</param>
public sealed record LeadToResolve(Guid LeadId, IReadOnlyList<Identity> Identities, Guid SiteId, string Form, DateTimeOffset ReceivedAt);

public enum LeadStatus { New, Repeat, Duplicate, Spam, Test }

/// <param name="ClientId">Whose lead it is.</param>
/// <param name="IsNewClient">The client was made for this lead.</param>
/// <param name="Status">New, repeat or duplicate.</param>
/// <param name="DuplicateOf">The lead that this one repeats within the window.</param>
/// <param name="Learned">Identities that become the client's.</param>
/// <param name="Merges">Clients joined into this one.</param>
/// <param name="Doubts">Clients that look the same but contradict.</param>
public sealed record Resolution(Guid ClientId, bool IsNewClient, LeadStatus Status, Guid? DuplicateOf,
    IReadOnlyList<Identity> Learned, IReadOnlyList<Merge> Merges, IReadOnlyList<Doubt> Doubts);

/// <param name="KeptId">Who stays.</param>
/// <param name="MergedId">Who is joined into it.</param>
/// <param name="MergedVersion">The joined row's version as read; null when it was made in this batch.</param>
public sealed record Merge(Guid KeptId, Guid MergedId, int? MergedVersion);

/// <param name="ClientA">Who got the lead.</param>
/// <param name="ClientB">Who else claims it.</param>
/// <param name="Why">What contradicts that they are one.</param>
public sealed record Doubt(Guid ClientA, Guid ClientB, string Why);
