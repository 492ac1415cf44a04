namespace LeadIngest.Crm;

/// <summary>Reads what the settings of a connection choose from. No method throws for what a CRM says; cancellation by the caller's token does throw.</summary>
public interface IDirectoryReader
{
    /// <summary>All of it, in a few requests: for a person who waits, and to be kept for a while.</summary>
    Task<DirectoriesRead> ReadAsync(ICallGuard guard, CancellationToken ct);
}

/// <summary>The names behind the ids that settings hold. A list is null when these credentials may not see it.</summary>
public sealed record AccountDirectories
{
    public required IReadOnlyList<RemotePipeline> Pipelines { get; init; }

    public IReadOnlyList<RemoteUser>? Users { get; init; }

    /// <summary>Fields that the business or an integration has added, and amoCRM's own tracking fields; in the CRM's order.</summary>
    public IReadOnlyList<RemoteField>? Fields { get; init; }

    /// <summary>Lists that are null and why, for people: <c>users</c>, <c>fields</c>.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();
}

/// <param name="Of">Whose field it is: <c>deal</c>, <c>lead</c> (Bitrix24) or <c>contact</c>.</param>
/// <param name="Key">As rules name it: amoCRM's code, else its id; <c>UF_CRM_…</c>.</param>
/// <param name="Id">amoCRM's id. Bitrix24: the same as the key.</param>
/// <param name="Name">For people.</param>
/// <param name="Type">What may stand in it: <c>text</c>, <c>number</c>, <c>flag</c>, <c>date</c>, <c>moment</c>, <c>link</c>, <c>choice</c>, or <c>other</c>: nothing that a text could fill.</param>
/// <param name="CrmType">The CRM's own word for it.</param>
public sealed record RemoteField(string Of, string Key, string Id, string Name, string Type, string CrmType)
{
    public bool IsMultiple { get; init; }

    /// <summary>Of a choice, in the CRM's order.</summary>
    public IReadOnlyList<RemoteChoice> Choices { get; init; } = [];
}

/// <param name="Value">What a template has to come out as: amoCRM takes the words, Bitrix24 the id.</param>
/// <param name="Name">For people.</param>
public sealed record RemoteChoice(string Value, string Name);

/// <summary>How a reading of directories ended.</summary>
public abstract record DirectoriesRead
{
    private DirectoriesRead() { }

    public sealed record Found(AccountDirectories Directories) : DirectoriesRead;

    /// <summary>Not now: to be tried again, not before <paramref name="After"/> when it is given.</summary>
    public sealed record Failed(string Why, TimeSpan? After = null) : DirectoriesRead;

    /// <summary>The credentials do not work, the account is blocked, unpaid or gone, or the right to it is missing: a person has to act.</summary>
    public sealed record Refused(string Why) : DirectoriesRead;
}
