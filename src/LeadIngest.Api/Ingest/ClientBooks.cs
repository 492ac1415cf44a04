using LeadIngest.Core.Clients;

namespace LeadIngest.Api.Ingest;

/// <summary>Makes the book of a batch from what was read and from what the batch before it, which that read may not have seen, has changed.</summary>
internal static class ClientBooks
{
    public static ClientBook Open(IReadOnlyList<IngestItem> items, Knowledge known, BatchPlan? previous)
    {
        var book = new ClientBook();
        var merged = previous?.Merges.Count > 0 ? previous.Merges.ToDictionary(m => m.Merge.MergedId, m => m.Merge.KeptId) : null;
        foreach (var item in items)
        {
            if (item is not LeadItem lead) continue;
            foreach (var identity in lead.Identities)
            {
                // Only what this batch asks about: a book never grows with the batches before it.
                if (previous?.Book.Owner(identity) is { } recent) book.Know(identity, Newest(recent, known));
                else if (known.Owners.TryGetValue(identity, out var id)) book.Know(identity, Client(Root(id, merged), known, previous));
            }
        }
        return book;
    }

    /// <summary>Brings the versions in the plan's book to what the commit made them.</summary>
    public static void Committed(BatchPlan plan)
    {
        foreach (var row in plan.NewClients)
            if (plan.Book.Find(row.Id) is { } made) made.Version = 0;
        foreach (var id in plan.Touched.Keys)
            if (plan.Book.Find(id) is { Version: { } version } touched) touched.Version = version + 1;
        foreach (var client in plan.Book.Clients) client.Facts = null;
    }

    private static KnownClient Client(Guid id, Knowledge known, BatchPlan? previous) =>
        previous?.Book.Find(id) is { } recent ? Newest(recent, known) : known.Clients.GetValueOrDefault(id) ?? new KnownClient(id);

    /// <summary>The read wins only when it saw a later commit, another node's, than the batch before.</summary>
    private static KnownClient Newest(KnownClient recent, Knowledge known) =>
        known.Clients.TryGetValue(recent.Id, out var read) && read.Version > recent.Version ? read : recent;

    private static Guid Root(Guid client, Dictionary<Guid, Guid>? merged)
    {
        while (merged is not null && merged.TryGetValue(client, out var kept)) client = kept;
        return client;
    }
}
