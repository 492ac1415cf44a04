using System.Collections.Frozen;
using System.Text;

namespace LeadIngest.Core.Passports;

/// <summary>
/// Finds advertising macros that nobody substituted: <c>{keyword}</c>, <c>{{ad.id}}</c>, <c>${campaign}</c>,
/// <c>__CAMPAIGN__</c>, <c>[CAMPAIGN]</c>, <c>&lt;campaign&gt;</c>, <c>%campaign%</c>.
/// </summary>
/// <remarks>
/// Braces and double underscores are cut out of a longer value; the other signs are ordinary in campaign names
/// («[Поиск] Москва»), so they count only when they hold the whole value and a known or upper-case name.
/// </remarks>
internal static class Macros
{
    private const int LongestName = 64;

    /// <summary>True when the whole text is <c>%name%</c> with a known name. Asked before decoding: <c>%ca</c> is a valid byte.</summary>
    internal static bool IsPercentMacro(ReadOnlySpan<char> text, FrozenSet<string> known) =>
        text.Length > 2 && text[0] == '%' && text[^1] == '%' && IsKnown(text[1..^1], known);

    /// <summary>The text without macros; <c>""</c> when it was nothing else. Returns the same string when there are none.</summary>
    internal static string Strip(string text, FrozenSet<string> known)
    {
        var span = text.AsSpan().Trim();
        if (span.Length < 3)
            return text;
        if (IsPercentMacro(span, known))
            return "";
        if (((span[0] == '[' && span[^1] == ']') || (span[0] == '<' && span[^1] == '>'))
            && (IsKnown(span[1..^1], known) || (span[0] == '[' && IsUpperName(span[1..^1]))))
            return "";
        return span.Contains('{') || span.Contains("__", StringComparison.Ordinal) ? Cut(text) : text;
    }

    private static string Cut(string text)
    {
        var rest = new StringBuilder(text.Length);
        var cutAtStart = false;
        var cutAtEnd = false;
        for (var at = 0; at < text.Length;)
        {
            var length = MacroLength(text, at);
            if (length == 0)
            {
                rest.Append(text[at++]);
                cutAtEnd = false;
                continue;
            }
            cutAtStart |= rest.Length == 0;
            cutAtEnd = true;
            at += length;
        }
        if (rest.Length == text.Length)
            return text;
        // Separators that only joined the macro to the rest go with it; those at an untouched end stay.
        const string Separators = "_-|:;,./ ";
        var left = rest.ToString();
        if (cutAtEnd)
            left = left.AsSpan().TrimEnd(Separators).ToString();
        return cutAtStart ? left.AsSpan().TrimStart(Separators).ToString() : left;
    }

    private static int MacroLength(string text, int at)
    {
        var span = text.AsSpan(at);
        if (span[0] == '_' && (at == 0 || !IsWord(text[at - 1])))
            return UnderscoredLength(span);
        var sign = span[0] == '$' ? 1 : 0;
        if (span.Length < sign + 3 || span[sign] != '{')
            return 0;
        var braces = span[sign + 1] == '{' ? 2 : 1;
        var name = span[(sign + braces)..];
        // A window of bounded length: a value of braces only must not cost a search to its end for each of them.
        name = name[..Math.Min(name.Length, LongestName + braces)];
        var end = name.IndexOf('}');
        if (end <= 0 || name.Length < end + braces || (braces == 2 && name[end + 1] != '}') || !IsMacroName(name[..end].Trim()))
            return 0;
        return sign + braces + end + braces;
    }

    private static int UnderscoredLength(ReadOnlySpan<char> span)
    {
        if (span.Length < 5 || span[1] != '_' || !char.IsAsciiLetterUpper(span[2]))
            return 0;
        var end = span[2..Math.Min(span.Length, LongestName + 4)].IndexOf("__", StringComparison.Ordinal);
        if (end <= 0 || !IsUpperName(span.Slice(2, end)))
            return 0;
        var length = end + 4;
        return length == span.Length || !IsWord(span[length]) ? length : 0;
    }

    // A colon introduces a default text: {keyword:окна}. Quotes and braces mean JSON or a template, not a macro.
    private static bool IsMacroName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !(char.IsLetter(name[0]) || name[0] == '_'))
            return false;
        foreach (var c in name)
            if (c is '"' or '\'' or '{' or '<' or '>' or '=' || char.IsControl(c))
                return false;
        return true;
    }

    private static bool IsUpperName(ReadOnlySpan<char> name)
    {
        if (name.Length < 2 || !char.IsAsciiLetterUpper(name[0]))
            return false;
        foreach (var c in name)
            if (!(char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
                return false;
        return true;
    }

    private static bool IsKnown(ReadOnlySpan<char> name, FrozenSet<string> known) =>
        name.Length <= LongestName && known.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
