namespace LeadIngest.Core.Passports;

/// <summary>Cyrillic and full-width letters that look like Latin ones. For matching only: values are shown as they came.</summary>
internal static class LookAlikes
{
    private const string Cyrillic = "асеорхуіѕјкмтвн";
    private const string Latin = "aceopxyisjkmtbh";

    /// <summary>The Latin letter that a lower-case letter looks like, else the letter itself.</summary>
    internal static char ToLatin(char c)
    {
        if (c is >= '\uFF01' and <= '\uFF5E')
            return char.ToLowerInvariant((char)(c - 0xFEE0));
        var at = c < 0x400 ? -1 : Cyrillic.IndexOf(c, StringComparison.Ordinal);
        return at < 0 ? c : Latin[at];
    }

    /// <summary>True when folding made the text all ASCII, and it was not before.</summary>
    internal static bool TryFold(ReadOnlySpan<char> text, out string folded)
    {
        folded = "";
        if (text.Length > 64 || !text.ContainsAnyExceptInRange('\0', '\x7F'))
            return false;
        Span<char> latin = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            latin[i] = ToLatin(char.ToLowerInvariant(text[i]));
            if (latin[i] > '\x7F')
                return false;
        }
        folded = latin.ToString();
        return true;
    }
}
