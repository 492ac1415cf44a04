namespace LeadIngest.Core.Identities;

/// <summary>A person's name as a form gives it.</summary>
public static class PersonName
{
    /// <summary>In UTF-16 units. amoCRM and Bitrix24 both hold more; longer "names" are pasted texts.</summary>
    public const int MaxLength = 200;

    /// <summary>One line, spaces collapsed, invisible characters out. The letters' case stays as typed: a name is not ours to spell.</summary>
    /// <returns>Null when nothing is left.</returns>
    public static string? Clean(string? text) => Text.CleanLine(text, MaxLength);

    /// <summary>One name of its parts, in the order given; empty parts are passed over.</summary>
    public static string? Join(params ReadOnlySpan<string?> parts)
    {
        var kept = new List<string>();
        foreach (var part in parts)
            if (Clean(part) is { } clean)
                kept.Add(clean);
        return Clean(string.Join(' ', kept));
    }
}
