namespace LeadIngest.Crm.Amocrm;

/// <summary>A path that takes a list of items, and how its answer names what it made.</summary>
/// <param name="Path">Below <c>api/v4/</c>.</param>
/// <param name="Rows">The list in the answer.</param>
/// <param name="Step">The step that is done by it.</param>
internal sealed record AmocrmDoor(string Path, string Rows, string Step)
{
    public static readonly AmocrmDoor Leads = new("leads", "leads", Crm.Step.Deal);
    public static readonly AmocrmDoor Complex = new("leads/complex", "leads", Crm.Step.Deal);
    public static readonly AmocrmDoor Notes = new("leads/notes", "notes", Crm.Step.Note);

    /// <summary>Notes of calls, one for all leads of a batch.</summary>
    public static readonly AmocrmDoor Calls = new("leads/notes", "notes", Crm.Step.Call);

    /// <summary>Notes of calls whose deals were deleted.</summary>
    public static readonly AmocrmDoor ContactCalls = new("contacts/notes", "notes", Crm.Step.Call);

    /// <summary>Tasks in the cards, all of a batch in one request.</summary>
    public static readonly AmocrmDoor Tasks = new("tasks", "tasks", Crm.Step.Task);

    /// <summary>Incoming leads (Неразобранное) that are calls.</summary>
    public static readonly AmocrmDoor Incoming = new("leads/unsorted/sip", "unsorted", Crm.Step.Deal);
}
