namespace LeadIngest.Api.Delivery;

/// <summary>What becomes of the due rows of one connection: pure rules, no I/O. Members are in the order of the rows' ids.</summary>
internal sealed record Choice
{
    /// <summary>Go now, together, in one batch.</summary>
    public List<DueDelivery> Send { get; } = [];

    /// <summary>Rest behind an earlier row of their client.</summary>
    public List<DueDelivery> Park { get; } = [];

    /// <summary>Notes and calls' entries whose deal is not there: they wait for the parent and hold nobody back.</summary>
    public List<DueDelivery> Wait { get; } = [];

    /// <summary>Put aside for a person, with the reason.</summary>
    public List<(DueDelivery Row, string Reason)> Dead { get; } = [];

    /// <summary>True when anything left the queue without being sent: the next rows may be looked at at once.</summary>
    public bool Moved => Park.Count + Wait.Count + Dead.Count > 0;

    public static Choice Of(IEnumerable<DueDelivery> due, int maxBatch, DeliveryOptions options)
    {
        var choice = new Choice();
        var rows = due.OrderBy(r => r.Id).ToList();
        var present = rows.Select(r => r.Id).ToHashSet();
        var taken = new Dictionary<Guid, DueDelivery>();
        var held = new HashSet<Guid>();
        foreach (var row in rows)
        {
            if (row.Blocked || (row.BehindCall && !row.IsFree))
            {
                choice.Park.Add(row);
                held.Add(row.ClientId);
            }
            // A row of the client before this one stays behind: so does this one, and comes back in the next round.
            else if (held.Contains(row.ClientId)) continue;
            else if (Guard(row, options) is { } reason) choice.Dead.Add((row, reason));
            else if (row.LacksDeal && row.ParentId < row.Id && present.Contains(row.ParentId.Value)) held.Add(row.ClientId); // the parent is about to go
            else if (row.LacksDeal) choice.Wait.Add(row);
            else if (!choice.HasPlace(row, maxBatch) || (taken.TryGetValue(row.ClientId, out var before) && !row.MayFollow(before))) held.Add(row.ClientId);
            else
            {
                choice.Send.Add(row);
                taken[row.ClientId] = row;
            }
        }
        return choice;
    }

    // A row whose last claim ended without an outcome, or whose sendings were never answered, may be the one that kills the worker: it goes alone, its neighbours are not to share its fate.
    private bool HasPlace(DueDelivery row, int maxBatch) =>
        Send.Count == 0 || (Send.Count < maxBatch && !row.IsSuspect && !Send[0].IsSuspect);

    private static string? Guard(DueDelivery row, DeliveryOptions options)
    {
        if (row.CrashClaims >= options.MaxCrashClaims)
            return $"Put aside: {row.CrashClaims} attempts in a row ended without an outcome; this lead may be what stops the worker.";
        if (row.RecentSends >= options.MaxSendsPerMinute) return $"Stopped: sent {row.RecentSends} times within a minute.";
        return row.Attempts >= options.MaxSends ? $"Stopped: sent {row.Attempts} times." : null;
    }
}
