namespace LeadIngest.Crm;

/// <param name="Repair">Make the fields that are missing.</param>
/// <param name="EventsAddress">What the addresses of our own doors for this CRM's events begin with; null when they are not to be looked at.</param>
public sealed record CheckRequest(bool Repair = false, string? EventsAddress = null);

/// <summary>What a look at an account found.</summary>
/// <param name="Items">In the order looked at.</param>
/// <param name="Fields">Our own fields that are there: part of the passport to the CRM's stable code of the field.</param>
public sealed record AccountCheck(IReadOnlyList<CheckItem> Items, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>True when leads can be delivered now.</summary>
    public bool Ok => Items.All(i => i.State != CheckItem.Failed);

    /// <summary>The items' sentences; problems first.</summary>
    public IEnumerable<string> Findings => Items.OrderBy(i => i.State switch { CheckItem.Failed => 0, CheckItem.Warning => 1, _ => 2 }).Select(i => i.Message);

    internal AccountCheck Masked(Func<string, string> mask) => this with { Items = [.. Items.Select(i => i with { Message = mask(i.Message) })] };
}

/// <param name="Name">What was looked at: <c>credentials</c>, <c>rights</c>, <c>fields</c>…</param>
/// <param name="State"><c>ok</c>, <c>warning</c> (leads arrive, something is worse than it could be) or <c>failed</c> (leads do not arrive as they should).</param>
/// <param name="Message">For people.</param>
/// <param name="Repaired">True when this check put it right.</param>
public sealed record CheckItem(string Name, string State, string Message, bool Repaired = false)
{
    public const string Good = "ok", Warning = "warning", Failed = "failed";
}
