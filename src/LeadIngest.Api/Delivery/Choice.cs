namespace LeadIngest.Api.Delivery;

/// <summary>What may go now.</summary>
/// <param name="Batch">Rows of one call.</param>
/// <param name="Calls">How many more calls may begin.</param>
/// <param name="IsAlone">False while earlier calls of the account are in the air: then only full ones may begin, so that a trickle of leads gathers meanwhile instead
/// of spending a call each, and nothing that must go alone.</param>
internal readonly record struct Room(int Batch, int Calls = 1, bool IsAlone = true);

/// <summary>What becomes of the due rows of one connection: pure rules, no I/O. Members are in the order of the rows' ids.</summary>
internal sealed record Choice
{
    /// <summary>Go now: one call after the other is filled, and no client is in two of them.</summary>
    public List<DueDelivery> Send { get; } = [];

    /// <summary>Rest behind an earlier row of their client.</summary>
    public List<DueDelivery> Park { get; } = [];

    /// <summary>Notes and calls' entries whose deal is not there: they wait for the parent and hold nobody back.</summary>
    public List<DueDelivery> Wait { get; } = [];

    /// <summary>Put aside for a person, with the reason.</summary>
    public List<(DueDelivery Row, string Reason)> Dead { get; } = [];

    /// <summary>True when anything left the queue without being sent: the next rows may be looked at at once.</summary>
    public bool Moved => Park.Count + Wait.Count + Dead.Count > 0;

    /// <summary>True when what goes must have the account to itself.</summary>
    public bool IsSuspect => Send is [{ IsSuspect: true }];

    public static Choice Of(IEnumerable<DueDelivery> due, int maxBatch, DeliveryOptions options) => Of(due, new Room(maxBatch), options);

    public static Choice Of(IEnumerable<DueDelivery> due, Room room, DeliveryOptions options)
    {
        var choice = new Choice();
        var rows = due.OrderBy(r => r.Id).ToList();
        var present = rows.Select(r => r.Id).ToHashSet();
        var taken = new Dictionary<Guid, (DueDelivery Row, int Call)>();
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
            else if (!choice.HasPlace(row, room.Batch * room.Calls) || (taken.TryGetValue(row.ClientId, out var before) && (!row.MayFollow(before.Row) || before.Call != choice.NextCall(room))))
                held.Add(row.ClientId);
            else
            {
                taken[row.ClientId] = (row, choice.NextCall(room));
                choice.Send.Add(row);
            }
        }
        if (!room.IsAlone)
        {
            var full = choice.IsSuspect ? 0 : choice.NextCall(room) * room.Batch;
            choice.Send.RemoveRange(full, choice.Send.Count - full);
        }
        return choice;
    }

    private int NextCall(Room room) => Send.Count / room.Batch;

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
