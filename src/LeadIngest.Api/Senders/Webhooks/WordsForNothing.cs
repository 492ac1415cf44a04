namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>What systems write where they have nothing to say.</summary>
internal static class WordsForNothing
{
    private const int LongestMacro = 80;
    private const int LongestWord = 24;

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "<не указано>", "<не заполнено>", "<не определено>",
        "(not set)", "(none)", "(not provided)", "not set", "null", "(null)", "undefined", "none", "nil", "nan", "n/a", "-", "—",
        "[object object]",
    };

    /// <summary>Empty, a provider's word for it, or a macro that nobody filled in.</summary>
    public static bool IsNothing(string? value)
    {
        var text = value.AsSpan().Trim();
        return text.IsEmpty || (text.Length <= LongestWord && Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text)) || IsMacro(text);
    }

    /// <summary><c>{callerphone}</c>, <c>{{call_session_id}}</c>, <c>${phone}</c>, <c>%phone%</c>: a name in signs, and nothing else.</summary>
    public static bool IsMacro(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length is < 3 or > LongestMacro) return false;
        if (value[0] == '$' && value[1] == '{') value = value[1..];
        if (value[0] == '{' && value[^1] == '}') value = value.Trim("{}");
        else if (value[0] == '%' && value[^1] == '%') value = value[1..^1];
        else return false;
        value = value.Trim();
        if (value.IsEmpty || !(char.IsLetter(value[0]) || value[0] == '_')) return false;
        foreach (var c in value)
            if (!(char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or ' ')) return false;
        return true;
    }
}
