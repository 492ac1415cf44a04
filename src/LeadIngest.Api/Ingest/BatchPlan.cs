using LeadIngest.Core;
using LeadIngest.Core.Clients;

namespace LeadIngest.Api.Ingest;

/// <summary>Everything that one transaction will write, decided before it starts: rows only, no more rules.</summary>
internal sealed class BatchPlan
{
    public required Guid ProjectId { get; init; }
    public required ClientBook Book { get; init; }
    public List<LeadRow> Leads { get; } = [];
    public List<RejectItem> Rejects { get; } = [];
    public List<Guid> RejectIds { get; } = [];
    public List<ClientRow> NewClients { get; } = [];
    public List<(Identity Identity, Guid ClientId)> NewIdentities { get; } = [];
    public List<DeliveryRow> Deliveries { get; } = [];

    /// <summary>Among <see cref="Leads"/>: those whose row is there already.</summary>
    public List<LeadRow> Released { get; } = [];

    /// <summary>Deliveries of released leads: only where the lead has none yet.</summary>
    public List<DeliveryRow> ReleasedDeliveries { get; } = [];

    /// <summary>Known clients that got leads or identities; written only if their version is still the one read.</summary>
    public Dictionary<Guid, TouchedClient> Touched { get; } = [];

    public List<MergeRow> Merges { get; } = [];
    public List<(Doubt Doubt, Guid Id, Guid LeadId)> Doubts { get; } = [];
    public List<(IdempotencyClaim Claim, Guid SiteId, int Status, string Answer)> Keys { get; } = [];

    /// <summary>Items with the answers they get once the plan is committed.</summary>
    public List<(IngestItem Item, IngestResult Result)> Answers { get; } = [];

    /// <summary>Items that need no writing: their key was seen before.</summary>
    public List<(IngestItem Item, IngestResult Result)> Settled { get; } = [];

    public bool WakesDelivery => Deliveries.Count > 0 || ReleasedDeliveries.Count > 0;

    public bool IsEmpty => Answers.Count == 0;
}

internal readonly record struct LeadRow(LeadItem Item, Guid Id, Guid? ClientId, LeadStatus Status, Guid? DuplicateOf);

internal readonly record struct ClientRow(Guid Id, Guid FirstLeadId, string? Name);

/// <param name="Merge">Who is joined into whom.</param>
/// <param name="Id">Its own: one lead may cause several.</param>
/// <param name="LeadId">The lead that carried identities of both.</param>
/// <param name="Leads">Leads that the joined client got earlier in this batch and that its row does not count.</param>
internal readonly record struct MergeRow(Merge Merge, Guid Id, Guid LeadId, int Leads);

internal readonly record struct DeliveryRow(Guid Id, Guid LeadId, Guid ConnectionId, Guid ClientId, string Kind, DateTimeOffset? After);

internal sealed class TouchedClient
{
    public required int Version { get; init; }
    public int Leads { get; set; }
    public DateTimeOffset LastLeadAt { get; set; }

    /// <summary>The first of its leads in this batch; the client's first of all when it was known from a CRM only.</summary>
    public Guid? FirstLeadId { get; set; }

    /// <summary>What that lead calls it.</summary>
    public string? Name { get; set; }
}

/// <summary>Turns a batch and what is known into a plan, lead by lead in the order of arrival.</summary>
internal sealed class BatchPlanner(OrderedIds ids)
{
    /// <param name="items">Of one project, in the order of arrival.</param>
    /// <param name="book">What is known of their clients.</param>
    /// <param name="known">Answers given before to their idempotency keys, and rejects that became leads before.</param>
    /// <param name="loadFacts">Loads <see cref="KnownClient.Facts"/> of clients that claim one lead together.</param>
    public async Task<BatchPlan> PlanAsync(IReadOnlyList<IngestItem> items, ClientBook book, Knowledge known,
        Func<IReadOnlyList<KnownClient>, Task> loadFacts)
    {
        var plan = new BatchPlan { ProjectId = items[0].Site.ProjectId, Book = book };
        HashSet<Guid>? replayed = null, released = null;
        var twins = new Dictionary<(Guid Site, string Path, string Key), (byte[] Hash, IngestResult Result)>();
        foreach (var item in items)
        {
            if (item.Idempotency is { } claim)
            {
                var key = (item.Site.SiteId, claim.Path, claim.Key);
                if (known.Answers.TryGetValue(key, out var saved) || (claim.OrKey is { } other && known.Answers.TryGetValue((item.Site.SiteId, claim.Path, other), out saved)))
                {
                    plan.Settled.Add((item, saved.BodyHash.AsSpan().SequenceEqual(claim.BodyHash)
                        ? new IngestResult.Seen(saved.Status, saved.Answer) : new IngestResult.KeyReused()));
                    continue;
                }
                if (twins.TryGetValue(key, out var twin))
                {
                    plan.Answers.Add((item, twin.Hash.AsSpan().SequenceEqual(claim.BodyHash) ? twin.Result : new IngestResult.KeyReused()));
                    continue;
                }
            }
            if (item is LeadItem { Replays: { } reject })
            {
                if (known.Replayed.Contains(reject))
                {
                    plan.Settled.Add((item, new IngestResult.AlreadyReplayed()));
                    continue;
                }
                if (!(replayed ??= []).Add(reject))
                {
                    plan.Answers.Add((item, new IngestResult.AlreadyReplayed()));
                    continue;
                }
            }
            if (item is LeadItem { Releases: true, Id: { } junk })
            {
                if (known.Released.Contains(junk))
                {
                    plan.Settled.Add((item, new IngestResult.AlreadyReleased()));
                    continue;
                }
                if (!(released ??= []).Add(junk))
                {
                    plan.Answers.Add((item, new IngestResult.AlreadyReleased()));
                    continue;
                }
            }
            var result = item switch
            {
                LeadItem lead => await AddLeadAsync(plan, lead, loadFacts),
                RejectItem kept => AddReject(plan, kept),
                _ => throw new InvalidOperationException($"Unknown item {item.GetType().Name}."),
            };
            plan.Answers.Add((item, result));
            if (item.Idempotency is { } used)
            {
                var (status, answer) = item is RejectItem r ? (r.Status, r.Answer) : (202, Answer(result));
                plan.Keys.Add((used, item.Site.SiteId, status, answer));
                twins[(item.Site.SiteId, used.Path, used.Key)] = (used.BodyHash, item is RejectItem ? new IngestResult.Seen(status, answer) : result);
            }
        }
        return plan;
    }

