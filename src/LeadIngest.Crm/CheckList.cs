namespace LeadIngest.Crm;

/// <summary>Gathers what a check found.</summary>
internal sealed class CheckList
{
    private readonly List<CheckItem> _items = [];

    public void Good(string name, string message, bool repaired = false) => _items.Add(new CheckItem(name, CheckItem.Good, message, repaired));

    public void Warn(string name, string message) => _items.Add(new CheckItem(name, CheckItem.Warning, message));

    public void Fail(string name, string message) => _items.Add(new CheckItem(name, CheckItem.Failed, message));

    /// <summary>The sentence about our own fields.</summary>
    /// <param name="before">Those missing when the check began.</param>
    /// <param name="missing">Those missing now.</param>
    /// <param name="tried">Whether the check was asked to make them.</param>
    /// <param name="reason">What mostly prevents it.</param>
    public void Fields(string[] before, string[] missing, bool tried, string reason)
    {
        var names = string.Join(", ", missing.Select(m => $"«{m}»"));
        if (missing.Length == 0)
        {
            Good("fields", before.Length == 0 ? "The lead's own fields are in place." : "The lead's own fields were made.", before.Length > 0);
        }
        else if (tried)
        {
            Warn("fields", $"The fields {names} could not be made ({reason}): their values go into the comment instead.");
        }
        else
        {
            Warn("fields", $"The fields {names} are missing. Ask for a repair and they are made, read-only for people.");
        }
    }

    public AccountCheck Result(IEnumerable<KeyValuePair<string, string>> fields) => new(_items, fields.ToDictionary());
}