    /// <summary>The public answer to a stored lead, which tells nothing else.</summary>
    public static string Answer(IngestResult result) => $$"""{"leadId":"{{((IngestResult.Stored)result).Id}}"}""";

    private async Task<IngestResult> AddLeadAsync(BatchPlan plan, LeadItem item, Func<IReadOnlyList<KnownClient>, Task> loadFacts)
    {
        var id = item.Id ?? ids.Next();
        var stored = new IngestResult.Stored(id);
        if (item.FixedStatus is { } status)
        {
            plan.Leads.Add(new LeadRow(item, id, null, status, null));
            return stored;
        }
        var claimants = plan.Book.Claimants(item.Identities);
        if (claimants.Count > 1) await loadFacts(claimants);
        var resolution = plan.Book.Resolve(new LeadToResolve(id, item.Identities, item.Site.SiteId, item.Form, item.ReceivedAt), item.Site.DuplicateWindow, ids.Next);
        var client = plan.Book.Find(resolution.ClientId)!;
        if (resolution.IsNewClient)
            plan.NewClients.Add(new ClientRow(client.Id, id, item.Name));
        else if (client.Version is { } version) Touch(plan, client.Id, version).Leads++;
        if (plan.Touched.TryGetValue(client.Id, out var touched)) (touched.LastLeadAt, touched.FirstLeadId, touched.Name) = (item.ReceivedAt, touched.FirstLeadId ?? id, touched.Name ?? item.Name);
        foreach (var identity in resolution.Learned) plan.NewIdentities.Add((identity, client.Id));
        foreach (var merge in resolution.Merges)
        {
            if (client.Version is { } v) Touch(plan, client.Id, v);
            // The merge itself checks the version of the joined row, which therefore must not be touched any more.
            var uncounted = plan.Touched.Remove(merge.MergedId, out var joined) ? joined.Leads : 0;
            plan.Merges.Add(new MergeRow(merge, ids.Next(), id, uncounted));
        }
        foreach (var doubt in resolution.Doubts) plan.Doubts.Add((doubt, ids.Next(), id));
        var row = new LeadRow(item, id, client.Id, resolution.Status, resolution.DuplicateOf);
        plan.Leads.Add(row);
        if (item.Releases) plan.Released.Add(row);
        var deliveries = item.Releases ? plan.ReleasedDeliveries : plan.Deliveries;
        var kind = resolution.Status == LeadStatus.Duplicate || (resolution.Status == LeadStatus.Repeat && item.Site.RepeatPolicy is "note" or "note_task") ? "note" : "deal";
        foreach (var connection in item.Site.Connections) deliveries.Add(new DeliveryRow(ids.Next(), id, connection, client.Id, kind, item.DeliverAfter));
        return stored;
    }

    private static TouchedClient Touch(BatchPlan plan, Guid clientId, int version)
    {
        if (!plan.Touched.TryGetValue(clientId, out var touched)) plan.Touched[clientId] = touched = new TouchedClient { Version = version };
        return touched;
    }

    private IngestResult.Stored AddReject(BatchPlan plan, RejectItem item)
    {
        var id = ids.Next();
        plan.Rejects.Add(item);
        plan.RejectIds.Add(id);
        return new IngestResult.Stored(id);
    }
}
